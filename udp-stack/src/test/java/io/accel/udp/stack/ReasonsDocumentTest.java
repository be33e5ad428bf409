package io.accel.udp.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.DropCause;
import io.accel.core.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReasonsDocumentTest {
    /** Writes docs/reasons.md anew when run with -Daccel.test.docs=write. */
    @Test
    void documentIsUpToDate() throws Exception {
        final Path file = Path.of(System.getProperty("basedir", "."), "..", "docs", "reasons.md").normalize();
        if ("write".equals(System.getProperty("accel.test.docs"))) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, ReasonsDocument.markdown());
        }
        assertThat(file).as("run this test with -Daccel.test.docs=write").hasContent(ReasonsDocument.markdown());
    }

    @Test
    void everyReasonIsThereOnce() {
        assertThat(Reason.values()).allSatisfy(reason -> assertThat(ReasonsDocument.markdown()).containsOnlyOnce("| `" + reason + "` |"));
    }

    @Test
    void everyDropCauseIsThereOnceWithItsLayer() {
        assertThat(DropCause.values()).allSatisfy(cause -> assertThat(ReasonsDocument.markdown())
            .containsOnlyOnce("| `" + cause + "` | ").containsPattern("(?i)\\| `" + cause + "` \\| " + cause.layer() + " \\|"));
    }
}
