package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.Reason;
import io.accel.it.fixture.Await;
import io.accel.it.fixture.Host;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code ./accel explain udp}, {@code bind} and {@code join}, asked before a program runs, say what that program then tells of itself. */
class DryExplainTest {
    private static final int KERNEL = 1;
    private static final int MISUSE = 2;

    @ParameterizedTest
    @EnumSource
    void whatASendWouldMeetIsWhatItMeets(SendProvocation sending) {
        try (Wire wire = sending.wire()) {
            final Program asked = sending.by(Jvm.plain()).tool(wire.a(), sending.question());
            assertThat(asked.join()).as(asked.toString()).isEqualTo(KERNEL);
            assertThat(verdict(asked)).as(asked.toString()).startsWith("by the kernel: " + sending.name() + ", ");
            assertThat(wire.a().hasXdpProgram()).isFalse();
            try (Talking talker = sending.jvm().talker(wire.a())) {
                sending.meet(wire, talker);
                awaitReason(wire.a(), talker, Reason.valueOf(sending.name()));
            }
        }
    }

    /** Waits until a process gives this reason for its one channel, and sees that it gives no other. */
    private static void awaitReason(Host host, Talking talker, Reason reason) {
        final String line = "explain " + talker.program().pid();
        Await.until(reason + " from " + line, () -> channelOf(host, line).contains(": " + reason + ", "), talker.program()::toString);
        final String told = channelOf(host, line);
        assertThat(Arrays.stream(Reason.values()).filter(each -> told.contains(": " + each + ", "))).as(told).containsExactly(reason);
    }

    private static String channelOf(Host host, String line) {
        final Program asked = Jvm.plain().tool(host, line);
        asked.join();
        final String all = asked.out().replaceAll("\\s+", " ");
        return all.contains(" udp ") ? all.substring(all.indexOf(" udp ")) : "";
    }

    private static String verdict(Program asked) {
        final String all = asked.out().replaceAll("\\s+", " ");
        assertThat(asked.out().lines()).as(asked.toString()).allMatch(each -> each.length() <= 100);
        assertThat(all).as(asked.toString()).contains(" so: ");
        return all.substring(all.indexOf(" so: ") + " so: ".length());
    }

    @Test
    void anInterfaceThatAnotherProcessHoldsIsTaken() {
        try (Wire wire = Wire.direct().introduced(); Talking first = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            final String question = "explain udp 10.77.0.1 10.77.0.2:9 --interfaces=va:afxdp";
            final Program free = Jvm.plain().tool(wire.a(), question).succeed();
            assertThat(verdict(free)).startsWith("on the fast path, by va");
            first.ask("open 10.77.0.1:7000");
            final Program asked = Jvm.plain().tool(wire.a(), question);
            assertThat(asked.join()).as(asked.toString()).isEqualTo(KERNEL);
            assertThat(verdict(asked)).startsWith("by the kernel: QUEUE_TAKEN, ");
            try (Talking second = Jvm.accelerated("va:afxdp").talker(wire.a())) {
                second.ask("open 10.77.0.1:7001");
                second.ask("send 10.77.0.2:9 64");
                awaitReason(wire.a(), second, Reason.QUEUE_TAKEN);
            }
        }
    }

    @Test
    void aPortThatOthersShareStaysWithTheKernel() {
        try (Wire wire = Wire.direct().introduced(); Talking other = Jvm.plain().talker(wire.a());
            Talking talker = Jvm.accelerated("va:afxdp,lo:shm").talker(wire.a())) {
            final String question = "explain bind 10.77.0.1:7001 --interfaces=va:afxdp,lo:shm";
            final Program alone = Jvm.plain().tool(wire.a(), question).succeed();
            assertThat(verdict(alone)).startsWith("on the fast path, by shared memory and va");
            assertThat(alone.out()).contains("filter on va: 10.77.0.1:7001: steals it", "port: nobody else has it");
            other.ask("open 10.77.0.1:7001 reuse");
            final Program refused = Jvm.plain().tool(wire.a(), question);
            assertThat(refused.join()).as(refused.toString()).isEqualTo(KERNEL);
            assertThat(verdict(refused)).startsWith("the kernel would refuse it: the address is in use by a socket of user 0");
            final Program shared = Jvm.plain().tool(wire.a(), question + " --reuse");
            assertThat(shared.join()).as(shared.toString()).isEqualTo(KERNEL);
            assertThat(verdict(shared)).contains(": SHARED_PORT, ");
            talker.ask("open 10.77.0.1:7001 reuse");
            awaitReason(wire.a(), talker, Reason.SHARED_PORT);
        }
    }

    @Test
    void aGroupThatAnotherProgramHearsStaysWithTheKernel() {
        try (Wire wire = Wire.direct().introduced(); Talking other = Jvm.plain().talker(wire.a());
            Talking talker = Jvm.accelerated("va:afxdp,lo:shm").talker(wire.a())) {
            wire.a().run("ip route add 239.0.0.0/8 dev va");
            final String question = "explain join 239.1.2.3%va:7001 --interfaces=va:afxdp,lo:shm";
            final Program alone = Jvm.plain().tool(wire.a(), question).succeed();
            assertThat(verdict(alone)).as(alone.toString()).startsWith("on the fast path, by va");
            assertThat(wire.a().run("ip maddr show dev va")).as("the group is not joined").doesNotContain("239.1.2.3");
            other.ask("open *:7001 reuse");
            other.ask("join 239.1.2.3 va");
            final Program shared = Jvm.plain().tool(wire.a(), question);
            assertThat(shared.join()).as(shared.toString()).isEqualTo(KERNEL);
            assertThat(verdict(shared)).contains(": GROUP_SHARED, ");
            talker.ask("open *:7001 reuse");
            talker.ask("join 239.1.2.3 va");
            awaitReason(wire.a(), talker, Reason.GROUP_SHARED);
        }
    }

    @Test
    void whatWouldBeFastIsFast() {
        try (Wire wire = Wire.direct().introduced(); Talking peer = Jvm.accelerated("lo:shm").talker(wire.a());
            Talking talker = Jvm.accelerated("va:afxdp,lo:shm").talker(wire.a())) {
            peer.ask("open 10.77.0.1:7002");
            final List<String> destinations = List.of("10.77.0.2:9", "10.77.0.1:7002");
            final Program wired = dry(wire.a(), destinations.get(0));
            assertThat(verdict(wired)).startsWith("on the fast path, by va");
            assertThat(wired.out()).contains("route: by va from 10.77.0.1, MTU 1500", "neighbour: 10.77.0.2 has " + wire.b().mac(),
                "64 bytes, at most 1472 go in one piece");
            assertThat(verdict(dry(wire.a(), destinations.get(1)))).startsWith("on the fast path, by shared memory");
            assertThat(dry(wire.a(), destinations.get(0) + " --json").out()).contains("\"fast\": true", "\"about\": \"neighbour\"");
            talker.ask("open 10.77.0.1:7001");
            destinations.forEach(each -> talker.ask("send " + each + " 64"));
            final String line = "explain " + talker.program().pid();
            Await.until("both on the fast path", () -> channelOf(wire.a(), line)
                .contains("sends to 10.77.0.2:9: by va sends to 10.77.0.1:7002: by shared memory"), talker.program()::toString);
            assertThat(peer.ask("receive 1000")).as("nothing of the questions was sent to it").isEqualTo("64 bytes");
            assertThat(peer.ask("receive 100")).isEqualTo("nothing");
        }
    }

    private static Program dry(Host host, String to) {
        return Jvm.plain().tool(host, "explain udp 10.77.0.1:7001 -> " + to + " --interfaces=va:afxdp,lo:shm").succeed();
    }

    @Test
    void aWrongQuestionIsAnsweredWithTheNearest() {
        try (Wire wire = Wire.direct()) {
            assertMisuse(wire, "explain udb 10.77.0.2:9", "did you mean udp?");
            assertMisuse(wire, "explain udp 10.77.0.2", "lacks a port");
            assertMisuse(wire, "explain udp 10.77.0.2:9 --bytes=-5", "a datagram's payload is 0 to 65,527 bytes");
            assertMisuse(wire, "explain udp 10.77.0.2:9 --interface=va:afxdp", "--interfaces");
            assertMisuse(wire, "explain udp 10.77.0.2:9 --interfaces=va:afxpd", "did you mean afxdp?");
            assertMisuse(wire, "explain udp 10.77.0.2:9 -Daccel.firewal=ignore", "did you mean accel.firewall?");
            assertMisuse(wire, "explain join 10.77.0.2", "is no group");
        }
    }

    private static void assertMisuse(Wire wire, String line, String told) {
        final Program asked = Jvm.plain().tool(wire.a(), line);
        assertThat(asked.join()).as(asked.toString()).isEqualTo(MISUSE);
        assertThat(asked.err()).contains(told);
    }
}
