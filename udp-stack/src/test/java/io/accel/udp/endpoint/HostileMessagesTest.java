package io.accel.udp.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.memory.Memory;
import io.accel.core.shm.ShmDomain;
import io.accel.core.shm.ShmVirtualInterface;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.ScopedPort;
import io.accel.udp.group.GroupTable;
import io.accel.udp.group.Membership;
import io.accel.udp.path.Generation;
import io.accel.udp.path.SourceVerdicts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sound messages in shared memory whose headers lie. */
class HostileMessagesTest {
    private static final IpAddress OURS = IpAddress.ipv4(0x0A000001);
    private static final IpAddress OURS_IPV6 = new IpAddress(0xFE80L << 48, 1, 3);
    private static final int PORT = 5000;
    private static final int FORMAT = 6;
    private static final int GROUP_FORMAT = 7;
    private static final int VERSION = 40;
    private static final int INTERFACE = 3;
    private static final IpAddress GROUP = IpAddress.ipv4(0xEF010203);

    @TempDir
    private Path directory;
    private ShmDomain domain;
    private ShmVirtualInterface sender;
    private UdpEndpoint endpoint;
    private int peer;
    private long lastFrame;
    /** What another process does while a source is looked up for the first time. */
    private Runnable meanwhile = () -> { };

    @BeforeEach
    void open() throws Exception {
        domain = ShmDomain.open(Configuration.of(Map.of(Options.SHM_DIRECTORY.property(), directory.toString()), Map.of()));
        sender = domain.openVi(ShmDomain.DEFAULT_RING_BYTES);
        final ShmVirtualInterface receiver = domain.openVi(ShmDomain.DEFAULT_RING_BYTES);
        domain.publish(receiver, "r");
        peer = domain.lookup("r");
        endpoint = new UdpEndpoint(new BoundAddress(IpAddress.ANY_IPV6, true, true), 7000, 4096, receiver,
            new SourceVerdicts(this::isOurs, new Generation(), 4));
    }

    private boolean isOurs(IpAddress source, int ignored) {
        meanwhile.run();
        return source.equals(OURS) || source.equals(OURS_IPV6);
    }

    @AfterEach
    void close() {
        endpoint.close();
        domain.close();
    }

    private void send(long first, long second, long third, int bytes) {
        final long frame = sender.txClaim(peer, bytes);
        assertThat(frame).isNotEqualTo(VirtualInterface.NONE);
        lastFrame = frame;
        if (bytes >= MessageHeader.BYTES) {
            Memory.putLong(frame, first);
            Memory.putLong(frame + Long.BYTES, second);
            Memory.putLong(frame + 2 * Long.BYTES, third);
        }
        sender.txInit(frame, bytes, TxFlags.NONE);
        sender.txPush(false);
    }

    private static long header(int format, int port, int scope) {
        return format | (long) port << 16 | (long) scope << 32;
    }

    private void send(IpAddress source, int port) {
        send(header(FORMAT, port, source.scope()), source.high(), source.low(), MessageHeader.BYTES + 10);
    }

    private void good() {
        send(OURS, PORT);
    }

    private boolean receive() {
        if (!endpoint.next()) {
            return false;
        }
        assertThat(new IpAddress(endpoint.sourceHigh(), endpoint.sourceLow(), ScopedPort.scope(endpoint.sourceScopedPort())))
            .isIn(OURS, OURS_IPV6);
        assertThat(ScopedPort.port(endpoint.sourceScopedPort())).isNotZero();
        assertThat(endpoint.offset() + endpoint.length()).isLessThanOrEqualTo(endpoint.region().buffer().capacity());
        endpoint.consume();
        return true;
    }

    @Test
    void whatIsNoDatagramIsMalformed() {
        for (final int bytes : new int[] {0, 1, 8, MessageHeader.BYTES - 1}) {
            send(header(FORMAT, PORT, 0), OURS.high(), OURS.low(), bytes);
        }
        for (final int format : new int[] {0, 4, 5, 8, 46, 255, FORMAT | 1 << 8, FORMAT | 0x80 << 8}) {
            send(header(format, PORT, 0), OURS.high(), OURS.low(), 100);
        }
        send(header(GROUP_FORMAT, PORT, 0), OURS.high(), OURS.low(), MessageHeader.GROUP_BYTES - 1);
        good();
        assertThat(receive()).isTrue();
        assertThat(receive()).isFalse();
        assertThat(endpoint.counters().malformed).isEqualTo(13);
        assertThat(endpoint.counters().spoofed).isZero();
    }

    @Test
    void sourcesThatNoSocketHereCanHaveAreSpoofed() {
        for (final int source : new int[] {0, -1, 0xE0000001, OURS.ipv4() + 1, 0x08080808}) {
            send(IpAddress.ipv4(source), PORT);
        }
        for (final IpAddress source : List.of(IpAddress.ANY_IPV6, new IpAddress(0, 1, 0), new IpAddress(0, OURS.ipv4(), 0),
            new IpAddress(1, OURS.low(), 0), new IpAddress(0, OURS.low(), 1), new IpAddress(0, OURS.low() | 1L << 48, 0),
            new IpAddress(OURS_IPV6.high(), OURS_IPV6.low(), 0), new IpAddress(OURS_IPV6.high(), OURS_IPV6.low(), 4),
            new IpAddress(0xFF02L << 48, 1, 3))) {
            send(source, PORT);
        }
        send(OURS, 0);
        send(OURS_IPV6, 0);
        good();
        send(OURS_IPV6, PORT);
        assertThat(receive()).isTrue();
        assertThat(receive()).isTrue();
        assertThat(receive()).isFalse();
        assertThat(endpoint.counters().spoofed).isEqualTo(16);
        assertThat(endpoint.counters().malformed).isZero();
    }

    private void sendToGroup(IpAddress source, int port, IpAddress group, int ifIndex, int version) {
        final int bytes = MessageHeader.GROUP_BYTES + 10;
        final long frame = sender.txClaim(peer, bytes);
        MessageHeader.writeGroup(frame, source.high(), source.low(), ScopedPort.of(port, source.scope()), group, ifIndex, version);
        sender.txInit(frame, bytes, TxFlags.NONE);
        sender.txPush(false);
    }

    @Test
    void whatIsToAGroupIsForMembersAndFromThisHost() {
        sendToGroup(OURS, PORT, GROUP, INTERFACE, VERSION);
        assertThat(receive()).isFalse();
        endpoint.groups(GroupTable.EMPTY.changedTo(List.of(Membership.ofAll(GROUP, INTERFACE)), group -> VERSION));
        sendToGroup(OURS, PORT, GROUP, INTERFACE, VERSION);
        assertThat(receive()).isTrue();
        assertThat(endpoint.length()).isEqualTo(10);
        // Of before the join, another group, no group at all, another interface, none.
        sendToGroup(OURS, PORT, GROUP, INTERFACE, VERSION - 1);
        sendToGroup(OURS, PORT, IpAddress.ipv4(GROUP.ipv4() + 1), INTERFACE, VERSION);
        sendToGroup(OURS, PORT, OURS, INTERFACE, VERSION);
        sendToGroup(OURS, PORT, new IpAddress(0, GROUP.ipv4(), 0), INTERFACE, VERSION);
        sendToGroup(OURS, PORT, new IpAddress(GROUP.low(), GROUP.low(), 0), INTERFACE, VERSION);
        sendToGroup(OURS, PORT, IpAddress.ANY_IPV6, INTERFACE, VERSION);
        sendToGroup(OURS, PORT, GROUP, INTERFACE + 1, VERSION);
        sendToGroup(OURS, PORT, GROUP, -1, VERSION);
        assertThat(receive()).isFalse();
        assertThat(endpoint.counters().notMember).isEqualTo(9);
        sendToGroup(IpAddress.ipv4(0x08080808), PORT, GROUP, INTERFACE, VERSION);
        sendToGroup(OURS, 0, GROUP, INTERFACE, VERSION);
        assertThat(receive()).isFalse();
        assertThat(endpoint.counters().spoofed).isEqualTo(2);
        assertThat(endpoint.counters().malformed).isZero();
    }

    /** The group's words lie behind the message, where the writer may write as well. */
    @Test
    void whatBecomesAGroupsWhileItIsJudgedIsNoShorterThanNothing() {
        endpoint.groups(GroupTable.EMPTY.changedTo(List.of(Membership.ofAll(GROUP, INTERFACE)), group -> VERSION));
        meanwhile = () -> MessageHeader.writeGroup(lastFrame, OURS.high(), OURS.low(), PORT, GROUP, INTERFACE, VERSION);
        good();
        assertThat(receive()).isTrue();
        assertThat(endpoint.length()).isEqualTo(10);
    }

    @Test
    void randomHeadersAreDeliveredOrCounted() {
        final Random random = new Random(3);
        long delivered = 0;
        for (int i = 0; i < 5_000; i++) {
            final IpAddress source = random.nextBoolean() ? OURS : OURS_IPV6;
            final int format = random.nextInt(3) == 0 ? GROUP_FORMAT : FORMAT;
            send(random.nextBoolean() ? header(format, random.nextInt(1 << 16), source.scope()) : random.nextLong(),
                random.nextInt(4) == 0 ? random.nextLong() : source.high(), random.nextInt(4) == 0 ? random.nextLong() : source.low(),
                random.nextInt(200));
            delivered += receive() ? 1 : 0;
        }
        final ChannelCounters counters = endpoint.counters();
        assertThat(delivered).isGreaterThan(500).isEqualTo(counters.fastReceived);
        assertThat(delivered + counters.malformed + counters.spoofed + counters.notMember).isEqualTo(5_000);
    }
}
