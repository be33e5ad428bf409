package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The JDK's own users of Selector.open() under our provider, in a JVM of their own. */
@Tag("contract")
class HttpTest {
    @Test
    void serverAndClientRunWhileDatagramsFlow() throws Exception {
        try (ChildJvm child = ChildJvm.start(HttpChild.class, List.of(), new String[0])) {
            final String line = child.line();
            assertThat(line).startsWith("datagrams ");
            assertThat(Long.parseLong(line.substring(10))).isGreaterThan(1000);
            assertThat(child.exitCode()).isZero();
        }
    }
}
