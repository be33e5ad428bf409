package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Frames;
import io.accel.it.fixture.Host;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.NativeTool;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What can go wrong while a program runs: it goes on, by the kernel where it must, and comes back. */
class RunTroubleTest {
    private static final String ECHO = "10.77.0.2:7002";

    @Test
    void theLinkGoesDownAndComesBack() {
        try (Wire wire = Wire.direct().introduced();
            Program echo = echo(wire.b());
            Talking talker = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            talker.ask("open 10.77.0.1:7001");
            exchange(talker, 20);
            for (int i = 0; i < 3; i++) {
                // The peer's end first: the route stays, and the kernel drops what it cannot send.
                wire.b().run("ip link set vb down");
                talker.ask("send " + ECHO + " 100 50");
                Await.until("the XDP program to go", () -> !wire.a().hasXdpProgram());
                talker.ask("send " + ECHO + " 100 50");
                wire.b().run("ip link set vb up");
                wire.introduced();
                Await.until("the XDP program to come back", () -> wire.a().hasXdpProgram());
                talker.ask("drain 300");
                exchange(talker, 20);
            }
            // Our own end: there is no route, and the kernel says so.
            wire.a().run("ip link set va down");
            Await.until("the XDP program to go", () -> !wire.a().hasXdpProgram());
            assertThat(talker.ask("send " + ECHO + " 100")).contains("Network is unreachable");
            wire.a().run("ip link set va up");
            wire.introduced();
            Await.until("the XDP program to come back", () -> wire.a().hasXdpProgram());
            talker.ask("drain 300");
            exchange(talker, 20);
            final Report report = talker.finish();
            assertThat(report.socket().fastTx()).as(report.text()).isGreaterThanOrEqualTo(100);
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThanOrEqualTo(100);
            assertThat(report.socket().reasons()).as(report.text()).containsKey("INTERFACE_DOWN");
            assertThat(report.vi().rx()).as(report.text()).isEqualTo(report.socket().fastRx() + report.socket().dropped());
            assertHealthy(talker);
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @Test
    void theInterfaceIsRemovedAndMadeAgain() {
        try (Wire wire = Wire.direct().introduced();
            Program echo = echo(wire.b());
            Talking talker = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            talker.ask("open *:7001");
            exchange(talker, 20);
            wire.a().run("ip link del va");
            talker.program().awaitErr("va is not accelerated: NO_INTERFACE");
            assertThat(talker.ask("send " + ECHO + " 100")).contains("Network is unreachable");
            wire.connect();
            wire.introduced();
            Await.until("the XDP program to come back", () -> wire.a().hasXdpProgram());
            exchange(talker, 20);
            final Report report = talker.finish();
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(40);
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(40);
            StartTroubleTest.assertToldOnce(talker, "va is not accelerated: NO_INTERFACE");
            assertHealthy(talker);
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @Test
    void theMtuChanges() {
        try (Wire wire = Wire.direct().introduced();
            Program echo = echo(wire.b());
            Talking talker = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            talker.ask("open *:7001");
            exchange(talker, 1472, 5);
            for (final Host host : new Host[] {wire.a(), wire.b()}) {
                host.run("ip link set " + host.device() + " mtu 1400");
            }
            talker.program().awaitErr("va is accelerated", 2);
            exchange(talker, 1472, 5);
            exchange(talker, 1372, 5);
            exchange(talker, 1373, 5);
            final Report report = talker.finish();
            assertThat(report.socket().reasons()).as(report.text()).containsEntry("EXCEEDS_MTU", 10L);
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(10);
            assertThat(report.socket().fastRx()).as(report.text()).isEqualTo(10);
            assertHealthy(talker);
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @Test
    void addressesComeAndGoUnderAWildcard() {
        try (Wire wire = Wire.direct().introduced();
            Talking held = Jvm.accelerated("vb:afxdp").talker(wire.b());
            Talking peer = Jvm.plain().talker(wire.a())) {
            held.ask("open *:7002");
            peer.ask("open 10.77.0.1:7001");
            wire.a().run("ip neigh replace 10.77.0.22 lladdr " + wire.b().mac() + " dev va nud permanent");
            wire.b().run("ip addr add 10.77.0.22/24 dev vb");
            Await.until("the fast path for the new address", () -> {
                final long before = CoexistenceTest.inDatagrams(wire.b());
                peer.ask("send 10.77.0.22:7002 100 1");
                assertThat(held.ask("receive 5000")).isEqualTo("100 bytes");
                return CoexistenceTest.inDatagrams(wire.b()) == before;
            });
            // The kernel answers from the address that was asked, and so do we: connected, the peer takes nothing else.
            wire.b().run("ip addr del 10.77.0.22/24 dev vb");
            Await.until("an end of datagrams for an address that is gone", () -> {
                peer.ask("send 10.77.0.22:7002 100 1");
                return held.ask("receive 200").equals("nothing");
            });
            peer.ask("send 10.77.0.2:7002 100 20");
            assertThat(held.ask("drain 5000 20")).isEqualTo("20 received, 0 damaged");
            final Report report = held.finish();
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThanOrEqualTo(21);
            assertHealthy(held);
        }
    }

    @Test
    void aNeighbourThatNeverAnswers() {
        try (Wire wire = Wire.direct().introduced(); Talking talker = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            talker.ask("open 10.77.0.1:7001");
            assertThat(talker.ask("send 10.77.0.99:7002 100 50")).startsWith("sent");
            assertThat(talker.ask("receive 1500")).isEqualTo("nothing");
            talker.ask("send 10.77.0.99:7002 100 50");
            final Report report = talker.finish();
            assertThat(report.socket().fastTx()).as(report.text()).isZero();
            assertThat(report.socket().reasons()).as(report.text()).containsOnlyKeys("NEIGHBOUR_UNRESOLVED");
            StartTroubleTest.assertToldOnce(talker, "NEIGHBOUR_UNRESOLVED,");
        }
    }

    @Test
    void firewallRulesAppearAndDisappear() {
        try (Wire wire = Wire.direct().introduced();
            Program echo = echo(wire.b());
            Talking talker = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            talker.ask("open 10.77.0.1:7001");
            exchange(talker, 20);
            wire.a().feed("""
                table ip t {
                    chain c {
                        type filter hook input priority 0;
                        udp dport 7001 counter
                        udp dport 7009 drop
                    }
                }
                """, "nft -f -");
            talker.program().awaitErr("FIREWALL");
            Await.until("the rule to count", () -> {
                exchange(talker, 5);
                return !wire.a().run("nft list ruleset").contains("packets 0 ");
            });
            wire.a().run("nft add rule ip t c udp dport 7001 drop");
            assertThat(talker.ask("send " + ECHO + " 100 5")).isEqualTo("sent 5");
            assertThat(talker.ask("receive 300")).isEqualTo("nothing");
            wire.a().run("nft flush ruleset");
            talker.program().awaitErr("free of rules again");
            Await.until("the fast path again", () -> {
                final long before = CoexistenceTest.inDatagrams(wire.a());
                exchange(talker, 5);
                return CoexistenceTest.inDatagrams(wire.a()) == before;
            });
            final Report report = talker.finish();
            assertThat(report.socket().reasons()).as(report.text()).containsKey("FIREWALL");
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThanOrEqualTo(25);
            StartTroubleTest.assertToldOnce(talker, "stays with the kernel: FIREWALL");
            assertHealthy(talker);
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @Test
    void aSlowReaderLosesOnlyWhatIsCounted() {
        final int sent = 30_000;
        try (Wire wire = Wire.direct().introduced();
            Talking reader = Jvm.accelerated("vb:afxdp").talker(wire.b());
            Talking sender = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            reader.ask("open 10.77.0.2:7002 100000");
            sender.ask("open 10.77.0.1:7001");
            assertThat(sender.ask("send 10.77.0.2:7002 500 " + sent)).isEqualTo("sent " + sent);
            final long received = Long.parseLong(reader.ask("drain 1000").split(" ")[0]);
            final Report left = sender.finish();
            final Report right = reader.finish();
            final long counted = right.socket().dropped() + right.vi().dropped() + left.vi().dropped() + left.socket().dropped();
            System.out.println("slow reader: " + received + " of " + sent + " received, drops " + right.socket().drops()
                + right.vi().drops());
            assertThat(received).as(right.text()).isLessThan(sent).isEqualTo(right.socket().fastRx());
            assertThat(received + counted).as(left.text() + right.text()).isEqualTo(sent);
        }
    }

    @Test
    void garbageOnTheWireIsCountedAndNeverDelivered() {
        final int each = 200;
        try (Wire wire = Wire.direct().introduced();
            Talking held = Jvm.accelerated("vb:afxdp").talker(wire.b());
            Talking peer = Jvm.plain().talker(wire.a())) {
            held.ask("open 10.77.0.2:7002");
            peer.ask("open 10.77.0.1:7001");
            final byte[] good = Frames.udp(wire.a(), 5000, wire.b(), 7002, Frames.pattern(64), 0, 0);
            final Random random = new Random(42);
            final StringBuilder frames = new StringBuilder();
            for (int i = 0; i < each; i++) {
                frames.append(Frames.line(changed(good, Frames.IP + 10, random)));
                frames.append(Frames.line(changed(good, Frames.IP + 28 + random.nextInt(64), random)));
            }
            held.program().awaitErr("vb is accelerated");
            inject(wire.a(), frames);
            assertThat(held.ask("drain 300")).isEqualTo("0 received, 0 damaged");
            final StringBuilder wild = new StringBuilder();
            for (int i = 0; i < 5_000; i++) {
                byte[] frame = good.clone();
                for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                    frame = changed(frame, Frames.IP + random.nextInt(frame.length - Frames.IP), random);
                }
                wild.append(Frames.line(Arrays.copyOf(frame, Math.max(15, frame.length - random.nextInt(3) * random.nextInt(60)))));
            }
            inject(wire.a(), wild);
            final String[] answer = held.ask("drain 300").split(" ");
            // By chance a checksum field of zero, none: the kernel would take those too.
            assertThat(Integer.parseInt(answer[0])).isLessThan(10);
            peer.ask("send 10.77.0.2:7002 100 20");
            assertThat(held.ask("drain 5000 20")).isEqualTo("20 received, 0 damaged");
            final Report report = held.finish();
            System.out.println("garbage: " + answer[0] + " received, drops " + report.vi().drops());
            assertThat(report.vi().dropped()).as(report.text()).isGreaterThanOrEqualTo(2 * each);
            assertThat(report.vi().drops().size()).as(report.text()).isGreaterThanOrEqualTo(2);
            assertHealthy(held);
        }
    }

    @Test
    void sourcesThatNobodyMayHaveAreNotDelivered() {
        try (Wire wire = Wire.direct().introduced();
            Talking held = Jvm.accelerated("vb:afxdp").talker(wire.b());
            Talking plain = Jvm.plain().talker(wire.b())) {
            held.ask("open 10.77.0.2:7002");
            plain.ask("open 10.77.0.2:7003");
            held.program().awaitErr("vb is accelerated");
            for (final String source : new String[] {"127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "10.77.0.2", "10.77.0.255"}) {
                final Host forged = new Host(wire.a().namespace(), "va", source);
                inject(wire.a(), new StringBuilder(Frames.line(Frames.udp(forged, 5000, wire.b(), 7003, Frames.pattern(64), 0, 0)))
                    .append(Frames.line(Frames.udp(forged, 5000, wire.b(), 7002, Frames.pattern(64), 0, 0))));
                assertThat(held.ask("receive 200")).as("from " + source).isEqualTo(plain.ask("receive 200"));
            }
            assertHealthy(held);
        }
    }

    private static byte[] changed(byte[] frame, int at, Random random) {
        final byte[] copy = frame.clone();
        copy[at] ^= (byte) (1 + random.nextInt(255));
        return copy;
    }

    private static void inject(Host host, CharSequence frames) {
        host.feed(frames.toString(), NativeTool.wire() + " inject " + host.device());
    }

    private static Program echo(Host host) {
        return Program.start(host, NativeTool.wire() + " echo 10.77.0.2 7002").awaitOut("echo at");
    }

    private static void exchange(Talking talker, int count) {
        exchange(talker, 100, count);
    }

    private static void exchange(Talking talker, int bytes, int count) {
        assertThat(talker.ask("send " + ECHO + " " + bytes + " " + count)).isEqualTo("sent " + count);
        assertThat(talker.ask("drain 10000 " + count)).isEqualTo(count + " received, 0 damaged");
    }

    private static void assertHealthy(Talking talker) {
        assertThat(talker.program().err()).doesNotContain("Exception").doesNotContain("Error:").doesNotContain("\tat ");
    }
}
