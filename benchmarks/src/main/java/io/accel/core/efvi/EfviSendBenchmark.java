package io.accel.core.efvi;

import io.accel.core.vi.TxFlags;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a send costs over a libciul that does nothing, the frame's bytes not written: in bursts of 16 to be no more than 20 ns a frame. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED"})
public class EfviSendBenchmark {
    private static final int BURST = 16;
    private static final int BYTES = 106;

    /** The NIC. */
    @Param({"7000", "x2", "x3"})
    public String nic;

    private EfviVirtualInterface vi;

    @Setup
    public void open() {
        vi = NoOpNic.open(nic, 1, false);
    }

    @TearDown
    public void close() {
        vi.close();
    }

    private int burst(int frames) {
        for (int i = 0; i < frames; i++) {
            vi.txInit(vi.txClaim(0, BYTES), BYTES, TxFlags.NONE);
        }
        return vi.txPush(false);
    }

    /** Of each frame. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public int burstOf16() {
        return burst(BURST);
    }

    @Benchmark
    public int lone() {
        return burst(1);
    }
}
