package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Wire;
import org.junit.jupiter.api.Test;

/**
 * Many threads on one interface: a reader and a writer at each channel, readers to whom nothing comes, and a thread that polls. Nobody
 * waits for another, nothing is lost.
 */
class ThreadsTest {
    private static final int CHANNELS = 6;
    private static final int POLLED = 4;
    private static final int COUNT = 3000;
    private static final int SENT = (CHANNELS + POLLED) * COUNT;

    private static void talk(Wire wire, Jvm crowd, Jvm echo, String crowdAddress, String echoAddress, boolean sameHost) {
        try (Program server = echo.sample(sameHost ? wire.a() : wire.b(), "EchoServer --ports=1 --stay --bind=" + echoAddress + ":9000")
                .awaitOut("EchoServer at");
            Program program = crowd.program(wire.a(), "Crowd " + crowdAddress + " " + echoAddress + ":9000 " + CHANNELS + " " + COUNT)) {
            program.succeed();
            assertThat(program.out()).contains("echoes: " + SENT, "blocked until closed: " + CHANNELS);
            assertThat(server.isAlive()).isTrue();
            if (program.err().contains("accel: ")) {
                final long fast = Report.of(program).sockets().stream().mapToLong(Report.Socket::fastRx).sum();
                assertThat(fast).as(program.err()).isEqualTo(SENT);
            }
        }
    }

    @Test
    void onTheJdk() {
        try (Wire wire = Wire.direct()) {
            talk(wire, Jvm.plain(), Jvm.plain(), "127.0.0.1", "127.0.0.1", true);
        }
    }

    @Test
    void overSharedMemory() {
        try (Wire wire = Wire.direct()) {
            talk(wire, Jvm.accelerated("lo:shm"), Jvm.accelerated("lo:shm"), "127.0.0.1", "127.0.0.1", true);
        }
    }

    @Test
    void overOneInterfaceWithAfXdp() {
        try (Wire wire = Wire.direct().introduced()) {
            talk(wire, Jvm.accelerated("va:afxdp"), Jvm.accelerated("vb:afxdp"), "10.77.0.1", "10.77.0.2", false);
        }
    }
}
