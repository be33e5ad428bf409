package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.HostileFrames;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Twins;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same hostile frames to a JDK program and to an accelerated one: what the kernel gives the first, the second gets, and no more. */
class HostileFramesTest {
    private static final int PORT = 7002;
    private static final int BATCH = 100;
    private static final String[] SOURCES = {
        "10.77.0.1", "10.77.0.3", "10.77.0.2", "10.88.0.1", "10.88.0.9", "192.0.2.7", "127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3",
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "10.77.0.255", "10.77.0.0"
    };

    private static Twins twins() {
        return Twins.of(Jvm.accelerated("vb:afxdp"));
    }

    /** All at once; a difference tells which frame it is by its length. */
    private static void assertSame(Twins twins, Map<String, List<byte[]>> frames) {
        final Twins.Received received = twins.inject("va", frames.values().stream().flatMap(List::stream).toList());
        assertThat(received.fast()).isEqualTo(received.plain());
    }

    private static void open(Twins twins, String address) {
        twins.tell("open " + address);
        twins.fast().program().awaitErr("vb is accelerated");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*:7002", "10.77.0.2:7002"})
    void framesByHand(String address) {
        try (Twins twins = twins()) {
            open(twins, address);
            assertSame(twins, new HostileFrames(twins.wire(), PORT).byHand());
            final Report report = twins.finish();
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThan(8);
            assertThat(report.vi().drops()).as(report.text()).containsKeys("BAD_IP_CHECKSUM", "BAD_UDP_CHECKSUM");
        }
    }

    @Test
    void framesByHandToAConnectedChannel() {
        try (Twins twins = twins()) {
            open(twins, "10.77.0.2:7002");
            twins.tell("connect 10.77.0.1:5000");
            assertSame(twins, new HostileFrames(twins.wire(), PORT).byHand());
            assertThat(twins.finish().socket().fastRx()).isGreaterThan(8);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0, 0", "0, 1, 0, 0", "0, 2, 0, 0", "1, 0, 0, 0", "2, 1, 0, 0", "0, 0, 1, 0", "0, 1, 1, 0", "0, 0, 0, 1",
        "0, 0, 1, 1"})
    void sourcesUnderEachSetting(int filterOfAll, int filter, int acceptLocal, int routeLocalnet) {
        try (Twins twins = twins()) {
            twins.onReceivers("sysctl -qw net.ipv4.conf.all.rp_filter=" + filterOfAll + " net.ipv4.conf.vb.rp_filter=" + filter
                + " net.ipv4.conf.vb.accept_local=" + acceptLocal + " net.ipv4.conf.vb.route_localnet=" + routeLocalnet);
            open(twins, "*:7002");
            assertSame(twins, new HostileFrames(twins.wire(), PORT).bySource(SOURCES));
            final Report report = twins.finish();
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThanOrEqualTo(2);
        }
    }

    /** For a group the kernel judges a source as it does for an address of the interface: its answer must come to the same. */
    @ParameterizedTest
    @CsvSource({"0, 0, 0, 0", "0, 1, 0, 0", "0, 2, 0, 0", "0, 0, 1, 0", "0, 0, 0, 1", "0, 0, 1, 1"})
    void sourcesToAGroupUnderEachSetting(int filterOfAll, int filter, int acceptLocal, int routeLocalnet) {
        try (Twins twins = twins()) {
            twins.onReceivers("sysctl -qw net.ipv4.conf.all.rp_filter=" + filterOfAll + " net.ipv4.conf.vb.rp_filter=" + filter
                + " net.ipv4.conf.vb.accept_local=" + acceptLocal + " net.ipv4.conf.vb.route_localnet=" + routeLocalnet);
            open(twins, "*:7002");
            twins.tell("join 239.77.1.9 vb");
            assertSame(twins, new HostileFrames(twins.wire(), PORT).toGroupBySource("239.77.1.9", SOURCES));
            final Report report = twins.finish();
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThanOrEqualTo(2);
            if (acceptLocal == 0) {
                assertThat(report.vi().drops().get("REFUSED_SOURCE")).as(report.text()).isPositive();
            }
        }
    }

    @Test
    void settingsThatChangeWhileItRunsCountWithinASecondAndAHalf() throws InterruptedException {
        try (Twins twins = twins()) {
            open(twins, "10.77.0.2:7002");
            final Map<String, List<byte[]>> frames = new HostileFrames(twins.wire(), PORT).bySource("192.0.2.7", "10.77.0.2", "10.77.0.1");
            for (final String setting : new String[] {"vb.rp_filter=1", "vb.rp_filter=0", "all.rp_filter=2", "all.rp_filter=0",
                "vb.accept_local=1", "vb.accept_local=0"}) {
                assertSame(twins, frames);
                twins.onReceivers("sysctl -qw net.ipv4.conf." + setting);
                Thread.sleep(1500);
            }
            assertSame(twins, frames);
            twins.onReceivers("sysctl -qw net.ipv4.conf.vb.rp_filter=1");
            Thread.sleep(1500);
            assertSame(twins, frames);
            // A route makes a source good at once.
            twins.onReceivers("ip route add 192.0.2.0/24 dev vb");
            assertSame(twins, frames);
            twins.onReceivers("ip route del 192.0.2.0/24 dev vb");
            assertSame(twins, frames);
            final Report report = twins.finish();
            assertThat(report.vi().drops().get("REFUSED_SOURCE")).as(report.text()).isGreaterThanOrEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void framesByChance(int seed) {
        final int count = 2_000;
        final Random random = new Random(seed);
        try (Twins twins = twins()) {
            twins.onReceivers("sysctl -qw net.ipv4.conf.vb.rp_filter=" + seed % 3);
            open(twins, seed % 2 == 0 ? "*:7002" : "10.77.0.2:7002");
            final List<byte[]> frames = new HostileFrames(twins.wire(), PORT).mutations(random, count);
            int arrived = 0;
            for (int at = 0; at < count; at += BATCH) {
                final Twins.Received batch = twins.inject("va", frames.subList(at, at + BATCH));
                assertThat(batch.fast()).as("seed %d, from frame %d on", seed, at).isEqualTo(batch.plain());
                arrived += batch.plain().split(",").length;
            }
            final long byKernel = twins.fastPackets();
            final long all = twins.plainPackets();
            final Report report = twins.finish();
            final Report.Vi vi = report.vi();
            System.out.println("frames by chance: " + arrived + " of " + count + " delivered, to the kernel " + byKernel + " of " + all
                + ", " + vi);
            assertThat(report.socket().fastRx() + report.socket().kernelRx()).as("%s", vi).isEqualTo(arrived);
            assertThat(report.socket().fastRx()).as("%s", vi).isEqualTo(vi.rx()).isGreaterThan(count / 20);
            assertThat(vi.dropped()).as("%s", vi).isGreaterThan(count / 40);
            // What the other twin's kernel saw of IPv4 was stolen here, and delivered or counted, or went to the kernel.
            assertThat(vi.rx() + vi.dropped() + byKernel).as("%s", vi).isEqualTo(all);
        }
    }
}
