package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Aeron's Java media driver and the samples that it is published with, on the provider that the system property names. */
class AeronTest {
    private static final String SAMPLES = "io.aeron.samples.";
    /** Bytes of a frame of Aeron's, its header included. */
    private static final int FRAME = 1408;
    /** More than Aeron sends of set-up frames, one in 100 ms, until a receiver has bound. */
    private static final int EARLY = 24;
    private static final String YIELDING = "org.agrona.concurrent.YieldingIdleStrategy";

    @TempDir
    private Path directory;

    /** With the access that Aeron's documentation asks for, and one thread for the driver, since there may be two CPUs only. */
    private Jvm jvm(String interfaces, String driver) {
        return Jvm.accelerated(interfaces).option("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED")
            .option("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED").option("-Daeron.dir=" + directory.resolve(driver))
            .option("-Daeron.threading.mode=SHARED").option("-Daeron.shared.idle.strategy=" + YIELDING)
            .option("-Daeron.sample.idleStrategy=" + YIELDING);
    }

    @Test
    void pingPong() {
        assertPingPong(jvm("lo:shm", "driver"));
    }

    /** Agrona receives from few channels without a selector; this has it select. */
    @Test
    void pingPongThroughTheSelector() {
        assertPingPong(jvm("lo:shm", "driver").option("-Dorg.agrona.transport.iteration.threshold=0"));
    }

    private static void assertPingPong(Jvm jvm) {
        final Jvm small = jvm.option("-Daeron.sample.messages=100").option("-Daeron.sample.warmup.messages=20")
            .option("-Daeron.sample.warmup.iterations=1").option("-Daeron.sample.ping.channel=aeron:udp?endpoint=127.0.0.1:20123")
            .option("-Daeron.sample.pong.channel=aeron:udp?endpoint=127.0.0.1:20124");
        try (Wire wire = Wire.direct(); Program both = small.software(wire.a(), "aeron", SAMPLES + "EmbeddedPingPong")) {
            both.tell("n");
            both.succeedWithin(120);
            assertThat(both.out()).contains("Pinging 100 messages", "Shutdown Driver");
            // 120 messages there and back; Aeron's set-up, status and heart-beats come on top.
            assertFast(both, 240);
        }
    }

    @Test
    void throughput() {
        final Jvm jvm = jvm("lo:shm", "driver").option("-Daeron.sample.messages=500000").option("-Daeron.sample.messageLength=1344")
            .option("-Daeron.sample.channel=aeron:udp?endpoint=127.0.0.1:20121");
        try (Wire wire = Wire.direct(); Program both = jvm.software(wire.a(), "aeron", SAMPLES + "EmbeddedThroughput")) {
            both.tell("n");
            both.succeedWithin(120);
            assertThat(both.out()).contains("Done streaming.");
            // One message fills a frame. The last ones may still be in the term buffer when the driver ends.
            assertFast(both, 490_000);
        }
    }

    /** Between two hosts, over AF_XDP: what is received is the file that was sent, byte by byte. */
    @Test
    void aFileOverVeth() throws IOException {
        final Path file = directory.resolve("sent");
        final byte[] content = new byte[4 << 20];
        new Random(10).nextBytes(content);
        Files.write(file, content);
        final Path received = Files.createDirectory(directory.resolve("received"));
        final String channel = "-Daeron.sample.channel=aeron:udp?endpoint=10.77.0.2:20121";
        final Jvm there = jvm("vb:afxdp", "there").option(channel);
        final Jvm here = jvm("va:afxdp", "here").option(channel);
        try (Wire wire = Wire.direct().introduced();
            Program receiver = there.software(wire.b(), "aeron", SAMPLES + "FileReceiver " + received + " -").awaitOut("Receiving from");
            Program driver = here.software(wire.a(), "aeron", "io.aeron.driver.MediaDriver");
            Program sender = here.software(wire.a(), "aeron", SAMPLES + "FileSender " + file)) {
            sender.succeedWithin(120);
            Await.until("the file", () -> same(file, received.resolve("sent")), () -> receiver + "\n" + driver);
            driver.terminate();
            receiver.terminate();
            final Report report = Report.of(driver);
            assertThat(report.vi().datapath()).as(report.text()).isEqualTo("afxdp");
            assertThat(report.fastTx()).as(report.text()).isGreaterThan(content.length / FRAME);
            assertFast(receiver, content.length / FRAME);
        }
    }

    private static boolean same(Path one, Path other) {
        try {
            return Files.exists(other) && Files.mismatch(one, other) == -1;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Received so many datagrams at the least on the fast path, and next to nothing by the kernel: what is sent before the receiver has
     * bound has no accelerated receiver yet.
     */
    private static void assertFast(Program program, long datagrams) {
        final Report report = Report.of(program);
        assertThat(report.fastRx()).as(report.text()).isGreaterThanOrEqualTo(datagrams);
        assertThat(report.sockets()).as(report.text())
            .allSatisfy(socket -> assertThat(socket.reasons().keySet()).isSubsetOf("NO_LOCAL_PEER", "KERNEL_SENDER"));
        assertThat(report.sockets().stream().mapToLong(socket -> socket.kernelRx() + socket.kernelTx()).sum()).as(report.text())
            .isLessThan(EARLY);
        assertThat(program.err()).doesNotContain("Exception");
    }
}
