package io.accel.tools.tcpdump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.core.capture.CaptureRing;
import io.accel.core.counters.CaptureFiles;
import io.accel.core.vi.Medium;
import io.accel.udp.tap.Verdict;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapturedProcessTest {
    @TempDir
    private Path directory;

    /** Another user's file may become anything at any time: it is said, and the tool goes on with the others. */
    @Test
    void aRingThatIsCutShortIsTheEndOfThatProcessAlone() throws Exception {
        final CaptureFiles files = new CaptureFiles(directory.resolve("request").toString(), directory.resolve("ring").toString());
        Files.createFile(directory.resolve("request"));
        final CaptureRing ring = CaptureRing.create(files.ring(), Verdict.FINGERPRINT);
        ring.lane(Medium.ETHERNET, "eth0", "test");
        ring.start();
        try (CapturedProcess process = CapturedProcess.ask(7, files, 100)) {
            assertThat(process.isRunning()).isTrue();
            assertThat(process.interfaces()).hasSize(1);
            try (FileChannel file = FileChannel.open(Path.of(files.ring()), StandardOpenOption.WRITE)) {
                file.truncate(0);
            }
            assertThatThrownBy(process::isRunning).isInstanceOf(IOException.class).hasMessage(files.ring() + " was cut short");
            assertThat(process.interfaces()).as("what is known of it").hasSize(1);
        }
    }
}
