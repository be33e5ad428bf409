package io.accel.core.efvi;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.afxdp.AfXdpAgent;
import io.accel.core.testing.Agent;
import io.accel.core.testing.EthernetFrames;
import io.accel.core.testing.EthernetViContract;
import io.accel.core.testing.VethPair;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HexFormat;

/** The contract on a simulated NIC with kernel peers, and what is ef_vi's own. */
abstract class EfviContract extends EthernetViContract {
    /** As SIM_NIC names it. */
    abstract String nic();

    @Override
    protected Agent startAgent(VethPair.End end) {
        return EfviAgent.start(end, "SIM_NIC=" + nic());
    }

    @Override
    protected Agent startOther(VethPair.End end) {
        return Agent.start(end, AfXdpAgent.class);
    }

    @Override
    protected String[] noDrops() {
        return new String[] {"rx_bad_checksum=0", "rx_bad_crc=0", "rx_unreachable=0", "tx_lost_with_an_error=0", "tx_fifo_stalled=0",
            "tx_refused=0"};
    }

    @Test
    void oneNativeCallForEachBurst() {
        final long before = sends();
        assertThat(a.ask("send 128 32 " + fromA("burst"))).isEqualTo("128 0");
        assertThat(sends() - before).isEqualTo(4);
        for (int i = 0; i < 128; i++) {
            assertThat(b.ask("receive 7001")).isEqualTo("burst");
        }
    }

    private long sends() {
        return Long.parseLong(a.ask("calls").split(" ")[1]);
    }

    @Test
    void nothingWaitsForADoorbell() {
        assertThat(a.ask("postpone 5 " + fromA("now"))).isEqualTo("0 0 0 0 0");
        for (int i = 0; i < 5; i++) {
            assertThat(b.ask("receive 7001")).isEqualTo("now");
        }
    }

    @Test
    void stealsPaddedFrames() {
        final byte[] datagram = EthernetFrames.udp(PAIR.b().mac(), PAIR.a().mac(), B, 7000, A, STOLEN, "pad");
        sendFromB(Arrays.copyOf(datagram, 60));
        assertThat(a.ask("poll 1")).startsWith(HexFormat.of().formatHex(datagram)).hasSize(120);
    }

    @Test
    void filtersThatTheLibraryOrTheNicHasNot() {
        assertThat(a.ask("filter " + A + " 7000")).startsWith("FILTER_TAKEN").contains("installed already");
        assertThat(a.ask("filter 0.0.0.0 7000")).startsWith("FILTER_UNSUPPORTED").contains("one filter per local address");
        assertThat(a.ask("spec STEAL udp=" + A + ":7 ethertype=0x0800")).startsWith("FILTER_UNSUPPORTED")
            .contains("no filter for this combination");
        assertThat(a.ask("mode SNIFF " + A)).startsWith("FILTER_UNSUPPORTED").contains("not sniff");
        assertThat(a.ask("mode REPLICATE " + A)).startsWith("FILTER_UNSUPPORTED").contains("can only steal");
        assertThat(a.ask("filter 2001:db8::1 7000")).isEqualTo("ok");
    }

    @Test
    void stealsAnEtherType() {
        assertThat(a.ask("spec STEAL ethertype=0x88b5")).isEqualTo("ok");
        final byte[] frame = Arrays.copyOf(EthernetFrames.udp(PAIR.b().mac(), PAIR.a().mac(), B, 1, A, 2, "x".repeat(40)), 80);
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        sendFromB(frame);
        assertThat(a.ask("poll 1")).isEqualTo(HexFormat.of().formatHex(frame));
    }
}
