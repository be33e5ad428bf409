package io.accel.udp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    /** The example of RFC 1071 §3: the sum is ddf2 and the checksum its complement. */
    @Test
    void exampleOfRfc1071() {
        assertThat(checksum(Reference.bytes("0001f203f4f5f6f7"))).isEqualTo(0x220d);
    }

    @Test
    void headerOfIpv4() {
        assertThat(checksum(Reference.bytes("450000730000400040110000c0a80001c0a800c7"))).isEqualTo(0xb861);
    }

    @Test
    void capturedIpv6Datagram() {
        final byte[] frame = Reference.bytes(Reference.IPV6);
        try (GuardedFrame guarded = new GuardedFrame(frame.length)) {
            final long at = guarded.put(frame);
            final int length = frame.length - 54;
            assertThat(Checksum.isUdpRight(at + 54, length, Checksum.pseudoIpv6(at + 14, length), false)).isTrue();
            frame[60]++;
            guarded.put(frame);
            assertThat(Checksum.isUdpRight(at + 54, length, Checksum.pseudoIpv6(at + 14, length), false)).isFalse();
        }
    }

    @Test
    void sumOfNothingIsZero() {
        assertThat(Checksum.fold(Checksum.sum(0, 0))).isZero();
        assertThat(Checksum.finishUdp(0xFFFF)).isEqualTo(0xFFFF);
        assertThat(Checksum.finish(0xFFFF)).isZero();
    }

    @Test
    void longestDatagramOfOnesDoesNotOverflow() {
        final byte[] bytes = new byte[65535];
        Arrays.fill(bytes, (byte) 0xFF);
        assertThat(checksum(bytes)).isEqualTo(~Reference.sum(bytes, 0, bytes.length, 0) & 0xFFFF);
        assertThat(Checksum.fold(Long.MAX_VALUE)).isBetween(0, 0xFFFF);
        assertThat(Checksum.fold(0x1_FFFF_FFFFL)).isEqualTo(1);
    }

    @Property
    void equalsReferenceAtAnyLengthAndAlignment(@ForAll @Size(max = 2100) byte[] bytes) {
        assertThat(checksum(bytes)).isEqualTo(~Reference.sum(bytes, 0, bytes.length, 0) & 0xFFFF);
    }

    @Property
    void partsAddUp(@ForAll @Size(min = 1, max = 300) byte[] bytes, @ForAll @IntRange(max = 300) int cut) {
        final int first = Math.min(cut, bytes.length);
        try (GuardedFrame guarded = new GuardedFrame(bytes.length)) {
            final long at = guarded.put(bytes);
            final long whole = Checksum.sum(at, bytes.length);
            final long parts = Checksum.sum(at, first) + Checksum.at(first, Checksum.sum(at + first, bytes.length - first));
            assertThat(Checksum.fold(parts)).isEqualTo(Checksum.fold(whole));
        }
    }

    @Property
    void updateEqualsSummingAgain(@ForAll @Size(min = 20, max = 20) byte[] header, @ForAll @IntRange(max = 9) int word,
                                  @ForAll @IntRange(max = 0xFFFF) int after) {
        header[0] = 0x45; // A header is never all zeros, the one case where the two forms of zero differ (RFC 1624 §3).
        final int at = word == 0 ? 2 : word * 2;
        try (GuardedFrame guarded = new GuardedFrame(header.length)) {
            final int old = Checksum.finish(Checksum.sum(guarded.put(header), header.length));
            final int before = (header[at] & 0xFF) << 8 | header[at + 1] & 0xFF;
            Reference.put(header, at, after);
            final int summed = Checksum.finish(Checksum.sum(guarded.put(header), header.length));
            assertThat(Checksum.update(old, before, after)).isEqualTo(summed);
        }
    }

    @Property
    void pseudoHeaderFromIntsEqualsFromHeader(@ForAll int source, @ForAll int destination, @ForAll @IntRange(min = 8, max = 65515) int n) {
        final byte[] frame = Reference.frame(source, 1, destination, 2, new byte[0], 0);
        try (GuardedFrame guarded = new GuardedFrame(frame.length)) {
            final long header = guarded.put(frame) + UdpFrame.IP_OFFSET;
            final int folded = Checksum.fold(Checksum.pseudoIpv4(header, n));
            assertThat(folded).isEqualTo(Checksum.fold(Checksum.pseudoIpv4(source, destination, n)));
            assertThat(NetworkOrder.swap16(folded)).isEqualTo(Reference.pseudo(frame, n));
        }
    }

    /** The checksum as it stands on the wire, read big-endian. */
    private static int checksum(byte[] bytes) {
        try (GuardedFrame guarded = new GuardedFrame(Math.max(1, bytes.length))) {
            return NetworkOrder.swap16(Checksum.finish(Checksum.sum(guarded.put(bytes), bytes.length)));
        }
    }
}
