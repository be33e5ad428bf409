package io.accel.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void allAreListed() throws Exception {
        final List<Object> declared = new ArrayList<>();
        for (final var field : Options.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == Option.class) {
                declared.add(field.get(null));
            }
        }
        assertThat(new ArrayList<Object>(Options.all())).containsExactlyInAnyOrderElementsOf(declared);
        assertThat(Options.all().stream().map(Option::property)).doesNotHaveDuplicates();
        assertThat(Options.XDP_MODE.variable()).isEqualTo("ACCEL_AFXDP_MODE");
    }

    /** Writes docs/options.md anew when run with -Daccel.test.docs=write. */
    @Test
    void documentIsUpToDate() throws Exception {
        final Path file = Path.of(System.getProperty("basedir", "."), "..", "docs", "options.md").normalize();
        if ("write".equals(System.getProperty("accel.test.docs"))) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, OptionsDocument.markdown());
        }
        assertThat(file).as("run this test with -Daccel.test.docs=write").hasContent(OptionsDocument.markdown());
    }
}
