package io.accel.core.efvi;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.testing.Agent;
import io.accel.core.testing.EthernetFrames;
import io.accel.core.testing.VethPairExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What cannot be opened says why; faults that the NIC tells of are events, their buffers come back, and all that is lost is counted. */
class EfviTroubleTest {
    private static final String A = "10.77.0.1";
    private static final String B = "10.77.0.2";
    @RegisterExtension
    private static final VethPairExtension PAIR = VethPairExtension.ipv4();

    /** With the VI open, a filter on port 7000, and a kernel socket on 7001. */
    private static Agent open(String... environment) {
        final Agent agent = EfviAgent.start(PAIR.a(), environment);
        assertThat(agent.ask("open va")).startsWith("ok ");
        assertThat(agent.ask("filter " + A + " 7000")).isEqualTo("ok");
        return agent;
    }

    private static Agent peer() {
        final Agent agent = EfviAgent.start(PAIR.b());
        assertThat(agent.ask("bind 7001")).isEqualTo("ok");
        return agent;
    }

    private static String toPeer(String text) {
        return HexFormat.of().formatHex(EthernetFrames.udp(PAIR.a().mac(), PAIR.b().mac(), A, 7000, B, 7001, text));
    }

    private static String payload(String frame) {
        final byte[] bytes = HexFormat.of().parseHex(frame);
        return new String(bytes, 42, bytes.length - 42, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "driver=ENOENT, NO_DRIVER, /dev/sfc_char", "driver=EACCES, NO_PRIVILEGE, root", "pd=ENODEV, NO_DRIVER, protection domain",
        "vi=EBUSY, QUEUE_TAKEN, receive VI", "vi=EPERM, NO_PRIVILEGE, receive VI",
    })
    void tellsWhyItCannotOpen(String fault, String reason, String text) {
        try (Agent a = EfviAgent.start(PAIR.a(), "SIM_FAULTS=" + fault)) {
            assertThat(a.ask("open va")).startsWith(reason + " ").contains("efvi on va", text);
        }
    }

    @Test
    void tellsOfAMissingLibraryOrInterface() {
        try (Agent a = EfviAgent.start(PAIR.a())) {
            assertThat(a.ask("open nosuch0")).startsWith("NO_INTERFACE").contains("nosuch0");
        }
        try (Agent a = Agent.start(PAIR.a(), EfviAgent.class)) {
            a.ask("option accel.efvi.library /nowhere/libaccel_efvi.so");
            assertThat(a.ask("open va")).startsWith("NO_NATIVE_LIBRARY").contains("/nowhere/", "-DONLOAD_ROOT=", "accel.efvi.library");
        }
    }

    @ParameterizedTest
    @CsvSource({"ENOSPC, FILTER_TABLE_FULL", "EPERM, NO_PRIVILEGE", "EBUSY, FILTER_TAKEN", "EOPNOTSUPP, FILTER_UNSUPPORTED"})
    void tellsWhyAFilterIsRefused(String error, String reason) {
        try (Agent a = EfviAgent.start(PAIR.a(), "SIM_FAULTS=filter=" + error)) {
            a.ask("open va");
            assertThat(a.ask("filter " + A + " 7000")).startsWith(reason + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x2", "x2 merged", "x3"})
    void discardsAreToldWithTheirCauseAndTheirBuffersComeBack(String nic) {
        try (Agent a = EfviAgent.start(PAIR.a(), "SIM_NIC=" + nic.split(" ")[0], "SIM_FAULTS=discard=crc@2,discard=csum@4");
             Agent b = peer()) {
            a.ask("option accel.efvi.merge " + nic.contains("merged"));
            assertThat(a.ask("open va")).startsWith("ok ");
            assertThat(a.ask("filter " + A + " 7000")).isEqualTo("ok");
            b.ask("transmit 7001 " + A + " 7000 some 5");
            final String[] events = a.ask("poll 5").split(" ");
            assertThat(events).hasSize(5);
            assertThat(payload(events[0])).isEqualTo("some");
            assertThat(events[1]).startsWith("2/2:");
            assertThat(events[3]).startsWith("2/0:");
            assertThat(payload(events[4])).isEqualTo("some");
            assertThat(a.ask("drops")).contains("rx_bad_crc=1", "rx_bad_checksum=1");
            b.ask("transmit 7001 " + A + " 7000 more 3000");
            assertThat(a.ask("poll 3000").split(" ")).hasSize(3000);
        }
    }

    @ParameterizedTest
    @CsvSource({"7000, 4", "x2, 4", "x3, 1"})
    void aSendErrorLosesWhatTheQueueHeldAndNoMore(String nic, int lost) {
        try (Agent a = open("SIM_NIC=" + nic, "SIM_FAULTS=tx=bus@3"); Agent b = peer()) {
            assertThat(a.ask("send 2 1 " + toPeer("before"))).isEqualTo("2 0");
            assertThat(a.ask("send 4 4 " + toPeer("lost"))).isEqualTo("4 0");
            assertThat(a.ask("send 3 1 " + toPeer("after"))).isEqualTo("3 0");
            // EFCT refuses what comes behind the error, and takes it once the queue is set up anew.
            for (final String text : ("before before " + "lost ".repeat(4 - lost) + "after after after").split(" ")) {
                assertThat(b.ask("receive 7001")).isEqualTo(text);
            }
            assertThat(a.ask("drops")).contains("tx_bus_error=1", "tx_lost_with_an_error=" + lost);
            assertThat(a.ask("frames")).isEqualTo("0 0 0 0");
        }
    }

    @ParameterizedTest
    @CsvSource({"reset@3, 6/0:", "overflow@3, 5/0:"})
    void aResetOrAnOverflowIsTheLastEvent(String fault, String told) {
        try (Agent a = open("SIM_FAULTS=" + fault); Agent b = peer()) {
            b.ask("transmit 7001 " + A + " 7000 some 2");
            assertThat(a.ask("poll 2").split(" ")).hasSize(2);
            b.ask("transmit 7001 " + A + " 7000 some 2");
            assertThat(a.ask("poll 1")).isEqualTo(told);
            assertThat(a.ask("prime")).isEqualTo("true");
            assertThat(a.ask("idle")).isEqualTo("0");
            assertThat(a.ask("close")).startsWith("ok");
            assertThat(a.ask("open va")).startsWith("ok ");
        }
    }

    @Test
    void mergedEventsAreUnbundled() {
        try (Agent a = EfviAgent.start(PAIR.a()); Agent b = peer()) {
            a.ask("option accel.efvi.merge true");
            assertThat(a.ask("open va")).startsWith("ok ef10 ctpio merged");
            a.ask("filter " + A + " 7000");
            for (int i = 0; i < 40; i++) {
                b.ask("transmit 7001 " + A + " 7000 merged" + i + " 100");
                for (final String frame : a.ask("poll 100").split(" ")) {
                    assertThat(payload(frame)).isEqualTo("merged" + i);
                }
            }
            assertThat(a.ask("idle")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void longFramesComeInPartsInOrder(boolean merge) {
        PAIR.a().run("ip", "link", "set", "va", "mtu", "9000");
        PAIR.b().run("ip", "link", "set", "vb", "mtu", "9000");
        final String text = "0123456789abcdef".repeat(500);
        try (Agent a = EfviAgent.start(PAIR.a()); Agent b = peer()) {
            a.ask("option accel.efvi.merge " + merge);
            assertThat(a.ask("open va")).startsWith("ok ");
            a.ask("filter " + A + " 7000");
            b.ask("transmit 7001 " + A + " 7000 " + text + " 20");
            final String[] parts = a.ask("poll 100").split(" ");
            assertThat(parts).hasSize(100);
            for (int i = 0; i < parts.length; i += 5) {
                assertThat(parts[i + 4]).doesNotContain("+");
                final String frame = String.join("", java.util.Arrays.copyOfRange(parts, i, i + 5));
                assertThat(frame.chars().filter(c -> c == '+').count()).isEqualTo(4);
                assertThat(payload(frame.replace("+", ""))).isEqualTo(text);
            }
            assertThat(a.ask("idle")).isEqualTo("0");
        } finally {
            PAIR.a().run("ip", "link", "set", "va", "mtu", "1500");
            PAIR.b().run("ip", "link", "set", "vb", "mtu", "1500");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x2", "x3"})
    void timestampsAreThoseOfTheNic(String nic) {
        try (Agent a = EfviAgent.start(PAIR.a(), "SIM_NIC=" + nic); Agent b = peer()) {
            a.ask("option accel.efvi.timestamps true");
            assertThat(a.ask("open va")).startsWith("ok ");
            assertThat(a.ask("capabilities")).endsWith(" true");
            a.ask("filter " + A + " 7000");
            b.ask("transmit 7001 " + A + " 7000 stamped 1");
            final String[] stamp = a.ask("stamp").split(" ");
            assertThat(stamp[0]).isEqualTo("7");
            assertThat(Long.parseLong(stamp[1])).isLessThan(2000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7000", "x2", "x3"})
    void sentFramesAreToldOneByOneWithTheirTime(String nic) {
        try (Agent a = EfviAgent.start(PAIR.a(), "SIM_NIC=" + nic); Agent b = peer()) {
            a.ask("option accel.efvi.tx.timestamps true");
            assertThat(a.ask("open va")).startsWith("ok ");
            // More than the ring has descriptors, so that each must come back.
            for (int i = 0; i < 100; i++) {
                assertThat(a.ask("send 16 " + (i % 2 == 0 ? 16 : 1) + " " + toPeer("stamped"))).isEqualTo("16 0");
                for (int n = 0; n < 16; n++) {
                    assertThat(b.ask("receive 7001")).isEqualTo("stamped");
                }
            }
            assertThat(a.ask("frames")).isEqualTo("0 0 0 0");
            assertThat(a.ask("events")).contains("TX_WITH_TIMESTAMP=1600", "UNKNOWN=0");
        }
    }

    @Test
    void withoutTheOptionNothingIsToldOneByOne() {
        try (Agent a = open(); Agent b = peer()) {
            assertThat(a.ask("send 1 1 " + toPeer("plain"))).isEqualTo("1 0");
            assertThat(b.ask("receive 7001")).isEqualTo("plain");
            assertThat(a.ask("events")).doesNotContain("TX_WITH_TIMESTAMP");
        }
    }

    @ParameterizedTest
    @CsvSource({"x2, false", "x2, true", "x3, false"})
    void softwareEventsAreCountedOnBothSides(String nic, boolean merge) {
        try (Agent a = EfviAgent.start(PAIR.a(), "SIM_NIC=" + nic, "SIM_FAULTS=sw=rx@2,sw=tx@1"); Agent b = peer()) {
            a.ask("option accel.efvi.merge " + merge);
            assertThat(a.ask("open va")).startsWith("ok ");
            assertThat(a.ask("filter " + A + " 7000")).isEqualTo("ok");
            b.ask("transmit 7001 " + A + " 7000 some 3");
            assertThat(a.ask("poll 3").split(" ")).hasSize(3);
            assertThat(a.ask("events")).contains("SOFTWARE=1", "UNKNOWN=0");
            assertThat(a.ask("send 1 1 " + toPeer("some"))).isEqualTo("1 0");
            assertThat(a.ask("frames")).isEqualTo("0 0 0 0");
            assertThat(a.ask("events")).contains("SOFTWARE=2", "UNKNOWN=0");
        }
    }

    /** Adding a filter empties the wire into the event queue, from whatever thread; who sleeps must hear of it. */
    @ParameterizedTest
    @ValueSource(strings = {"7000", "x2", "x3"})
    void aSleeperHearsOfWhatAnotherThreadTookFromTheWire(String nic) {
        try (Agent a = open("SIM_NIC=" + nic); Agent b = peer()) {
            assertThat(a.ask("prime")).isEqualTo("false");
            b.ask("transmit 7001 " + A + " 7000 wake 1");
            assertThat(a.ask("filter " + A + " 7005")).isEqualTo("ok");
            assertThat(a.ask("readable")).isEqualTo("1");
            assertThat(payload(a.ask("poll 1"))).isEqualTo("wake");
            assertThat(a.ask("prime")).isEqualTo("false");
            assertThat(a.ask("readable")).isEqualTo("0");
        }
    }

    @Test
    void lentPacketsLieInRegionsThatAreAddedOnce() {
        try (Agent a = open("SIM_NIC=x3"); Agent b = peer()) {
            assertThat(a.ask("regions")).isEqualTo("1 0");
            for (int i = 0; i < 50; i++) {
                b.ask("transmit 7001 " + A + " 7000 lent 100");
                assertThat(a.ask("poll 100").split(" ")).hasSize(100);
            }
            assertThat(a.ask("regions")).isIn("2 1", "3 2");
        }
    }

    /** The simulated NIC ends the process when a ring starves while descriptors are held back. */
    @ParameterizedTest
    @ValueSource(ints = {8, 64, 256})
    void refillingManyAtOnceLosesNothing(int refill) {
        try (Agent a = EfviAgent.start(PAIR.a()); Agent b = peer()) {
            a.ask("option accel.efvi.refill " + refill);
            assertThat(a.ask("open va")).startsWith("ok ");
            assertThat(a.ask("filter " + A + " 7000")).isEqualTo("ok");
            for (int i = 0; i < 20; i++) {
                b.ask("transmit 7001 " + A + " 7000 some 200");
                assertThat(a.ask("poll 200").split(" ")).hasSize(200);
            }
            assertThat(a.ask("drops")).contains("rx_no_descriptors=0");
        }
    }

    /** As many as the ring has descriptors are kept and none comes back: the spare ones take their place. */
    @Test
    void spareBuffersReplaceThoseThatAreKept() {
        try (Agent a = EfviAgent.start(PAIR.a(), "SIM_NIC=x2"); Agent b = peer()) {
            assertThat(a.ask("open va")).startsWith("ok ");
            assertThat(a.ask("filter " + A + " 7000")).isEqualTo("ok");
            for (int i = 0; i < 5; i++) {
                b.ask("transmit 7001 " + A + " 7000 kept 100");
                assertThat(a.ask("retain 100").split(" ")).hasSize(100);
            }
            b.ask("transmit 7001 " + A + " 7000 some 200");
            assertThat(a.ask("poll 200").split(" ")).hasSize(200);
            assertThat(a.ask("drops")).contains("rx_no_descriptors=0");
        }
    }

    @ParameterizedTest
    @CsvSource({"auto, ef10 ctpio", "store, ef10 ctpio", "cut-through, ef10 ctpio", "off, ef10 dma"})
    void loneFramesLeaveByEachCtpioMode(String ctpio, String mode) {
        try (Agent a = EfviAgent.start(PAIR.a(), "SIM_NIC=x2"); Agent b = peer()) {
            a.ask("option accel.efvi.ctpio " + ctpio);
            assertThat(a.ask("open va")).startsWith("ok " + mode);
            for (int i = 0; i < 10; i++) {
                assertThat(a.ask("send 1 1 " + toPeer("lone" + i))).isEqualTo("1 0");
                assertThat(b.ask("receive 7001")).isEqualTo("lone" + i);
            }
            assertThat(a.ask("drops")).contains("tx_lost_with_an_error=0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "vf", "phys", "express"})
    void eachDomainIsAskedFor(String domain) {
        try (Agent a = EfviAgent.start(PAIR.a()); Agent b = peer()) {
            a.ask("option accel.efvi.domain " + domain);
            assertThat(a.ask("open va")).startsWith("ok ");
            assertThat(a.ask("send 1 1 " + toPeer("domain"))).isEqualTo("1 0");
            assertThat(b.ask("receive 7001")).isEqualTo("domain");
        }
    }

    /** The stream is the cluster's choice; of its frames each member has those that hash to it, whatever filters are asked for. */
    @ParameterizedTest
    @ValueSource(strings = {"7000", "x2", "x3"})
    void aClustersMemberReceivesItsShareAndSendsByTheInterface(String nic) {
        final String cluster = "SIM_CLUSTER=web:va:2:" + A + ":7000";
        try (Agent first = EfviAgent.start(PAIR.a(), "SIM_NIC=" + nic, cluster); Agent b = peer();
             Agent second = EfviAgent.start(PAIR.a(), "SIM_NIC=" + nic, cluster)) {
            assertThat(first.ask("open 0@web")).startsWith("ok ").contains(" cluster ");
            assertThat(second.ask("open 1@web")).startsWith("ok ").contains(" cluster ");
            assertThat(first.ask("filter " + A + " 9999")).isEqualTo("ok");
            b.ask("transmit 7001 " + A + " 7000 share 50");
            final String of0 = first.ask("idle"), of1 = second.ask("idle");
            assertThat(Integer.parseInt(of0) + Integer.parseInt(of1)).isEqualTo(50);
            assertThat(Math.min(Integer.parseInt(of0), Integer.parseInt(of1))).as("one flow has one member").isZero();
            for (final Agent each : new Agent[] {first, second}) {
                assertThat(each.ask("send 1 1 " + toPeer("by member"))).isEqualTo("1 0");
                assertThat(b.ask("receive 7001")).isEqualTo("by member");
                assertThat(each.ask("close")).startsWith("ok");
            }
        }
    }

    @Test
    void aClusterThatIsNotThereIsTold() {
        try (Agent a = EfviAgent.start(PAIR.a())) {
            assertThat(a.ask("open 0@web")).startsWith("NO_INTERFACE ").contains("efvi on 0@web", "solar_clusterd");
        }
    }

    @Test
    void opensAndClosesManyTimesWithoutALeak() {
        try (Agent a = EfviAgent.start(PAIR.a())) {
            final String[] held = a.ask("cycle va 50").split(" ");
            assertThat(held).hasSize(2);
            assertThat(held[1]).isEqualTo(held[0]);
        }
    }
}
