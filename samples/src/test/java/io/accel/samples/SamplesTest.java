package io.accel.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs as users start them: each a JVM of its own, on the JDK's provider. */
@Timeout(60)
class SamplesTest {
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void nothingIsLeftRunning() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process start(String program, String... args) throws IOException {
        final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        final List<String> command = new ArrayList<>(List.of(java,
            "-XX:TieredStopAtLevel=1", "-cp", Path.of("target", "classes").toString(), "io.accel.samples." + program));
        command.addAll(List.of(args));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        processes.add(process);
        return process;
    }

    private static String output(Process process) throws IOException, InterruptedException {
        final String text = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return text;
    }

    /** A port that was free a moment ago. */
    private static int freePort() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return ((InetSocketAddress) channel.getLocalAddress()).getPort();
        }
    }

    @ParameterizedTest
    @CsvSource({"spin, spin", "select, select", "blocking, blocking", "spin-select, select"})
    void pingAndPongInEveryMode(String pingMode, String pongMode) throws Exception {
        final int port = freePort();
        final boolean connected = pingMode.equals("spin");
        final Process pong = start("Pong", "--bind=127.0.0.1:" + port, "--mode=" + pongMode, "--connected=" + connected);
        final Process ping = start("Ping", "--to=127.0.0.1:" + port, "--mode=" + pingMode, "--connected=" + connected,
            "--heap=" + !connected,
            "--count=500", "--warmup=100", "--timeout=2000", "--size=61", "--json");
        assertThat(output(ping)).contains("\"messages\":500,", "\"lost\":0,", "\"corrupt\":0,", "\"mode\":\"" + pingMode + "\"");
        assertThat(output(pong)).contains("600 messages sent back");
        assertThat(ping.exitValue()).isZero();
        assertThat(pong.exitValue()).isZero();
    }

    @Test
    void pingSaysWhenNobodyAnswers() throws Exception {
        final Process ping = start("Ping", "--to=127.0.0.1:" + freePort(), "--wait=1");
        assertThat(output(ping)).contains("Ping: no answer from 127.0.0.1:", "is Pong running there?").doesNotContain("\tat ");
        assertThat(ping.exitValue()).isEqualTo(1);
    }

    @Test
    void pongEndsWhenNothingComes() throws Exception {
        final Process pong = start("Pong", "--bind=127.0.0.1:0", "--mode=blocking", "--idle=1");
        assertThat(output(pong)).contains("0 messages sent back, then nothing for 1 s");
    }

    @ParameterizedTest
    @CsvSource({"spin", "select", "blocking"})
    void sinkCountsWhatSenderSends(String mode) throws Exception {
        final int port = freePort();
        final Process sink = start("Sink", "--bind=127.0.0.1:" + port, "--mode=" + mode, "--json");
        final Process sender = start("Sender", "--to=127.0.0.1:" + port, "--count=2000", "--rate=20000", "--burst=10");
        assertThat(output(sender)).contains("2000 messages of 64 bytes");
        assertThat(output(sink)).contains("\"received\":2000,", "\"sent\":2000,", "\"lost\":0,", "\"reordered\":0,", "\"duplicates\":0,");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void oneSelectorEchoesAtManyPorts(String consumer) throws Exception {
        final int port = freePort();
        final Process server = start("EchoServer", "--bind=127.0.0.1:" + port, "--ports=1", "--consumer=" + consumer);
        final Process ping = start("Ping", "--to=127.0.0.1:" + port, "--mode=select", "--count=200", "--warmup=0", "--timeout=2000");
        assertThat(output(ping)).contains("200 messages").contains("0 lost, 0 corrupt");
        assertThat(output(server)).contains("messages sent back, 0 not for want of room");
    }

    @Test
    void tcpAndUdpShareOneSelector() throws Exception {
        final Process load = start("MixedLoad", "--bind=127.0.0.1:0", "--to=127.0.0.1:0", "--seconds=1", "--json");
        assertThat(output(load)).containsPattern("\"tcp_messages\":[1-9]").containsPattern("\"udp_messages\":[1-9]")
            .contains("\"corrupt\":0");
        assertThat(load.exitValue()).isZero();
    }

    @Test
    void aPortInUseIsSaidInOneLine() throws Exception {
        try (DatagramChannel taken = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            final int port = ((InetSocketAddress) taken.getLocalAddress()).getPort();
            final Process pong = start("Pong", "--bind=127.0.0.1:" + port);
            assertThat(output(pong)).startsWith("Pong: cannot bind to 127.0.0.1:" + port + ": Address already in use").hasLineCount(1);
            assertThat(pong.exitValue()).isEqualTo(1);
        }
    }
}
