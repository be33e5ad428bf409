package io.accel.udp.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.check.CheckedVirtualInterface;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.pair.Pair;
import io.accel.core.pair.PairOptions;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.ethernet.Flusher;
import io.accel.udp.wire.HeaderTemplate;
import io.accel.udp.wire.Ipv4HeaderTemplate;
import io.accel.udp.wire.Ipv6HeaderTemplate;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A datagram that is longer than a claim leaves in several, and its checksum, which the receiver looks at, is one over all of them. */
class LongSendTest {
    private static final int BUFFER = 2048;
    private static final int MTU = 9000;
    private static final int PORT = 9000;
    private static final int LOCAL = 0x0A4D0002;
    private static final int REMOTE = 0x0A4D0001;
    private static final long HIGH = 0xFD00_0077_0000_0000L;
    private static final long MAC_A = 0x020000000001L;
    private static final long MAC_B = 0x020000000002L;

    private final Pair pair = new Pair(PairOptions.ETHERNET.withMtu(MTU).withFrameBytes(BUFFER));
    private final Flusher flusher = new Flusher();
    private final EthernetInterface sender = of(new CheckedVirtualInterface(pair.first()));
    private final EthernetInterface receiver = of(pair.second());
    private final UdpEndpoint endpoint = new UdpEndpoint(new BoundAddress(IpAddress.ANY_IPV6, true, true), PORT, 1 << 20, null, null);

    private EthernetInterface of(VirtualInterface vi) {
        return new EthernetInterface("v", 7, MTU, vi, flusher, new SourceVerdicts((source, destination) -> true, new Generation(), 4));
    }

    @AfterEach
    void close() {
        receiver.close();
        sender.close();
        flusher.close();
    }

    private Path path(HeaderTemplate template) {
        return Path.ethernet(new Generation(), 0, sender, template, true, MTU - 28);
    }

    private static Ipv4HeaderTemplate ipv4() {
        return new Ipv4HeaderTemplate(MAC_A, MAC_B, REMOTE, 5000, LOCAL, PORT, 64, 0);
    }

    private static Ipv6HeaderTemplate ipv6() {
        return new Ipv6HeaderTemplate(MAC_A, MAC_B, HIGH, 1, 5000, HIGH, 2, PORT, 64, 0, 0);
    }

    private static byte[] payload(int bytes) {
        final byte[] payload = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            payload[i] = (byte) (i * 31 + (i >> 8) + bytes);
        }
        return payload;
    }

    private void assertHeard(byte[] expected) {
        assertThat(endpoint.next()).as("%d bytes", expected.length).isTrue();
        final byte[] heard = new byte[endpoint.length()];
        final MemoryRegion region = endpoint.region();
        region.buffer().get(endpoint.offset(), heard);
        assertThat(heard).isEqualTo(expected);
        endpoint.consume();
    }

    private void assertAllArrive(HeaderTemplate template) {
        final Path path = path(template);
        receiver.add(endpoint);
        final int first = BUFFER - template.bytes();
        final int[] sizes = {first, first + 1, first + BUFFER, first + BUFFER + 1, MTU - 48, 100, MTU - 49};
        for (final int size : sizes) {
            final byte[] payload = payload(size);
            final ByteBuffer whole = ByteBuffer.wrap(payload);
            // Pieces of odd lengths, which end within a part; one is empty.
            final ByteBuffer[] pieces = {
                ByteBuffer.wrap(payload, 0, 51), ByteBuffer.wrap(payload, 51, 0), ByteBuffer.wrap(payload, 51, payload.length - 51)
            };
            assertThat(sender.send(path, whole, false)).isTrue();
            assertThat(sender.send(path, pieces, 0, pieces.length, payload.length, false)).isTrue();
            assertThat(whole.hasRemaining()).isFalse();
            assertThat(pieces).noneMatch(ByteBuffer::hasRemaining);
            assertHeard(payload);
            assertHeard(payload);
        }
        assertThat(endpoint.next()).isFalse();
        assertThat(receiver.counters().drops()).isEmpty();
        assertThat(sender.counters().sent).isEqualTo(2 * sizes.length);
    }

    @Test
    void overIpv4() {
        assertAllArrive(ipv4());
    }

    @Test
    void overIpv6() {
        assertAllArrive(ipv6());
    }

    /** All or none: nothing of a datagram that has no room is claimed, and a shorter one still goes. */
    @Test
    void whatHasNoRoomLeavesNothingBehind() {
        final VirtualInterface held = pair.first();
        while (held.txSpace() > 4) {
            held.txClaim(0, BUFFER);
        }
        final Path path = path(ipv4());
        final ByteBuffer five = ByteBuffer.wrap(payload(MTU - 28));
        assertThat(sender.send(path, five, false)).isFalse();
        assertThat(five.position()).isZero();
        assertThat(sender.counters().ringFull).isEqualTo(1);
        assertThat(held.txSpace()).isEqualTo(4);
        held.txUndo();
        receiver.add(endpoint);
        for (int i = 0; i < 500; i++) {
            assertThat(sender.send(path, five.rewind(), false)).isTrue();
            assertHeard(five.array());
        }
    }
}
