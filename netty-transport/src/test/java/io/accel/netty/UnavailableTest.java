package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.Reason;
import io.accel.core.UnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In a JVM of its own: whether the transport is available is found once. */
class UnavailableTest {
    static final class Child {
        private Child() {
        }

        public static void main(String[] args) {
            final UnavailableException cause = (UnavailableException) Accel.unavailabilityCause();
            System.out.println(Accel.isAvailable() + " " + cause.reason());
            try {
                AccelIoHandler.newFactory();
            } catch (final UnsatisfiedLinkError e) {
                System.out.println("factory " + (e.getCause() == cause));
            }
            try {
                new AccelDatagramChannel();
            } catch (final UnsatisfiedLinkError e) {
                System.out.println("channel " + (e.getCause() == cause));
            }
        }
    }

    @Test
    void tellsTheReasonAndRefusesLoopsAndChannels() throws IOException, InterruptedException {
        final Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Daccel.enabled=false", "-cp", System.getProperty("java.class.path"), Child.class.getName()).redirectErrorStream(true).start();
        try {
            final String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(said.lines()).containsExactly("false " + Reason.DISABLED, "factory true", "channel true");
        } finally {
            child.destroyForcibly();
        }
    }
}
