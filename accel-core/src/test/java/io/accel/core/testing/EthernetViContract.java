package io.accel.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.DropCause;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What every VI on a network interface does, whatever its datapath. Side a holds the VI and kernel sockets; side b is the kernel's, with
 * a VI of its own, over AF_XDP, where a test needs odd frames.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EthernetViContract {
    protected static final String A = "10.77.0.1";
    protected static final String B = "10.77.0.2";
    protected static final int STOLEN = 7000;
    protected static final int KERNEL = 7001;

    @RegisterExtension
    protected static final VethPairExtension PAIR = VethPairExtension.ipv4();

    protected Agent a;
    protected Agent b;

    /** Starts the agent that has the VI to be tested, options set. */
    protected abstract Agent startAgent(VethPair.End end);

    /** Starts the one that makes odd frames. */
    protected abstract Agent startOther(VethPair.End end);

    /** What the agent answers to open, after "ok ", or how that begins. */
    protected abstract String mode();

    /** What drops() holds while nothing is lost. */
    protected abstract String[] noDrops();

    @BeforeAll
    void startAgents() {
        a = startAgent(PAIR.a());
        b = startOther(PAIR.b());
        for (final int port : new int[] {STOLEN, KERNEL}) {
            assertThat(a.ask("bind " + port)).isEqualTo("ok");
            assertThat(b.ask("bind " + port)).isEqualTo("ok");
        }
    }

    @AfterAll
    void stopAgents() {
        if (a != null) {
            a.close();
        }
        if (b != null) {
            b.close();
        }
    }

    @BeforeEach
    void open() {
        assertThat(a.ask("open va")).startsWith("ok " + mode());
        assertThat(b.ask("open vb")).startsWith("ok ");
        assertThat(a.ask("filter " + A + " " + STOLEN)).isEqualTo("ok");
    }

    @AfterEach
    void close() {
        assertThat(a.ask("close")).startsWith("ok");
        assertThat(b.ask("close")).startsWith("ok");
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
    void stealsOnlyTheConnectedPeerWithAFullFilter() {
        assertThat(a.ask("filter " + A + " 7001 " + B + " 7000")).isEqualTo("ok");
        b.ask("transmit 7001 " + A + " 7001 other 1");
        b.ask("transmit 7000 " + A + " 7001 peer 1");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("peer");
        assertThat(a.ask("receive 7001")).isEqualTo("other");
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void holdsSeveralFiltersOnAPort() {
        PAIR.a().run("ip", "addr", "add", "10.77.0.3/32", "dev", "va");
        PAIR.b().run("ip", "neigh", "replace", "10.77.0.3", "lladdr", PAIR.a().mac(), "dev", "vb", "nud", "permanent");
        b.ask("transmit 7001 10.77.0.3 7000 third 1");
        assertThat(a.ask("receive 7000")).isEqualTo("third");
        assertThat(a.ask("filter 10.77.0.3 7000")).isEqualTo("ok");
        b.ask("transmit 7001 10.77.0.3 7000 third 1");
        b.ask("transmit 7001 " + A + " 7000 first 1");
        assertThat(a.ask("poll 2").split(" ")).extracting(EthernetViContract::payload).containsExactly("third", "first");
        assertThat(a.ask("unfilter 7000")).isEqualTo("ok");
        b.ask("transmit 7001 10.77.0.3 7000 third 1");
        b.ask("transmit 7001 " + A + " 7000 first 1");
        assertThat(a.ask("receive 7000")).isEqualTo("third");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("first");
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void leavesToTheKernelWhatARemovedFilterStole() {
        assertThat(a.ask("unfilter 7000")).isEqualTo("ok");
        b.ask("transmit 7001 " + A + " 7000 again 1");
        assertThat(a.ask("receive 7000")).isEqualTo("again");
        assertThat(a.ask("idle")).isEqualTo("0");
        assertThat(a.ask("filter " + A + " 7000")).isEqualTo("ok");
    }

    @Test
    void passesFragments() {
        final byte[] first = EthernetFrames.udp(PAIR.b().mac(), PAIR.a().mac(), B, 7000, A, STOLEN, "fragment".repeat(4).getBytes(
            StandardCharsets.UTF_8), 0x2000, 0);
        // Eight bytes of UDP header and 32 of payload, and the rest in a second one that has no UDP header.
        final byte[] datagram = EthernetFrames.udp(PAIR.b().mac(), PAIR.a().mac(), B, 7000, A, STOLEN, "fragment".repeat(5));
        final byte[] second = EthernetFrames.udp(PAIR.b().mac(), PAIR.a().mac(), B, 0, A, 0, new byte[0], 5, 0);
        System.arraycopy(datagram, 34, first, 34, 8);
        System.arraycopy(datagram, 42 + 32, second, 34, 8);
        sendFromB(first);
        sendFromB(second);
        assertThat(a.ask("receive 7000")).isEqualTo("fragment".repeat(5));
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void pingArpAndTcpGoOnAsBefore() {
        PAIR.b().run("ip", "neigh", "del", A, "dev", "vb");
        assertThat(PAIR.b().attempt("ping", "-c", "1", "-W", "3", A).exit()).isZero();
        assertThat(PAIR.b().run("ip", "neigh", "show", A)).contains(PAIR.a().mac());
        assertThat(a.ask("listen 7000")).isEqualTo("ok");
        assertThat(b.ask("connect " + A + " 7000 tcp")).isEqualTo("tcp");
        assertThat(a.ask("idle")).isEqualTo("0");
    }

    @Test
    void sendsToAKernelPeer() {
        assertThat(a.ask("send 3 3 " + fromA("out"))).isEqualTo("3 0");
        for (int i = 0; i < 3; i++) {
            assertThat(b.ask("receive 7001")).isEqualTo("out");
        }
    }

    @Test
    void allFramesComeBack() {
        final String before = a.ask("frames");
        assertThat(before).startsWith("0 0 ").endsWith(" 0");
        final String toNobody = HexFormat.of().formatHex(
            EthernetFrames.udp(PAIR.a().mac(), "02:00:00:00:00:99", A, KERNEL, B, KERNEL, "x"));
        for (int i = 0; i < 40; i++) {
            b.ask("transmit 7001 " + A + " 7000 around 200");
            assertThat(a.ask("poll 200").split(" ")).hasSize(200);
            assertThat(a.ask("send 200 64 " + toNobody)).isEqualTo("200 0");
        }
        assertThat(eventually("frames", before)).isEqualTo(before);
        assertThat(a.ask("drops")).contains(noDrops()).contains("retained_tokens_refused=0");
    }

    @Test
    void everyDropIsADeclaredOne() {
        final String drops = a.ask("drops");
        assertThat(drops).startsWith("{").contains("=");
        for (final String each : drops.substring(1, drops.length() - 1).split(", ")) {
            assertThat(EnumSet.allOf(DropCause.class)).extracting(DropCause::name)
                .contains(each.substring(0, each.indexOf('=')).toUpperCase(Locale.ROOT));
        }
    }

    @Test
    void retainedFramesComeBackFromOutside() {
        if (a.ask("capabilities").startsWith("0 ")) {
            b.ask("transmit 7001 " + A + " 7000 kept 1");
            assertThat(a.ask("retain 1")).contains("at most 0 frames are retained");
            return;
        }
        final String before = a.ask("frames");
        b.ask("transmit 7001 " + A + " 7000 kept 50");
        assertThat(a.ask("retain 50").split(" ")).hasSize(50);
        assertThat(a.ask("frames")).startsWith("0 0 ").endsWith(" 50").isNotEqualTo(before);
        assertThat(a.ask("give")).isEqualTo("ok 50");
        assertThat(a.ask("frames")).isEqualTo(before);
    }

    @Test
    void retainedFramesOutliveTheVi() {
        if (a.ask("capabilities").startsWith("0 ")) {
            return;
        }
        b.ask("transmit 7001 " + A + " 7000 outlives 3");
        final String frames = a.ask("retain 3");
        assertThat(frames.split(" ")).hasSize(3);
        assertThat(a.ask("close")).startsWith("ok");
        assertThat(a.ask("kept")).isEqualTo(frames);
        assertThat(a.ask("home")).as("whether the memory is there after each that came home").isEqualTo("true true false");
    }

    @Test
    void undoneFramesAreFreeAgain() {
        final String[] space = a.ask("undo 20").split(" ");
        assertThat(space[1]).isEqualTo(space[0]);
        assertThat(a.ask("send 1 1 " + fromA("after"))).isEqualTo("1 0");
        assertThat(b.ask("receive 7001")).isEqualTo("after");
    }

    @Test
    void tellsAWakeUpOnceAndAFrameAsLongAsItIsThere() {
        assertThat(a.ask("prime")).isEqualTo("false");
        assertThat(a.ask("wake")).isEqualTo("true false");
        assertThat(a.ask("readable")).isEqualTo("0");
        b.ask("transmit 7001 " + A + " 7000 ready 1");
        assertThat(a.ask("readable")).isEqualTo("1");
        assertThat(a.ask("prime")).isEqualTo("true");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("ready");
        assertThat(a.ask("readable")).isEqualTo("0");
    }

    /** One thread may sleep on what it primed while others receive and send. */
    @Test
    void tellsWhoSleepsAlsoAfterFramesStreamedToOthers() {
        assertThat(a.ask("prime")).isEqualTo("false");
        b.ask("transmit 7001 " + A + " 7000 x 600");
        assertThat(a.ask("poll 600").split(" ")).hasSize(600);
        b.ask("transmit 7001 " + A + " 7000 ready 1");
        assertThat(a.ask("readable")).isEqualTo("1");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("ready");
        a.ask("prime");
        assertThat(a.ask("prime")).isEqualTo("false");
        assertThat(a.ask("send 600 1 " + hexToNobody())).isEqualTo("600 0");
        b.ask("transmit 7001 " + A + " 7000 again 1");
        assertThat(a.ask("readable")).isEqualTo("1");
        assertThat(a.ask("prime")).isEqualTo("true");
        assertThat(payload(a.ask("poll 1"))).isEqualTo("again");
    }

    private String hexToNobody() {
        return HexFormat.of().formatHex(EthernetFrames.udp(PAIR.a().mac(), PAIR.b().mac(), A, 7000, B, 7999, "nobody's"));
    }

    protected void sendFromB(byte[] frame) {
        assertThat(b.ask("send 1 1 " + HexFormat.of().formatHex(frame))).isEqualTo("1 0");
    }

    /** Sent frames come back when the peer's kernel has freed them. */
    protected String eventually(String question, String wanted) {
        String answer = a.ask(question);
        for (int i = 0; i < 1000 && !answer.equals(wanted); i++) {
            answer = a.ask(question);
        }
        return answer;
    }

    public static String payload(String hex) {
        final byte[] frame = HexFormat.of().parseHex(hex);
        return new String(frame, 42, frame.length - 42, StandardCharsets.UTF_8);
    }

    protected String fromA(String text) {
        return HexFormat.of().formatHex(EthernetFrames.udp(PAIR.a().mac(), PAIR.b().mac(), A, KERNEL, B, KERNEL, text));
    }
}
