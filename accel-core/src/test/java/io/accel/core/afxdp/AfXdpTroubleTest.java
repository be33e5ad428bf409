package io.accel.core.afxdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.testing.Agent;
import io.accel.core.testing.EthernetFrames;
import io.accel.core.testing.VethPair;
import io.accel.core.testing.VethPairExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** What cannot be opened says why and what to do; what was open survives a link that goes down and leaves nothing when killed. */
class AfXdpTroubleTest {
    @RegisterExtension
    private final VethPairExtension pair = VethPairExtension.ipv4();

    @Test
    void tellsWhatIsWrongWithAnInterfaceAndOpensItOnceItIsUp() {
        try (Agent a = Agent.start(pair.a(), AfXdpAgent.class)) {
            assertThat(a.ask("open nosuch0")).startsWith("NO_INTERFACE").contains("nosuch0", "accel.interfaces");
            assertThat(a.ask("open a-name-longer-than-any-interface")).startsWith("NO_INTERFACE");
            pair.a().run("ip", "link", "set", "va", "down");
            assertThat(a.ask("open va")).startsWith("INTERFACE_DOWN").contains("ip link set va up");
            pair.a().run("ip", "link", "set", "va", "up");
            // Configuration complains of it, and the default counts.
            a.ask("option accel.afxdp.ring 1000");
            assertThat(a.ask("open va")).isEqualTo("ok generic copy");
        }
    }

    @Test
    void tellsWhichModeRuns() {
        try (Agent a = Agent.start(pair.a(), AfXdpAgent.class)) {
            a.ask("option accel.afxdp.mode native");
            assertThat(a.ask("open va")).isEqualTo("ok native copy");
            assertThat(pair.a().run("ip", "link", "show", "va")).contains("xdp").doesNotContain("xdpgeneric");
            a.ask("close");
            a.ask("option accel.afxdp.mode zero-copy");
            assertThat(a.ask("open va")).startsWith("NO_DRIVER").contains("accel.afxdp.mode=generic");
            assertThat(pair.a().run("ip", "link", "show", "va")).doesNotContain("xdp");
        }
    }

    @Test
    void secondOwnerIsRefusedAndAKilledOneLeavesNothing() {
        try (Agent first = Agent.start(pair.a(), AfXdpAgent.class); Agent second = Agent.start(pair.a(), AfXdpAgent.class)) {
            assertThat(first.ask("open va")).isEqualTo("ok generic copy");
            assertThat(pair.a().run("ip", "link", "show", "va")).contains("xdpgeneric");
            assertThat(second.ask("open va")).startsWith("QUEUE_TAKEN").contains("ip link show dev va");
            first.kill();
            assertThat(pair.a().run("ip", "link", "show", "va")).doesNotContain("xdp");
            assertThat(second.ask("open va")).isEqualTo("ok generic copy");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"net_raw", "net_admin", "bpf", "perfmon"})
    void namesTheMissingCapability(String missing) {
        final String held = "-all,+net_raw,+net_admin,+bpf,+perfmon,+ipc_lock,+dac_override".replace(",+" + missing, "");
        try (Agent a = Agent.start(pair.a(), List.of("setpriv", "--bounding-set", held), AfXdpAgent.class)) {
            assertThat(a.ask("open va")).startsWith("NO_PRIVILEGE")
                .contains("this process lacks CAP_" + missing.toUpperCase(Locale.ROOT) + ")",
                    "setcap cap_net_raw,cap_net_admin,cap_bpf,cap_perfmon");
        }
    }

    @Test
    void namesTheLockedMemoryThatItNeeds() {
        final List<String> launcher = List.of("prlimit", "--memlock=2097152:2097152", "setpriv", "--bounding-set",
            "-all,+net_raw,+net_admin,+bpf,+perfmon,+dac_override");
        try (Agent a = Agent.start(pair.a(), launcher, AfXdpAgent.class)) {
            a.ask("option accel.afxdp.frames 8192");
            assertThat(a.ask("open va")).startsWith("MEMLOCK").contains("'ulimit -l 16384'", "2048 KiB", "CAP_IPC_LOCK",
                "-Daccel.afxdp.frames=1024");
        }
    }

    @Test
    void framesQueuedWhileTheLinkIsDownGoOutWhenItIsUp() {
        try (Agent a = Agent.start(pair.a(), AfXdpAgent.class); Agent b = Agent.start(pair.b(), AfXdpAgent.class)) {
            b.ask("bind 7001");
            a.ask("open va");
            assertThat(a.ask("link")).isEqualTo("1");
            final String frame = HexFormat.of().formatHex(
                EthernetFrames.udp(pair.a().mac(), pair.b().mac(), "10.77.0.1", 7000, "10.77.0.2", 7001, "queued"));
            pair.a().run("ip", "link", "set", "va", "down");
            assertThat(a.ask("link")).isEqualTo("0");
            assertThat(a.ask("send 3 1 " + frame)).isEqualTo("3 -100");
            pair.a().run("ip", "link", "set", "va", "up");
            assertThat(a.ask("flush")).isEqualTo("ok");
            for (int i = 0; i < 3; i++) {
                assertThat(b.ask("receive 7001")).isEqualTo("queued");
            }
            pair.a().run("ip", "link", "del", "va");
            assertThat(a.ask("link")).isEqualTo("-1");
            assertThat(a.ask("send 1 1 " + frame)).matches("1 -(6|100)");
            assertThat(a.ask("close")).startsWith("ok");
        }
    }

    @Test
    void opensAndClosesManyTimesWithoutALeak() {
        try (Agent a = Agent.start(pair.a(), AfXdpAgent.class)) {
            a.ask("option accel.afxdp.ring 64");
            a.ask("option accel.afxdp.frames 256");
            final String[] held = a.ask("cycle va 200").split(" ");
            assertThat(held).hasSize(2);
            assertThat(held[1]).isEqualTo(held[0]);
        }
    }

    @Test
    void oneSocketPerReceiveQueue() {
        pair.a().run("ip", "link", "del", "va");
        pair.a().run("ip", "link", "add", "va", "numrxqueues", "4", "numtxqueues", "4", "type", "veth", "peer", "name", "vb", "netns",
            pair.b().namespace(), "numrxqueues", "4", "numtxqueues", "4");
        for (final VethPair.End end : List.of(pair.a(), pair.b())) {
            end.run("ip", "addr", "add", end.address() + "/24", "dev", end.device());
            end.run("ip", "link", "set", end.device(), "up");
        }
        try (Agent a = Agent.start(pair.a(), AfXdpAgent.class); Agent b = Agent.start(pair.b(), AfXdpAgent.class)) {
            pair.a().run("ethtool", "-L", "va", "rx", "4", "tx", "4");
            assertThat(a.ask("open va")).isEqualTo("ok generic copy");
            assertThat(a.ask("filter 10.77.0.1 7000")).isEqualTo("ok");
            final String before = a.ask("frames");
            b.ask("bind 7001");
            b.ask("transmit 7001 10.77.0.1 7000 many 100");
            assertThat(a.ask("poll 100").split(" ")).hasSize(100);
            assertThat(a.ask("frames")).isEqualTo(before);
        }
    }
}
