package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Wire;
import org.junit.jupiter.api.Test;

/** Published libraries on {@code DatagramSocket} and {@code MulticastSocket}, by {@code ./accel run} alone: every payload is compared. */
class DatagramSocketSoftwareTest {
    private static final String MEMBER = "io.accel.it.programs.JGroupsMember ";
    private static final String SNMP = "io.accel.it.programs.Snmp ";
    private static final int MESSAGES = 2_000;
    private static final int REQUESTS = 1_000;

    /** JGroups would take the first address that is not the loopback's. */
    private static Jvm jgroups(String interfaces, String address) {
        return Jvm.byCommand(interfaces).option("-Djgroups.bind_addr=" + address).option("-Djava.net.preferIPv4Stack=true");
    }

    /** The second starts when the first has made the cluster: two that come at once may make one each, on the JDK too. */
    private static void converse(Program one, Program other) {
        one.awaitOut("joined");
        other.awaitOut("joined");
        one.tell("");
        other.tell("");
        final String all = "received {all member-1=" + MESSAGES + ", all member-2=" + MESSAGES + ", one member-";
        one.awaitOut(all + "2=" + MESSAGES + "}");
        other.awaitOut(all + "1=" + MESSAGES + "}");
        one.tell("");
        other.tell("");
        one.succeed();
        other.succeed();
    }

    @Test
    void aClusterOnOneHost() {
        final Jvm jvm = jgroups("lo:shm", "127.0.0.1");
        try (Wire wire = Wire.direct();
            Program one = jvm.software(wire.a(), "jgroups", MEMBER + "1 " + MESSAGES + " 1000 0")
                .awaitOut("connected");
            Program other = jvm.software(wire.a(), "jgroups", MEMBER + "2 " + MESSAGES + " 1000 0")) {
            converse(one, other);
            isFast(one);
            isFast(other);
        }
    }

    @Test
    void aClusterOfTwoHosts() {
        try (Wire wire = Wire.direct().introduced();
            Program one = jgroups("va:afxdp,lo:shm", "10.77.0.1").software(wire.a(), "jgroups", MEMBER + "1 " + MESSAGES + " 1000 1400")
                .awaitOut("connected");
            Program other = jgroups("vb:afxdp,lo:shm", "10.77.0.2").software(wire.b(), "jgroups",
                MEMBER + "2 " + MESSAGES + " 1000 1400")) {
            converse(one, other);
            isFast(one);
            isFast(other);
        }
    }

    @Test
    void snmpOnOneHost() {
        try (Wire wire = Wire.direct()) {
            exchange(wire, Jvm.byCommand("lo:shm"), Jvm.byCommand("lo:shm"), true);
        }
    }

    @Test
    void snmpBetweenTwoHosts() {
        try (Wire wire = Wire.direct().introduced()) {
            exchange(wire, Jvm.byCommand("va:afxdp"), Jvm.byCommand("vb:afxdp"), false);
        }
    }

    private static void exchange(Wire wire, Jvm here, Jvm there, boolean sameHost) {
        final String at = sameHost ? "127.0.0.1/1161" : "10.77.0.2/1161";
        try (Program agent = there.software(sameHost ? wire.a() : wire.b(), "snmp4j", SNMP + "agent " + at).awaitOut("listening");
            Program manager = here.software(wire.a(), "snmp4j", SNMP + "manager " + at + " " + REQUESTS + " 700")) {
            manager.awaitOut("answered " + REQUESTS).succeed();
            agent.tell("");
            agent.succeed();
            for (final Report report : new Report[] {Report.of(manager), Report.of(agent)}) {
                assertThat(report.fastRx()).as(report.text()).isGreaterThanOrEqualTo(REQUESTS - 1);
                assertThat(report.fastTx()).as(report.text()).isGreaterThanOrEqualTo(REQUESTS - 1);
                assertThat(kernel(report)).as(report.text()).isLessThan(4);
            }
        }
    }

    private static long kernel(Report report) {
        return report.sockets().stream().mapToLong(socket -> socket.kernelRx() + socket.kernelTx()).sum();
    }

    /** Almost everything: what is sent before the other has bound, or asked of the group at the start, goes through the kernel. */
    private static void isFast(Program member) {
        final Report report = Report.of(member);
        assertThat(report.fastRx() + report.fastTx()).as(report.text()).isGreaterThan(200);
        assertThat(kernel(report)).as(report.text()).isLessThan((report.fastRx() + report.fastTx()) / 20);
        assertThat(member.err()).doesNotContain("Exception");
    }
}
