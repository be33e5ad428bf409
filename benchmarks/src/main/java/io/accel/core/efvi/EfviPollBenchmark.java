package io.accel.core.efvi;

import io.accel.core.memory.Memory;
import io.accel.core.vi.EventBatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a poll of some events costs over a libciul that does nothing: to be no more than an empty native call and 3 ns for each event. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED"})
public class EfviPollBenchmark {
    private static final int CAPACITY = 64;

    /** The NIC, {@code merged} with merged events. */
    @Param({"x2", "x2 merged", "x3"})
    public String nic;

    /** That each poll finds. */
    @Param({"1", "4", "16"})
    public int events;

    private EfviVirtualInterface vi;
    private EventBatch batch;
    private long side;
    private long givenBack;
    private int found;

    @Setup
    public void open() {
        vi = NoOpNic.open(nic.split(" ")[0], events, nic.endsWith("merged"));
        batch = new EventBatch(CAPACITY);
        for (int i = 0; i < CAPACITY; i++) {
            final int n = vi.poll(batch, CAPACITY);
            if (n != Math.min(events, nic.endsWith("merged") ? 15 : CAPACITY)) {
                throw new IllegalStateException(n + " events, not " + events);
            }
            vi.release(batch);
        }
        side = vi.facts().receive();
        givenBack = vi.facts().givenBack();
    }

    @TearDown
    public void close() {
        vi.close();
        batch.close();
    }

    /** The floor of every call: one with as many arguments. */
    @Benchmark
    public int emptyCall() {
        return FloorCalls.empty(1, batch.address(), CAPACITY, events);
    }

    /** The floor of every glue: what libciul is asked, and nothing else. */
    @Benchmark
    public int libciulAlone() {
        return FloorCalls.libciul(side, batch.address(), CAPACITY, events);
    }

    /** The glue: a poll that gives back what the one before it found. */
    @Benchmark
    public int poll() {
        for (int i = 0; i < found; i++) {
            Memory.putInt(givenBack + ((long) i << 2), (int) batch.token(i));
        }
        found = EfviNative.poll(side, batch.address(), CAPACITY, found);
        return found;
    }

    /** The same on the VI: with the tokens, the lock, and the release. */
    @Benchmark
    public int pollAndRelease() {
        final int n = vi.poll(batch, CAPACITY);
        vi.release(batch);
        return n;
    }
}
