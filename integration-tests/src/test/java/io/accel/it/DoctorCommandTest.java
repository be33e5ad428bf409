package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Wire;
import org.junit.jupiter.api.Test;

/** {@code ./accel doctor} on this host, as root and as nobody. */
class DoctorCommandTest {
    private static final int WARNED = 3;
    private static final int FAILED = 4;

    private static void fits(Program doctor) {
        assertThat(doctor.out().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void aRuleThatKeepsUdpWithTheKernelIsAFailureWithItsRemedy() {
        try (Wire wire = Wire.direct()) {
            final Program clear = Jvm.plain().tool(wire.a(), "doctor va");
            assertThat(clear.join()).as(clear.toString()).isIn(0, WARNED);
            assertThat(clear.out()).containsPattern("OK +va rules IPv4 +no netfilter");
            fits(clear);
            wire.a().run("nft add table ip made_up");
            wire.a().run("nft add chain ip made_up in { type filter hook input priority 0; }");
            wire.a().run("nft add rule ip made_up in udp dport 9 drop");
            final Program ruled = Jvm.plain().tool(wire.a(), "doctor va");
            assertThat(ruled.join()).as(ruled.toString()).isEqualTo(FAILED);
            assertThat(ruled.out()).containsPattern("FAIL +va rules IPv4 +").contains("-> remove the rule, or -Daccel.firewall=ignore");
            fits(ruled);
        }
    }

    @Test
    void withoutRootItTellsWhatRootWouldAdd() {
        try (Wire wire = Wire.direct()) {
            final Program doctor = Jvm.plain().byNobody().tool(wire.a(), "doctor va");
            assertThat(doctor.join()).as(doctor.toString()).isIn(WARNED, FAILED);
            assertThat(doctor.out()).containsPattern("WARN +privileges +AF_XDP needs CAP_NET_ADMIN, CAP_NET_RAW")
                .containsPattern("UNSEEN +va rules IPv4 ").contains("To see more: run this as root (va rules IPv4, va rules IPv6)");
            assertThat(doctor.err()).isEmpty();
            fits(doctor);
        }
    }

    @Test
    void aRunningProgramWithoutAccelIsFound() {
        try (Wire wire = Wire.direct(); Program pong = Jvm.plain().sample(wire.a(), "Pong --bind=10.77.0.1:9000")) {
            pong.awaitOut("");
            final Program doctor = Jvm.plain().tool(wire.a(), "doctor --json --pid=" + pong.pid() + " va");
            assertThat(doctor.join()).as(doctor.toString()).isEqualTo(FAILED);
            assertThat(doctor.out()).contains("\"worst\": \"FAIL\"", "the program does not use Accel", "-XX:TieredStopAtLevel=1");
        }
    }

    @Test
    void mistakesAreToldApart() {
        try (Wire wire = Wire.direct()) {
            final Program noInterface = Jvm.plain().tool(wire.a(), "doctor vx");
            assertThat(noInterface.join()).isEqualTo(1);
            assertThat(noInterface.err()).contains("there is no interface vx; there are lo, va");
            assertThat(Jvm.plain().tool(wire.a(), "doctor --jsn").join()).isEqualTo(2);
        }
    }
}
