package io.accel.udp.ethernet;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.wire.Checksum;
import io.accel.udp.wire.HeaderTemplate;
import java.nio.ByteBuffer;

/**
 * A frame longer than one claim, written into several that lie anywhere in the VI's memory: all or none. The counterpart of
 * {@link FrameAssembly}. One thread at a time: whoever sends.
 */
final class FrameParts {
    private final VirtualInterface vi;
    private final MemoryRegion region;
    /** Bytes of each part but the last: even, so that sums of parts add up. */
    private final int partBytes;
    private final long[] parts;
    private int count;
    private int length;
    /** Bytes written, the room for the headers included. */
    private int written;

    /** @param region where the VI's claims lie */
    FrameParts(VirtualInterface vi, MemoryRegion region) {
        this.vi = vi;
        this.region = region;
        partBytes = Math.max(vi.capabilities().contiguousTxBytes() & ~1, 2);
        // The longest IP packet, with room for Ethernet's header and two tags.
        parts = new long[(65_535 + 22) / partBytes + 1];
    }

    /** @return false: there is no room for all of it, and nothing is claimed */
    boolean claim(int headers, int payload) {
        length = headers + payload;
        final int wanted = (length + partBytes - 1) / partBytes;
        count = 0;
        written = headers;
        if (vi.txSpace() < wanted) {
            return false;
        }
        while (count < wanted) {
            final long part = vi.txClaim(0, Math.min(partBytes, length - count * partBytes));
            if (part == VirtualInterface.NONE) {
                vi.txUndo();
                return false;
            }
            parts[count++] = part;
        }
        return true;
    }

    /** Appends the buffer's remainder, as far as there is room for it. Its position stays. */
    void put(ByteBuffer src) {
        int at = src.position();
        while (at < src.limit() && written < length) {
            final int within = written % partBytes;
            final int n = Math.min(src.limit() - at, Math.min(partBytes - within, length - written));
            region.buffer().put(region.offset(parts[written / partBytes]) + within, src, at, n);
            at += n;
            written += n;
        }
    }

    /** Writes the headers. */
    void finish(HeaderTemplate template, int ipId, boolean dontFragment) {
        final int headers = template.bytes();
        long sum = Checksum.sum(parts[0] + headers, partBytes - headers);
        for (int i = 1; i < count; i++) {
            sum += Checksum.sum(parts[i], bytesOf(i));
        }
        template.write(parts[0], length - headers, ipId, dontFragment, sum);
    }

    /** Hands all parts to the VI, which then wants a push. */
    void init() {
        for (int i = 0; i < count; i++) {
            vi.txInit(parts[i], bytesOf(i), i + 1 < count ? TxFlags.CONT : TxFlags.NONE);
        }
    }

    /** Bytes of the frame. */
    int length() {
        return length;
    }

    /** Where the first part lies, with all headers. */
    long first() {
        return parts[0];
    }

    /** Copies the frame's start. @param bytes up to {@link #length} */
    void copyTo(long to, int bytes) {
        for (int i = 0, done = 0; done < bytes; done += partBytes, i++) {
            Memory.copy(parts[i], to + done, Math.min(partBytes, bytes - done));
        }
    }

    private int bytesOf(int part) {
        return Math.min(partBytes, length - part * partBytes);
    }
}
