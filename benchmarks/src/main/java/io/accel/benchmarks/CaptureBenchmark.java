package io.accel.benchmarks;

import io.accel.nio.AccelSelectorProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * What {@code accel tcpdump} costs a thread that sends messages of 64 bytes to itself through a channel as fast as it can: two packets
 * each. Wants two CPUs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 3, jvmArgsAppend = {"--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED"})
public class CaptureBenchmark {
    private static final int BYTES = 64;

    /** Nobody captures; the tool takes what it can; the tool is stopped, so that the ring is full all the time. */
    @Param({"off", "on", "full"})
    public String capture;

    private DatagramChannel channel;
    private SocketAddress itself;
    private ByteBuffer out;
    private ByteBuffer in;
    private Process tool;
    private BufferedReader told;

    @Setup
    public void open() throws IOException {
        channel = new AccelSelectorProvider().openDatagramChannel(StandardProtocolFamily.INET);
        channel.bind(new InetSocketAddress("127.0.0.1", 0));
        channel.configureBlocking(false);
        itself = channel.getLocalAddress();
        out = ByteBuffer.allocateDirect(BYTES);
        in = ByteBuffer.allocateDirect(2048);
    }

    /** A program has run for a while when somebody captures it. */
    @Setup(Level.Iteration)
    public void begin(IterationParams iteration) throws IOException, InterruptedException {
        if (tool == null && iteration.getType() == IterationType.MEASUREMENT && !"off".equals(capture)) {
            startTool();
            if ("full".equals(capture)) {
                signal("STOP");
            }
        }
    }

    /** The command is beside the benchmarks. */
    private void startTool() throws IOException {
        final Path lib = Path.of(CaptureBenchmark.class.getProtectionDomain().getCodeSource().getLocation().getPath()).getParent();
        tool = new ProcessBuilder("nice", "-n", "19", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC",
            "-cp", lib.resolve("tools.jar") + ":" + lib.resolveSibling("accel.jar"), "io.accel.tools.Main",
            "tcpdump", "-w", "/dev/null", Long.toString(ProcessHandle.current().pid()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        told = new BufferedReader(new InputStreamReader(tool.getErrorStream(), StandardCharsets.UTF_8));
        final StringBuilder all = new StringBuilder();
        for (String line = told.readLine(); line == null || !line.contains("capturing packets"); line = told.readLine()) {
            if (line == null) {
                throw new IOException("accel tcpdump does not capture: " + all);
            }
            all.append(line).append('\n');
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", "-" + name, Long.toString(tool.pid())).inheritIO().start().waitFor() != 0) {
            throw new IOException("the tool got no signal " + name);
        }
    }

    @TearDown
    public void close() throws IOException, InterruptedException {
        if (tool != null) {
            signal("CONT");
            signal("TERM");
            // How much it captured, beside the figures.
            told.lines().forEach(System.out::println);
            tool.waitFor();
        }
        channel.close();
    }

    @Benchmark
    public SocketAddress messageToItself() throws IOException {
        channel.send(out.clear(), itself);
        return channel.receive(in.clear());
    }
}
