package io.accel.core.afxdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.accel.core.testing.Agent;
import io.accel.core.testing.EthernetFrames;
import io.accel.core.testing.VethPair;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Side a holds the VI and kernel sockets; side b is the kernel's, with a VI of its own where a test needs odd frames. */
class AfXdpSteeringTest {
    private static final String A = "10.77.0.1";
    private static final String B = "10.77.0.2";
    private static final int STOLEN = 7000;
    private static final int KERNEL = 7001;

    private static VethPair pair;
    private static Agent a;
    private static Agent b;

    @BeforeAll
    static void createPair() {
        assumeTrue(VethPair.isPossible(), "needs root");
        pair = VethPair.create();
        a = Agent.start(pair.a(), AfXdpAgent.class);
        b = Agent.start(pair.b(), AfXdpAgent.class);
        for (final int port : new int[] {STOLEN, KERNEL}) {
            assertThat(a.ask("bind " + port)).isEqualTo("ok");
            assertThat(b.ask("bind " + port)).isEqualTo("ok");
        }
    }

    @AfterAll
    static void removePair() {
        if (pair != null) {
            a.close();
            b.close();
            pair.close();
        }
    }

    @BeforeEach
    void open() {
        assertThat(a.ask("open va")).isEqualTo("ok generic copy");
        assertThat(a.ask("filter " + A + " " + STOLEN)).isEqualTo("ok");
    }

    @AfterEach
    void close() {
        assertThat(a.ask("close")).startsWith("ok");
    }

    @Test
    void stealsTheFilteredPortAndPassesAnother() {
        b.ask("transmit 7001 " + A + " 7001 kernel 1");
        b.ask("transmit 7001 " + A + " 7000 stolen 1");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("stolen");
        assertThat(a.ask("receive 7001")).isEqualTo("kernel");
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void sendsToAKernelPeer() {
        assertThat(a.ask("send 3 3 " + fromA("out"))).isEqualTo("3 0");
        for (int i = 0; i < 3; i++) {
            assertThat(b.ask("receive 7001")).isEqualTo("out");
        }
    }

    static String payload(String hex) {
        final byte[] frame = HexFormat.of().parseHex(hex);
        return new String(frame, 42, frame.length - 42, StandardCharsets.UTF_8);
    }

    private static String fromA(String text) {
        return HexFormat.of().formatHex(EthernetFrames.udp(pair.a().mac(), pair.b().mac(), A, KERNEL, B, KERNEL, text));
    }
}
