package io.accel.tools.stackdump;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.vi.NicEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CountersDocumentTest {
    /** Writes docs/counters.md anew when run with -Daccel.test.docs=write. */
    @Test
    void documentIsUpToDate() throws Exception {
        final Path file = Path.of(System.getProperty("basedir", "."), "..", "docs", "counters.md").normalize();
        if ("write".equals(System.getProperty("accel.test.docs"))) {
            Files.writeString(file, CountersDocument.markdown());
        }
        assertThat(file).as("run this test with -Daccel.test.docs=write").hasContent(CountersDocument.markdown());
    }

    @Test
    void whatThePageNamesIsDescribed() {
        assertThat(Counter.OF_CHANNELS).allSatisfy((name, text) -> assertThat(Counter.describe("udp " + name)).isEqualTo(text));
        assertThat(Counter.OF_INTERFACES).allSatisfy((name, text) -> assertThat(Counter.describe("vi lo " + name)).isEqualTo(text));
        assertThat(NicEvent.values()).allSatisfy(each -> assertThat(Counter.describe("vi va event " + each)).isEqualTo(each.text()));
        assertThat(Counter.describe("udp kernel NO_ROUTE")).startsWith("datagrams that went through the kernel, or were refused by it: ");
        assertThat(Counter.describe("vi va drop BAD_CHECKSUM")).startsWith("dropped: ");
    }
}
