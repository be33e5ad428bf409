package io.accel.udp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import io.accel.core.vi.ChecksumStatus;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Ipv4HeaderTemplateTest {
    private static final long OURS = 0x02000000000aL;
    private static final long THEIRS = 0x02000000000bL;

    @Test
    void writesWhatTheKernelWrote() {
        final byte[] captured = Reference.bytes(Reference.IPV4);
        try (GuardedFrame guarded = new GuardedFrame(captured.length)) {
            final long frame = guarded.put(captured);
            for (long at = frame; at < frame + Ipv4HeaderTemplate.BYTES; at++) {
                Memory.putByte(at, (byte) 0xDB);
            }
            final Ipv4HeaderTemplate template = new Ipv4HeaderTemplate(OURS, THEIRS, 0x0A090801, 40001, 0x0A090802, 5353, 64, 0);
            assertThat(template.write(frame, captured.length - Ipv4HeaderTemplate.BYTES, 0x5558, true)).isEqualTo(captured.length);
            assertThat(guarded.last(captured.length)).isEqualTo(captured);
        }
    }

    @Property
    void equalsReference(@ForAll @Size(max = 1472) byte[] payload, @ForAll int source, @ForAll int destination,
                         @ForAll @IntRange(max = 0xFFFF) int sourcePort, @ForAll @IntRange(max = 0xFFFF) int port, @ForAll int id,
                         @ForAll boolean dontFragment) {
        final byte[] expected = Reference.frame(source, sourcePort, destination, port, payload, 0);
        expected[15] = (byte) 0xB8;
        Reference.put(expected, 18, id, dontFragment ? 0x4000 : 0, 0x0711);
        Reference.sumFrame(expected, payload.length);
        final Ipv4HeaderTemplate template = new Ipv4HeaderTemplate(OURS, THEIRS, source, sourcePort, destination, port, 7, 0xB8);
        try (GuardedFrame guarded = new GuardedFrame(expected.length)) {
            final long frame = guarded.put(expected);
            assertThat(template.write(frame, payload.length, id, dontFragment)).isEqualTo(expected.length);
            assertThat(guarded.last(expected.length)).isEqualTo(expected);
        }
    }

    /** A payload chosen so that the sum is 0xFFFF: a checksum of 0 would mean that there is none. */
    @Property
    void zeroIsSentAsOnes(@ForAll int source, @ForAll int destination) {
        final byte[] bytes = Reference.frame(source, 1, destination, 2, new byte[2], 0);
        Reference.put(bytes, 40, 0);
        Reference.put(bytes, 42, ~Reference.sum(bytes, 34, 10, Reference.pseudo(bytes, 10)));
        final Ipv4HeaderTemplate template = new Ipv4HeaderTemplate(OURS, THEIRS, source, 1, destination, 2, 64, 0);
        try (GuardedFrame guarded = new GuardedFrame(bytes.length)) {
            final long frame = guarded.put(bytes);
            template.write(frame, 2, 0, false);
            assertThat(UdpHeader.checksum(frame + UdpFrame.UDP_OFFSET)).isEqualTo(0xFFFF);
        }
    }

    @Test
    void longestPayload() {
        final byte[] payload = new byte[UdpFrame.MAX_PAYLOAD];
        Arrays.fill(payload, (byte) 0xFF);
        final byte[] expected = Reference.frame(0xFFFFFFFE, 0xFFFF, 0xFFFFFFFF, 0xFFFF, payload, 0);
        final Ipv4HeaderTemplate template = new Ipv4HeaderTemplate(OURS, THEIRS, 0xFFFFFFFE, 0xFFFF, 0xFFFFFFFF, 0xFFFF, 64, 0);
        try (GuardedFrame guarded = new GuardedFrame(expected.length)) {
            template.write(guarded.put(expected), payload.length, 0x1234, true);
            assertThat(guarded.last(expected.length)).isEqualTo(expected);
        }
    }

    @Test
    void unsummedIsGoodOnceHardwareSaysSo() {
        final byte[] bytes = new byte[Ipv4HeaderTemplate.BYTES + 1];
        try (GuardedFrame guarded = new GuardedFrame(bytes.length)) {
            final long frame = guarded.put(bytes);
            final Ipv4HeaderTemplate template = new Ipv4HeaderTemplate(OURS, THEIRS, 0x0A090801, 1, 0x0A090802, 2, 64, 0);
            assertThat(template.writeUnsummed(frame, 1, 9, true)).isEqualTo(bytes.length);
            assertThat(Ipv4Header.checksum(frame + 14)).isZero();
            assertThat(UdpFrame.check(frame, bytes.length, ChecksumStatus.VERIFIED)).isZero();
            assertThat(UdpFrame.check(frame, bytes.length, ChecksumStatus.UNKNOWN)).isEqualTo(FrameError.BAD_IP_CHECKSUM.ordinal());
        }
    }

    @Test
    void vlanTagRoundTrip() {
        final byte[] bytes = new byte[6];
        try (GuardedFrame guarded = new GuardedFrame(bytes.length)) {
            final long tag = guarded.put(bytes);
            VlanTag.write(tag, 5, 1234);
            NetworkOrder.putU16(tag + 4, EthernetHeader.TYPE_IPV4);
            assertThat(guarded.last(6)).isEqualTo(Reference.bytes("8100a4d20800"));
            assertThat(VlanTag.isTag(NetworkOrder.getU16(tag))).isTrue();
            assertThat(VlanTag.id(tag)).isEqualTo(1234);
            assertThat(VlanTag.priority(tag)).isEqualTo(5);
            assertThat(VlanTag.type(tag)).isEqualTo(EthernetHeader.TYPE_IPV4);
        }
    }
}
