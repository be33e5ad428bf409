package io.accel.core.pair;

import io.accel.core.memory.Memory;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;

/** The send side of a pair's VI. Its owner thread only, but for {@link #flush} and {@link #drops}. */
final class PairSender {
    private final PairWire wire;
    private final int txFrames;
    private final int frameBytes;
    /** MESSAGE: a claim is a place in the receiver's ring, so it can be refused; ETHERNET: a push that finds no place is dropped. */
    private final boolean claimsReceiver;
    private final boolean moderated;
    private final DropCounts drops = new DropCounts();

    /** Free buffers, the one returned last on top, since it is in the cache. */
    private final int[] free;
    private int freeCount;
    private long freeCursor;
    /** Buffers claimed and not pushed. */
    private final int[] claimed;
    private int claimedCount;
    /** Descriptors up to here are pushed; then come whole frames up to {@link #whole}, then the parts of one that lacks its end. */
    private long pushed;
    private long whole;
    private long written;
    /** The receiver's cursor as last seen. */
    private long released;
    /** Descriptors that this push dropped, their buffers on top of the free ones. */
    private int dropped;

    PairSender(PairWire wire, PairOptions options, boolean claimsReceiver) {
        this.wire = wire;
        this.claimsReceiver = claimsReceiver;
        txFrames = options.txFrames();
        frameBytes = options.frameBytes();
        moderated = options.moderated();
        claimed = new int[txFrames];
        free = new int[wire.buffers];
        for (int i = wire.buffers - 1; i >= 0; i--) {
            free[freeCount++] = i;
        }
    }

    int space() {
        recycle();
        final int space = Math.min(txFrames - claimedCount, freeCount);
        return claimsReceiver ? Math.min(space, room()) : space;
    }

    long claim(int peer, int length) {
        if (length > frameBytes || length < 0) {
            drops.add(PairDrop.TX_TOO_LONG, 1);
            return VirtualInterface.NONE;
        }
        if (claimsReceiver && !mayClaim(peer)) {
            return VirtualInterface.NONE;
        }
        if (claimedCount == txFrames || freeCount == 0 && recycle() == 0) {
            drops.add(PairDrop.TX_NO_FRAME, 1);
            return VirtualInterface.NONE;
        }
        final int buffer = free[--freeCount];
        claimed[claimedCount++] = buffer;
        return wire.addressOf(buffer);
    }

    private boolean mayClaim(int peer) {
        if (peer != 0) {
            drops.add(PairDrop.NO_PEER, 1);
        } else if (wire.receiverClosed) {
            drops.add(PairDrop.PEER_CLOSED, 1);
        } else if (room() <= 0) {
            drops.add(PairDrop.RX_RING_FULL, 1);
        } else {
            return true;
        }
        return false;
    }

    /** Places in the receiver's ring beyond what is pushed and claimed; looks at its cursor only when the last known one is too old. */
    private int room() {
        final long used = pushed + claimedCount;
        if (used - released >= wire.ring) {
            released = Memory.getLongAcquire(wire.control + PairWire.RELEASED);
        }
        return wire.ring - (int) (used - released);
    }

    void init(long address, int length, int flags) {
        final boolean continued = (flags & TxFlags.CONT) != 0;
        wire.descriptor(written++, (long) length << 32 | (continued ? PairWire.CONT_BIT : 0) | wire.bufferAt(address));
        if (!continued) {
            whole = written;
        }
    }

    void undo() {
        while (claimedCount > 0) {
            free[freeCount++] = claimed[--claimedCount];
        }
        written = pushed;
        whole = pushed;
    }

    int push(boolean more) {
        if (whole != pushed) {
            if (wire.receiverClosed) {
                dropFrom(pushed, PairDrop.PEER_CLOSED);
            } else if (!claimsReceiver && whole - released > wire.ring) {
                dropExcess();
            }
            forgetClaims();
        }
        if (moderated) {
            return pushModerated(more);
        }
        if (wire.wake == null) {
            Memory.putLongRelease(wire.control + PairWire.TAIL, pushed);
        } else {
            // Volatile: the receiver arms, then looks at the tail; we move the tail, then look whether it is armed.
            Memory.putLongVolatile(wire.control + PairWire.TAIL, pushed);
            wakeIfArmed();
        }
        recycle();
        return 0;
    }

    private int pushModerated(boolean more) {
        Memory.putLongRelease(wire.control + PairWire.READY, pushed);
        if (!more) {
            flush();
        }
        recycle();
        return (int) (pushed - Memory.getLongAcquire(wire.control + PairWire.TAIL));
    }

    /** Any thread: moves the tail up to what is ready, never back. */
    void flush() {
        if (!moderated) {
            return;
        }
        final long tail = wire.control + PairWire.TAIL;
        final long ready = Memory.getLongAcquire(wire.control + PairWire.READY);
        for (long seen = Memory.getLongVolatile(tail); seen < ready; seen = Memory.getLongVolatile(tail)) {
            if (Memory.compareAndSetLong(tail, seen, ready)) {
                wakeIfArmed();
                return;
            }
        }
    }

    private void wakeIfArmed() {
        final long armed = wire.control + PairWire.ARMED;
        if (wire.wake != null && Memory.getIntVolatile(armed) != 0 && Memory.getAndSetInt(armed, 0) != 0) {
            wire.wake.signal();
        }
    }

    /** Frames that the receive ring has no place for are dropped from the first that does not fit on, as a NIC does. */
    private void dropExcess() {
        released = Memory.getLongAcquire(wire.control + PairWire.RELEASED);
        final long end = released + wire.ring;
        long from = pushed;
        for (long at = pushed; at < whole && at < end; at++) {
            if (!PairWire.isContinued(wire.descriptor(at))) {
                from = at + 1;
            }
        }
        dropFrom(from, PairDrop.RX_RING_FULL);
    }

    /** Takes the whole frames from a descriptor on back and moves what lacks its end in their place. */
    private void dropFrom(long from, PairDrop cause) {
        int frames = 0;
        for (long at = from; at < whole; at++) {
            final long descriptor = wire.descriptor(at);
            free[freeCount++] = PairWire.buffer(descriptor);
            if (!PairWire.isContinued(descriptor)) {
                frames++;
            }
        }
        if (frames > 0) {
            drops.add(cause, frames);
        }
        for (long at = whole; at < written; at++) {
            wire.descriptor(from + at - whole, wire.descriptor(at));
        }
        written -= whole - from;
        // Buffers of dropped frames are free already and those of the others pushed: neither is claimed any more.
        dropped = (int) (whole - from);
        whole = from;
    }

    /** After a push only what is not inited, and the parts of a frame that lacks its end, stay claimed. */
    private void forgetClaims() {
        final int gone = (int) (whole - pushed) + dropped;
        if (gone == claimedCount) {
            claimedCount = 0;
        } else {
            forgetSome();
        }
        dropped = 0;
        pushed = whole;
    }

    private void forgetSome() {
        int kept = 0;
        for (int i = 0; i < claimedCount; i++) {
            if (!isGone(claimed[i])) {
                claimed[kept++] = claimed[i];
            }
        }
        claimedCount = kept;
    }

    private boolean isGone(int buffer) {
        for (long at = pushed; at < whole; at++) {
            if (PairWire.buffer(wire.descriptor(at)) == buffer) {
                return true;
            }
        }
        for (int i = freeCount - dropped; i < freeCount; i++) {
            if (free[i] == buffer) {
                return true;
            }
        }
        return false;
    }

    /** Takes back what the receiver has released: the free buffers there are then. */
    private int recycle() {
        final long end = Memory.getLongAcquire(wire.control + PairWire.FREE_TAIL);
        while (freeCursor < end) {
            free[freeCount++] = wire.free(freeCursor++);
        }
        return freeCount;
    }

    long drops(PairDrop cause) {
        return drops.get(cause);
    }
}
