package io.accel.udp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import io.accel.core.vi.ChecksumStatus;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Ipv6HeaderTemplateTest {
    private static final long OURS = 0x02000000000aL;
    private static final long THEIRS = 0x02000000000bL;
    private static final long NET = 0xfd00_0009_0000_0000L;

    @Test
    void writesWhatTheKernelWrote() {
        final byte[] captured = Reference.bytes(Reference.IPV6);
        try (GuardedFrame guarded = new GuardedFrame(captured.length)) {
            final long frame = guarded.put(captured);
            for (long at = frame; at < frame + Ipv6HeaderTemplate.BYTES; at++) {
                Memory.putByte(at, (byte) 0xDB);
            }
            final HeaderTemplate template = new Ipv6HeaderTemplate(OURS, THEIRS, NET, 1, 40001, NET, 2, 5353, 64, 0, 0x2c60a);
            assertThat(template.bytes()).isEqualTo(62);
            assertThat(template.write(frame, captured.length - template.bytes(), 0x5558, true)).isEqualTo(captured.length);
            assertThat(guarded.last(captured.length)).isEqualTo(captured);
        }
    }

    @Property
    void equalsReference(@ForAll @Size(max = 1452) byte[] payload, @ForAll long sourceHigh, @ForAll long sourceLow,
                         @ForAll long destinationHigh, @ForAll long destinationLow, @ForAll @IntRange(max = 0xFFFF) int sourcePort,
                         @ForAll @IntRange(max = 0xFFFF) int port) {
        final byte[] expected = Reference.frame6(address(sourceHigh, sourceLow), sourcePort, address(destinationHigh, destinationLow), port,
            payload, 0);
        final HeaderTemplate template = new Ipv6HeaderTemplate(OURS, THEIRS, sourceHigh, sourceLow, sourcePort, destinationHigh,
            destinationLow, port, 7, 0xB8, 0x6c60a);
        try (GuardedFrame guarded = new GuardedFrame(expected.length)) {
            final long frame = guarded.put(expected);
            assertThat(template.write(frame, payload.length, 0, true)).isEqualTo(expected.length);
            assertThat(guarded.last(expected.length)).isEqualTo(expected);
        }
    }

    /** A payload chosen so that the sum is 0xFFFF: RFC 8200 §8.1 forbids a checksum of 0. */
    @Property
    void zeroIsSentAsOnes(@ForAll long sourceLow, @ForAll long destinationLow) {
        final byte[] bytes = Reference.frame6(address(NET, sourceLow), 1, address(NET, destinationLow), 2, new byte[2], 0);
        Reference.put(bytes, 60, 0);
        Reference.put(bytes, 62, ~Reference.sum(bytes, 54, 10, Reference.pseudo6(bytes, 10)));
        final HeaderTemplate template = new Ipv6HeaderTemplate(OURS, THEIRS, NET, sourceLow, 1, NET, destinationLow, 2, 64, 0, 0);
        try (GuardedFrame guarded = new GuardedFrame(bytes.length)) {
            final long frame = guarded.put(bytes);
            template.write(frame, 2, 0, true);
            assertThat(UdpHeader.checksum(frame + Udp6Frame.UDP_OFFSET)).isEqualTo(0xFFFF);
            assertThat(Udp6Frame.check(frame, bytes.length, ChecksumStatus.UNKNOWN)).isZero();
        }
    }

    @Test
    void longestPayload() {
        final byte[] payload = new byte[Udp6Frame.MAX_PAYLOAD];
        Arrays.fill(payload, (byte) 0xFF);
        final byte[] expected = Reference.frame6(address(-1, -2), 0xFFFF, address(-1, -1), 0xFFFF, payload, 0);
        final HeaderTemplate template = new Ipv6HeaderTemplate(OURS, THEIRS, -1, -2, 0xFFFF, -1, -1, 0xFFFF, 7, 0xB8, 0x6c60a);
        try (GuardedFrame guarded = new GuardedFrame(expected.length)) {
            template.write(guarded.put(expected), payload.length, 0, true);
            assertThat(guarded.last(expected.length)).isEqualTo(expected);
        }
    }

    private static byte[] address(long high, long low) {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }
}
