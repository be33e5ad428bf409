package io.accel.core.pcap;

import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import io.accel.core.vi.ForwardingVirtualInterface;
import io.accel.core.vi.Medium;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/**
 * Captures every frame that is received, at {@link #poll}, and every frame that is sent, at {@link #txPush}. It does not own the
 * {@link PcapWriter}, which two VIs may share.
 */
public final class PcapVirtualInterface extends ForwardingVirtualInterface {
    private final PcapWriter writer;
    private final LongSupplier epochNanos;
    private final FrameJoiner received;
    private final FrameJoiner sent;

    /**
     * @param vi         no set
     * @param epochNanos the clock, nanoseconds since 1970; read once per burst
     */
    public PcapVirtualInterface(VirtualInterface vi, PcapWriter writer, LongSupplier epochNanos) {
        super(alone(vi));
        if (vi.capabilities().medium() != Medium.ETHERNET) {
            throw new IllegalArgumentException("only Ethernet frames go into a pcap file, not messages");
        }
        this.writer = writer;
        this.epochNanos = epochNanos;
        received = new FrameJoiner();
        sent = new FrameJoiner();
    }

    @Override
    public int poll(EventBatch events, int limit) {
        final int count = vi.poll(events, limit);
        if (count > 0) {
            for (int i = 0; i < count; i++) {
                if (events.type(i) == EventType.RX) {
                    received.add(bytes(events.frame(i), events.length(i)), (events.flags(i) & EventBatch.FLAG_CONT) != 0);
                }
            }
            received.write(writer, epochNanos.getAsLong());
        }
        return count;
    }

    @Override
    public void txInit(long address, int length, int flags) {
        // Copied now: after it the frame is the VI's.
        sent.add(bytes(address, length), (flags & TxFlags.CONT) != 0);
        vi.txInit(address, length, flags);
    }

    @Override
    public void txUndo() {
        sent.forget();
        vi.txUndo();
    }

    @Override
    public int txPush(boolean more) {
        sent.write(writer, epochNanos.getAsLong());
        return vi.txPush(more);
    }

    private ByteBuffer bytes(long address, int length) {
        for (final MemoryRegion region : vi.memory()) {
            if (region != null && region.contains(address, length)) {
                return region.buffer().slice(region.offset(address), length);
            }
        }
        throw new IllegalStateException("the frame at 0x" + Long.toHexString(address) + " is in no memory region");
    }
}
