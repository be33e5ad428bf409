package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Command;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Datagrams between sockets of one host by any of its addresses: the same on Accel's channels as on the JDK's, and by shared memory where
 * both ends are Accel's.
 */
class LocalDeliveryTest {
    private static final String[] RECEIVERS = {"*:7001", "127.0.0.1:7002", "10.77.0.1:7003", "10.77.0.9:7004", "10.88.0.1:7005"};
    private static final String[] SENDERS = {"*:6001", "127.0.0.1:6002", "127.0.0.2:6003", "10.77.0.1:6004", "10.77.0.9:6005",
        "10.88.0.1:6006"};
    private static final String[] DESTINATIONS = {"127.0.0.1", "127.0.0.2", "10.77.0.1", "10.77.0.9", "10.88.0.1"};

    private Path directory;

    /** Of the addresses that are told: the tests name IPv4 ones, and an IPv6 one stands for each. */
    private enum Version {
        IPV4, IPV6;

        String of(String text) {
            return this == IPV4 ? text
                : text.replace("127.0.0.1", "[::1]").replaceAll("(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)", "[fd00:$1:$2:$3::$4]");
        }
    }

    @BeforeEach
    void makeDirectory() {
        directory = Path.of(Command.run("mktemp", "-d", "/dev/shm/accel-it-XXXXXX"));
    }

    @AfterEach
    void removeDirectory() {
        Command.run("rm", "-rf", directory.toString());
    }

    private Jvm accelerated() {
        return accelerated("lo:shm");
    }

    private Jvm accelerated(String interfaces) {
        return Jvm.accelerated(interfaces).option("-Daccel.shm.dir=" + directory);
    }

    /** Host a has an address more on va, and one on another device. */
    private static Wire wire() {
        final Wire wire = Wire.direct();
        wire.a().run("ip addr add 10.77.0.9/24 dev va");
        wire.a().run("ip link add other type veth peer name another");
        wire.a().run("ip addr add 10.88.0.1/24 dev other");
        wire.a().run("ip link set other up");
        wire.a().run("ip link set another up");
        for (final String device : new String[] {"lo", "va", "other"}) {
            wire.a().run("sysctl -qw net.ipv6.conf." + device + ".disable_ipv6=0 net.ipv6.conf." + device + ".accept_dad=0");
        }
        wire.a().run("ip addr add fd00:127:0:0::2/128 dev lo");
        wire.a().run("ip addr add fd00:10:77:0::1/64 dev va nodad");
        wire.a().run("ip addr add fd00:10:77:0::9/64 dev va nodad");
        wire.a().run("ip addr add fd00:10:88:0::1/64 dev other nodad");
        return wire;
    }

    /** Every sender to every destination at the port of every receiver. @return what was answered, and what came */
    private static List<String> everyWay(Version version, Talking receivers, Talking senders) {
        for (final String each : RECEIVERS) {
            assertThat(receivers.ask("open " + each + " " + version.of(each))).isEqualTo("open");
        }
        final List<String> answers = new ArrayList<>();
        for (final String each : SENDERS) {
            assertThat(senders.ask("open " + each + " " + version.of(each))).isEqualTo("open");
        }
        int bytes = 1;
        for (final String from : SENDERS) {
            for (final String to : DESTINATIONS) {
                for (final String receiver : RECEIVERS) {
                    final String port = receiver.substring(receiver.indexOf(':'));
                    answers.add(senders.ask("send " + from + " " + version.of(to) + port + " " + bytes++));
                }
            }
        }
        answers.add(receivers.ask("record 300"));
        return answers;
    }

    private static List<String> everyWay(Version version, Wire wire, Jvm receiving, Jvm sending) {
        try (Talking receivers = receiving.mesh(wire.a()); Talking senders = sending.mesh(wire.a())) {
            return everyWay(version, receivers, senders);
        }
    }

    private static long arrived(List<String> answers) {
        return Arrays.stream(answers.get(answers.size() - 1).split(",")).filter(each -> each.contains("<-")).count();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void everyWayIsAsOnTheJdk(Version version) {
        try (Wire wire = wire()) {
            final List<String> expected = everyWay(version, wire, Jvm.plain(), Jvm.plain());
            // To the wildcard any destination, to an address this one alone.
            assertThat(arrived(expected)).isEqualTo(SENDERS.length * (DESTINATIONS.length + RECEIVERS.length - 1));
            assertThat(everyWay(version, wire, Jvm.plain(), accelerated())).isEqualTo(expected);
            assertThat(everyWay(version, wire, accelerated(), Jvm.plain())).isEqualTo(expected);
            try (Talking both = accelerated().mesh(wire.a())) {
                // The senders are there as well, and hear nothing.
                assertThat(everyWay(version, both, both)).isEqualTo(expected);
                assertAllFast(both.finish(), arrived(expected));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void betweenTwoAcceleratedProgramsEveryWayIsSharedMemoryBesideAnInterfaceThatWeHold(Version version) {
        try (Wire wire = wire()) {
            final List<String> expected = everyWay(version, wire, Jvm.plain(), Jvm.plain());
            try (Talking receivers = accelerated("va:afxdp,lo:shm").mesh(wire.a()); Talking senders = accelerated().mesh(wire.a())) {
                assertThat(everyWay(version, receivers, senders)).isEqualTo(expected);
                final Report report = receivers.finish();
                assertAllFast(report, arrived(expected));
                assertThat(report.interfaces().stream().filter(vi -> vi.name().equals("va"))).as(report.text())
                    .allMatch(vi -> vi.rx() == 0 && vi.tx() == 0);
                final Report sent = senders.finish();
                assertThat(sent.sockets().stream().mapToLong(Report.Socket::fastTx).sum()).as(sent.text()).isEqualTo(arrived(expected));
                assertThat(sent.sockets()).as(sent.text()).allMatch(each -> each.reasons().keySet().stream()
                    .allMatch(reason -> reason.equals("NO_LOCAL_PEER")));
            }
        }
    }

    private static void assertAllFast(Report report, long count) {
        assertThat(report.sockets().stream().mapToLong(Report.Socket::fastRx).sum()).as(report.text()).isEqualTo(count);
        assertThat(report.sockets().stream().mapToLong(Report.Socket::kernelRx).sum()).as(report.text()).isZero();
    }

    /** Connected channels hear their peer alone, at the address that they were given; others are told that nobody is there. */
    private static List<String> connectedWays(Version version, Talking receiver, Talking sender) {
        final List<String> answers = new ArrayList<>();
        receiver.ask("open r *:7001");
        answers.add(receiver.ask(version.of("connect r 10.77.0.9:6001")));
        sender.ask(version.of("open peer 10.77.0.9:6001"));
        sender.ask(version.of("open stranger 10.77.0.1:6002"));
        sender.ask(version.of("open neighbour 10.77.0.9:6003"));
        sender.ask(version.of("open namesake 10.77.0.1:6001"));
        final String there = answers.get(0).substring(answers.get(0).lastIndexOf('/') + 1);
        for (final String each : new String[] {"peer", "stranger", "neighbour", "namesake"}) {
            answers.add(sender.ask("send " + each + " " + there + " 10"));
            answers.add(sender.ask("send " + each + version.of(" 127.0.0.1:7001 11")));
            answers.add(receiver.ask("record 100"));
        }
        answers.add(sender.ask("connect stranger " + there));
        answers.add(sender.ask("send stranger " + there + " 12"));
        answers.add(sender.ask("record 100"));
        answers.add(sender.ask("connect peer " + there));
        answers.add(sender.ask("send peer " + there + " 13"));
        answers.add(receiver.ask(version.of("send r 10.77.0.9:6001 14")));
        answers.add(receiver.ask("record 100"));
        answers.add(sender.ask("record 100"));
        answers.add(receiver.ask("disconnect r"));
        answers.add(sender.ask("send neighbour " + there + " 15"));
        answers.add(sender.ask(version.of("send neighbour 127.0.0.1:7001 16")));
        answers.add(sender.ask("send stranger " + there + " 17"));
        answers.add(receiver.ask("record 100"));
        answers.add(receiver.ask(version.of("connect r 10.77.0.1:6002")));
        answers.add(sender.ask("send stranger " + there + " 18"));
        answers.add(sender.ask("send peer " + there + " 19"));
        answers.add(receiver.ask("record 100"));
        answers.add(receiver.ask("disconnect r"));
        final String again = receiver.ask(version.of("connect r 10.77.0.9:6003"));
        answers.add(again);
        answers.add(sender.ask("send neighbour " + again.substring(again.lastIndexOf('/') + 1) + " 20"));
        answers.add(receiver.ask("record 100"));
        return answers;
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void connectedChannelsAreAsOnTheJdk(Version version) {
        try (Wire wire = wire()) {
            final List<String> expected;
            try (Talking receiver = Jvm.plain().mesh(wire.a()); Talking sender = Jvm.plain().mesh(wire.a())) {
                expected = connectedWays(version, receiver, sender);
                assertThat(expected.toString()).contains("PortUnreachableException");
            }
            for (final Jvm sending : List.of(accelerated(), Jvm.plain())) {
                try (Talking receiver = accelerated().mesh(wire.a()); Talking sender = sending.mesh(wire.a())) {
                    assertThat(connectedWays(version, receiver, sender)).isEqualTo(expected);
                    final Report report = receiver.finish();
                    assertThat(report.socket().drops()).as(report.text()).isEmpty();
                    sender.program().tell("quit");
                    sender.program().succeed();
                }
            }
            try (Talking both = accelerated().mesh(wire.a())) {
                // All in one program: what the others hear is in every answer, so that only the way is compared.
                connectedWays(version, both, both);
                final Report report = both.finish();
                // Over IPv6 the kernel judges from the disconnect to the next connect.
                assertThat(report.sockets().get(0).fastRx()).as(report.text()).isGreaterThanOrEqualTo(version == Version.IPV4 ? 6 : 3);
            }
        }
    }

    /** Addresses that come, move and go: what is sent a second after goes where the JDK's goes. */
    private static List<String> comingAndGoing(Wire wire, Talking receiver, Talking sender) throws InterruptedException {
        final List<String> answers = new ArrayList<>();
        receiver.ask("open r *:7001");
        sender.ask("open s *:6001");
        int bytes = 1;
        final String[] changes = {"ip addr add 10.99.0.1/32 dev va", "ip addr add 10.99.0.1/32 dev other",
            "ip addr del 10.99.0.1/32 dev va", "ip addr del 10.99.0.1/32 dev other",
            "ip addr add 10.99.0.1/32 dev lo", "ip addr del 10.99.0.1/32 dev lo",
            "ip route add local 10.99.0.0/24 dev lo", "ip route del local 10.99.0.0/24 dev lo", "ip link set va down", "ip link set va up"};
        for (final String change : changes) {
            answers.add(sender.ask("send s 10.99.0.1:7001 " + bytes++));
            answers.add(sender.ask("send s 10.77.0.1:7001 " + bytes++));
            wire.a().run(change);
            Thread.sleep(1000);
            answers.add(sender.ask("send s 10.99.0.1:7001 " + bytes++));
            answers.add(sender.ask("send s 10.77.0.1:7001 " + bytes++));
            answers.add(receiver.ask("record 100"));
        }
        return answers;
    }

    @Test
    void addressesThatComeAndGoAreAsOnTheJdk() throws InterruptedException {
        try (Wire wire = wire()) {
            final List<String> expected;
            try (Talking receiver = Jvm.plain().mesh(wire.a()); Talking sender = Jvm.plain().mesh(wire.a())) {
                expected = comingAndGoing(wire, receiver, sender);
            }
            try (Talking receiver = accelerated().mesh(wire.a()); Talking sender = accelerated().mesh(wire.a())) {
                assertThat(comingAndGoing(wire, receiver, sender)).isEqualTo(expected);
                final Report report = receiver.finish();
                assertThat(report.socket().kernelRx()).as(report.text()).isZero();
                assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(arrived(expected, "r<-"));
            }
        }
    }

    private static long arrived(List<String> answers, String mark) {
        return answers.stream().mapToLong(each -> each.split(mark, -1).length - 1).sum();
    }
}
