package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ten thousand times open and close, each way of use on each path: descriptors, threads, mappings, files and memory are as before. */
@Tag("slow")
class LeaksTest {
    private static final int CYCLES = 10_000;
    /** That the JDK's own channels leave nothing shows that the test is right, for which fewer will do. */
    private static final int CYCLES_OF_THE_JDK = 1000;
    /** A minute for all of them, where nothing else runs. */
    private static final int PATIENCE_SECONDS = 500;
    private static final int WAYS = 11;

    private static Jvm jvm(String interfaces) {
        return fixedHeap(Jvm.accelerated(interfaces));
    }

    /** The heap is resident from the start, so that what grows is something else. Nobody wants to read a line for each channel. */
    private static Jvm fixedHeap(Jvm jvm) {
        return jvm.option("-Xms128m").option("-Xmx128m").option("-XX:+AlwaysPreTouch").option("-Djava.net.preferIPv4Stack=true")
            .option("-Djava.util.logging.config.file=/dev/null");
    }

    private static void assertNothingLeft(Program program) {
        program.succeedWithin(PATIENCE_SECONDS);
        assertThat(program.out().lines()).as(program.toString()).hasSize(WAYS).allMatch(line -> line.endsWith(": nothing"));
    }

    @Test
    void theJdkItselfLeavesNothing() {
        try (Wire wire = Wire.direct();
            Program cycles = fixedHeap(Jvm.plain()).program(wire.a(), "Cycles 127.0.0.1 self " + CYCLES_OF_THE_JDK)) {
            assertNothingLeft(cycles);
        }
    }

    @Test
    void overSharedMemory() {
        try (Wire wire = Wire.direct(); Program cycles = jvm("lo:shm").program(wire.a(), "Cycles 127.0.0.1 self " + CYCLES)) {
            assertNothingLeft(cycles);
            assertThat(cycles.err()).contains("datapath=shm");
        }
    }

    @Test
    void onTheKernelPath() {
        try (Wire wire = Wire.direct(); Program cycles = jvm("none").program(wire.a(), "Cycles 127.0.0.1 self " + CYCLES)) {
            assertNothingLeft(cycles);
        }
    }

    @Test
    void overAfXdp() {
        try (Wire wire = Wire.direct().introduced(); Talking peer = Jvm.plain().talker(wire.b())) {
            peer.ask("open 10.77.0.2:7002");
            try (Program cycles = jvm("va:afxdp").program(wire.a(), "Cycles 10.77.0.1 10.77.0.2:7002 " + CYCLES)) {
                assertNothingLeft(cycles);
                assertThat(cycles.err()).contains("datapath=afxdp");
            }
            assertThat(wire.a().hasXdpProgram()).isFalse();
        }
    }
}
