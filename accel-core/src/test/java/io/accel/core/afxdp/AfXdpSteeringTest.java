package io.accel.core.afxdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.testing.Agent;
import io.accel.core.testing.EthernetFrames;
import io.accel.core.testing.EthernetViContract;
import io.accel.core.testing.VethPair;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** The contract over AF_XDP, and what the XDP program leaves to the kernel. */
class AfXdpSteeringTest extends EthernetViContract {
    @Override
    protected Agent startAgent(VethPair.End end) {
        return Agent.start(end, AfXdpAgent.class);
    }

    @Override
    protected Agent startOther(VethPair.End end) {
        return Agent.start(end, AfXdpAgent.class);
    }

    @Override
    protected String mode() {
        return "generic copy";
    }

    @Override
    protected String[] noDrops() {
        return new String[] {"rx_dropped=0", "rx_ring_full=0", "tx_dropped_by_device=0"};
    }

    @Test
    void refusesWhatItCannotFilter() {
        assertThat(a.ask("filter " + A + " 7000")).startsWith("FILTER_TAKEN").contains("installed already");
        assertThat(a.ask("filter " + A + " 7000 fd00::1 7000")).startsWith("FILTER_UNSUPPORTED").contains("one IP version");
        assertThat(a.ask("filter 0.0.0.0 7000")).startsWith("FILTER_UNSUPPORTED").contains("one filter per local address or group");
    }

    @Test
    void stealsAGroupThatComesWithTheGroupsMacAddress() {
        assertThat(a.ask("filter 239.77.5.6 7003")).isEqualTo("ok");
        // 238.205.5.6 has the same MAC address, RFC 1112 6.4: the group decides. A group to our own address is the kernel's affair.
        sendFromB(EthernetFrames.udp(PAIR.b().mac(), "01:00:5e:4d:05:06", B, 7000, "238.205.5.6", 7003, "twin"));
        sendFromB(EthernetFrames.udp(PAIR.b().mac(), PAIR.a().mac(), B, 7000, "239.77.5.6", 7003, "unicast"));
        sendFromB(EthernetFrames.udp(PAIR.b().mac(), "01:00:5e:4d:05:07", B, 7000, "239.77.5.6", 7003, "neighbour"));
        sendFromB(EthernetFrames.udp(PAIR.b().mac(), "01:00:5e:4d:05:06", B, 7000, "239.77.5.6", 7003, "group"));
        assertThat(payload(a.ask("poll 1"))).isEqualTo("group");
        assertThat(a.ask("idle")).isEqualTo("0");
        assertThat(a.ask("unfilter 7003")).isEqualTo("ok");
        sendFromB(EthernetFrames.udp(PAIR.b().mac(), "01:00:5e:4d:05:06", B, 7000, "239.77.5.6", 7003, "left"));
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void passesIpOptions() {
        sendFromB(EthernetFrames.udp(PAIR.b().mac(), PAIR.a().mac(), B, 7000, A, STOLEN, "options".getBytes(StandardCharsets.UTF_8), 0, 4));
        assertThat(a.ask("receive 7000")).isEqualTo("options");
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void passesFramesToAnotherMacAndShortLengths() {
        sendFromB(EthernetFrames.udp(PAIR.b().mac(), "ff:ff:ff:ff:ff:ff", B, 7000, A, STOLEN, "broadcast"));
        assertThat(a.ask("receive 7000")).isEqualTo("broadcast");
        final byte[] lying = EthernetFrames.udp(PAIR.b().mac(), PAIR.a().mac(), B, 7000, A, STOLEN, "lying");
        lying[39] += 1;
        sendFromB(lying);
        b.ask("transmit 7001 " + A + " 7000 honest 1");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("honest");
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void stealsPaddedFrames() {
        final byte[] datagram = EthernetFrames.udp(PAIR.b().mac(), PAIR.a().mac(), B, 7000, A, STOLEN, "pad");
        sendFromB(Arrays.copyOf(datagram, 60));
        assertThat(a.ask("poll 1")).startsWith(HexFormat.of().formatHex(datagram)).hasSize(120);
    }

    @Test
    void followsAChangedMacAddress() {
        final String old = PAIR.a().mac();
        try {
            PAIR.a().run("ip", "link", "set", "va", "address", "02:00:00:00:00:77");
            a.ask("mac");
            sendFromB(EthernetFrames.udp(PAIR.b().mac(), old, B, 7000, A, STOLEN, "old"));
            sendFromB(EthernetFrames.udp(PAIR.b().mac(), "02:00:00:00:00:77", B, 7000, A, STOLEN, "new"));
            assertThat(payload(a.ask("poll 1"))).isEqualTo("new");
            assertThat(a.ask("idle")).isEqualTo("0");
        } finally {
            PAIR.a().run("ip", "link", "set", "va", "address", old);
        }
    }

    @Test
    void needsOneNativeCallPerBurstAndNoneToReceive() {
        final String[] before = a.ask("calls").split(" ");
        assertThat(a.ask("send 128 32 " + fromA("burst"))).isEqualTo("128 0");
        b.ask("transmit 7001 " + A + " 7000 in 100");
        assertThat(a.ask("poll 100").split(" ")).hasSize(100);
        final String[] after = a.ask("calls").split(" ");
        assertThat(Integer.parseInt(after[1]) - Integer.parseInt(before[1])).isEqualTo(4);
        assertThat(after[0]).isEqualTo(before[0]);
        for (int i = 0; i < 128; i++) {
            assertThat(b.ask("receive 7001")).isEqualTo("burst");
        }
    }

    @Test
    void postponesNoMoreThan32FramesAndFlushesThem() {
        final int before = Integer.parseInt(a.ask("calls").split(" ")[1]);
        assertThat(a.ask("postpone 5 " + fromA("late"))).isEqualTo("1 2 3 4 5");
        assertThat(a.ask("calls")).endsWith(" " + before);
        assertThat(a.ask("flush")).isEqualTo("ok");
        assertThat(a.ask("flush")).isEqualTo("ok");
        assertThat(a.ask("calls")).endsWith(" " + (before + 1));
        assertThat(a.ask("postpone 32 " + fromA("late"))).endsWith(" 31 0");
        assertThat(a.ask("calls")).endsWith(" " + (before + 2));
        for (int i = 0; i < 37; i++) {
            assertThat(b.ask("receive 7001")).isEqualTo("late");
        }
    }
}
