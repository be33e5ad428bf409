package io.accel.core.efvi;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.testing.Agent;
import io.accel.core.testing.EthernetFrames;
import io.accel.core.testing.VethPairExtension;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Every kind of filter that ef_vi has, by what it delivers, what it keeps from the kernel, and how it is refused. */
class EfviFilterTest {
    private static final String A = "10.77.0.1";
    private static final String B = "10.77.0.2";
    private static final String STRANGER = "02:00:00:00:00:99";
    @RegisterExtension
    private static final VethPairExtension PAIR = VethPairExtension.ipv6();

    private static Agent b;

    @BeforeAll
    static void startPeer() {
        b = EfviAgent.start(PAIR.b());
        assertThat(b.ask("open vb")).startsWith("ok ");
        assertThat(b.ask("bind 7001")).isEqualTo("ok");
    }

    @AfterAll
    static void stopPeer() {
        b.close();
    }

    private static Agent open(String nic, String... faults) {
        final Agent agent = EfviAgent.start(PAIR.a(), "SIM_NIC=" + nic, "SIM_FAULTS=" + String.join(",", faults));
        assertThat(agent.ask("open va")).startsWith("ok ");
        assertThat(agent.ask("bind 7000")).isEqualTo("ok");
        return agent;
    }

    private static byte[] toA(String mac, String text) {
        return EthernetFrames.udp(PAIR.b().mac(), mac, B, 7001, A, 7000, text);
    }

    private static byte[] tagged(byte[] frame, int vlan) {
        return ByteBuffer.allocate(frame.length + 4).put(frame, 0, 12).putShort((short) 0x8100).putShort((short) vlan)
            .put(frame, 12, frame.length - 12).array();
    }

    private static String hex(byte[] frame) {
        return HexFormat.of().formatHex(frame);
    }

    private static void send(byte[] frame) {
        assertThat(b.ask("send 1 1 " + hex(frame))).isEqualTo("1 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7000", "x2", "x3"})
    void aVlanIsPartOfTheStream(String nic) {
        try (Agent a = open(nic)) {
            assertThat(a.ask("spec STEAL udp=" + A + ":7000 vlan=5")).isEqualTo("ok");
            send(tagged(toA(PAIR.a().mac(), "other vlan"), 6));
            send(toA(PAIR.a().mac(), "untagged"));
            final byte[] wanted = tagged(toA(PAIR.a().mac(), "of the filter's own vlan"), 5);
            send(wanted);
            assertThat(a.ask("poll 1")).isEqualTo(hex(wanted));
            assertThat(a.ask("receive 7000")).isEqualTo("untagged");
            assertThat(a.ask("idle")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x2", "x3"})
    void ipv6LocalAndFull(String nic) {
        final String here = PAIR.a().ipv6Address();
        try (Agent a = open(nic)) {
            assertThat(a.ask("filter " + here + " 7000 " + PAIR.b().ipv6Address() + " 7001")).isEqualTo("ok");
            assertThat(b.ask("bind 7002")).isIn("ok", "failed java.net.BindException: Address already in use");
            b.ask("transmit 7002 " + here + " 7000 kernel 1");
            b.ask("transmit 7001 " + here + " 7000 full 1");
            assertThat(a.ask("poll 1")).endsWith(hex("full".getBytes()));
            assertThat(a.ask("receive 7000")).isEqualTo("kernel");
            assertThat(a.ask("unfilter 7000")).isEqualTo("ok");
            assertThat(a.ask("filter " + here + " 7000")).isEqualTo("ok");
            b.ask("transmit 7002 " + here + " 7000 local 1");
            assertThat(a.ask("poll 1")).endsWith(hex("local".getBytes()));
        }
    }

    @Test
    void aMacAddressWithAVlanOrAnEtherType() {
        try (Agent a = open("x2")) {
            assertThat(a.ask("spec STEAL mac=" + STRANGER + " vlan=7")).isEqualTo("ok");
            send(toA(STRANGER, "untagged"));
            final byte[] wanted = tagged(toA(STRANGER, "of the filter's address and vlan"), 7);
            send(wanted);
            assertThat(a.ask("poll 1")).isEqualTo(hex(wanted));
            assertThat(a.ask("clear")).isEqualTo("ok");
            assertThat(a.ask("spec STEAL mac=" + STRANGER + " ethertype=0x0800")).isEqualTo("ok");
            assertThat(a.ask("spec STEAL mac=" + STRANGER + " proto=47")).isEqualTo("ok");
            send(toA(STRANGER, "ipv4"));
            assertThat(a.ask("poll 1")).startsWith(hex(toA(STRANGER, "ipv4")));
        }
    }

    @ParameterizedTest
    @CsvSource({"x2, UNICAST_ALL", "x3, UNICAST_ALL", "x2, BLOCK_KERNEL", "x3, BLOCK_KERNEL", "x2, BLOCK_KERNEL_UNICAST"})
    void whatKeepsAllFromTheKernel(String nic, String scope) {
        final boolean delivers = !scope.startsWith("BLOCK");
        try (Agent a = open(nic)) {
            assertThat(a.ask("spec STEAL scope=" + scope)).isEqualTo("ok");
            send(toA(PAIR.a().mac(), "a frame that the kernel has not seen"));
            if (delivers) {
                assertThat(a.ask("poll 1")).isEqualTo(hex(toA(PAIR.a().mac(), "a frame that the kernel has not seen")));
            }
            assertThat(a.ask("idle")).isEqualTo("0");
            assertThat(a.ask("clear")).isEqualTo("ok");
            send(toA(PAIR.a().mac(), "first that the kernel sees"));
            assertThat(a.ask("receive 7000")).isEqualTo("first that the kernel sees");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x2", "x3"})
    void multicastAll(String nic) {
        final byte[] frame = toA("01:00:5e:01:02:03", "to a group that nobody has joined");
        try (Agent a = open(nic)) {
            assertThat(a.ask("spec STEAL scope=MULTICAST_ALL")).startsWith("FILTER_UNSUPPORTED").contains("can only");
            assertThat(a.ask("spec REPLICATE scope=MULTICAST_ALL")).isEqualTo("ok");
            send(toA(PAIR.a().mac(), "unicast"));
            send(frame);
            assertThat(a.ask("poll 1")).isEqualTo(hex(frame));
            assertThat(a.ask("receive 7000")).isEqualTo("unicast");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x2", "x3"})
    void mismatchTakesWhatNobodyWants(String nic) {
        final byte[] stranger = toA(STRANGER, "to a stranger, who is not here");
        final byte[] group = toA("01:00:5e:01:02:03", "to a group that nobody has joined");
        try (Agent a = open(nic)) {
            assertThat(a.ask("spec STEAL scope=UNICAST_MISMATCH")).isEqualTo("ok");
            assertThat(a.ask("spec REPLICATE scope=MULTICAST_MISMATCH")).isEqualTo("ok");
            send(toA(PAIR.a().mac(), "ours"));
            send(toA("ff:ff:ff:ff:ff:ff", "broadcast"));
            send(stranger);
            send(group);
            assertThat(a.ask("poll 2")).isEqualTo(hex(stranger) + " " + hex(group));
            assertThat(a.ask("receive 7000")).isEqualTo("ours");
            assertThat(a.ask("idle")).isEqualTo("0");
        }
    }

    @Test
    void sniffingTakesCopies() {
        try (Agent a = open("x2")) {
            assertThat(a.ask("spec STEAL scope=PORT_SNIFF")).startsWith("FILTER_UNSUPPORTED").contains("can only sniff");
            assertThat(a.ask("spec SNIFF scope=PORT_SNIFF")).isEqualTo("ok");
            assertThat(a.ask("spec SNIFF scope=PORT_SNIFF_PROMISCUOUS")).startsWith("FILTER_TAKEN");
            final byte[] frame = toA(PAIR.a().mac(), "for the kernel and for us");
            send(toA(STRANGER, "for somebody else altogether"));
            send(frame);
            assertThat(a.ask("poll 1")).isEqualTo(hex(frame));
            assertThat(a.ask("receive 7000")).isEqualTo("for the kernel and for us");
            a.ask("clear");
            assertThat(a.ask("spec SNIFF scope=PORT_SNIFF_PROMISCUOUS")).isEqualTo("ok");
            final byte[] stranger = toA(STRANGER, "for somebody else altogether");
            send(stranger);
            assertThat(a.ask("poll 1")).isEqualTo(hex(stranger));
        }
    }

    @Test
    void sniffingWhatThePortSends() {
        try (Agent a = open("x2")) {
            assertThat(a.ask("spec SNIFF scope=TX_PORT_SNIFF")).isEqualTo("ok");
            a.ask("transmit 7000 " + B + " 7001 sent 1");
            assertThat(a.ask("poll 1")).endsWith(hex("sent".getBytes()));
            assertThat(b.ask("receive 7001")).isEqualTo("sent");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "x2, STEAL vlan=5", "x2, STEAL udp=10.77.0.1:7 mac=02:00:00:00:00:99", "x2, STEAL scope=UNICAST_ALL vlan=5",
        "x2, REPLICATE scope=MULTICAST_ALL queue=1", "x2, STEAL ethertype=0x88b5 proto=47", "x2, SNIFF scope=PORT_SNIFF queue=1",
        "x2, STEAL scope=BLOCK_KERNEL vlan=5", "x3, STEAL mac=02:00:00:00:00:99 ethertype=0x88b5", "x3, SNIFF scope=PORT_SNIFF",
        "x3, SNIFF scope=TX_PORT_SNIFF", "x3, STEAL udp=10.77.0.1:7 queue=99",
    })
    void combinationsThatThereAreNot(String nic, String spec) {
        try (Agent a = open(nic)) {
            assertThat(a.ask("spec " + spec)).startsWith("FILTER_UNSUPPORTED ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "x2, STEAL udp=10.77.0.1:7 queue=1", "x3, STEAL udp=10.77.0.1:7 queue=1", "x3, STEAL ethertype=0x88b5 vlan=3",
        "x2, STEAL proto=47 vlan=3", "x3, STEAL mac=02:00:00:00:00:99", "x2, STEAL scope=UNICAST_MISMATCH vlan=9",
    })
    void combinationsThatThereAre(String nic, String spec) {
        try (Agent a = open(nic)) {
            assertThat(a.ask("spec " + spec)).isEqualTo("ok");
            assertThat(a.ask("spec " + spec)).startsWith("FILTER_TAKEN ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"STEAL ethertype=0x88b5", "STEAL mac=02:00:00:00:00:99", "STEAL scope=UNICAST_ALL", "SNIFF scope=PORT_SNIFF"})
    void withoutPrivilegeOnlyStreams(String spec) {
        try (Agent a = open("x2", "unprivileged")) {
            assertThat(a.ask("spec " + spec)).startsWith("NO_PRIVILEGE ").contains("CAP_NET_ADMIN");
            assertThat(a.ask("spec STEAL udp=" + A + ":7000")).isEqualTo("ok");
        }
    }

    @Test
    void theTableIsFullAtSomeTime() {
        try (Agent a = open("x2")) {
            String answer = "ok";
            int filters = 0;
            while (answer.equals("ok") && filters < 10_000) {
                answer = a.ask("spec STEAL udp=" + A + ":" + ++filters);
            }
            assertThat(answer).startsWith("FILTER_TABLE_FULL ");
            assertThat(a.ask("clear")).isEqualTo("ok");
            assertThat(a.ask("spec STEAL udp=" + A + ":1")).isEqualTo("ok");
        }
    }
}
