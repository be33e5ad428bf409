package io.accel.benchmarks;

import io.accel.core.memory.Memory;
import io.accel.udp.wire.Checksum;
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

/** What the Internet checksum of a payload costs, the largest part of a datagram's price once it is long. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ChecksumBenchmark {
    /** Bytes summed. */
    @Param({"64", "512", "1472"})
    public int bytes;

    private long address;

    /** Fills the memory with a pattern. */
    @Setup
    public void allocate() {
        address = Memory.allocateAligned(bytes, 64);
        for (int i = 0; i < bytes; i++) {
            Memory.putByte(address + i, (byte) (31 * i));
        }
    }

    /** Gives it back. */
    @TearDown
    public void free() {
        Memory.freeAligned(address);
    }

    /** The sum, folded and complemented. */
    @Benchmark
    public int checksum() {
        return Checksum.finish(Checksum.sum(address, bytes));
    }
}
