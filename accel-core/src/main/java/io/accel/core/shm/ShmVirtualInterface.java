package io.accel.core.shm;

import io.accel.core.DropCause;
import io.accel.core.Reason;
import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterSpec;
import io.accel.core.vi.Medium;
import io.accel.core.vi.ViCapabilities;
import io.accel.core.vi.VirtualInterface;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A VI of the {@code shm} datapath: it receives from a ring per sending process and sends into the rings of others. It costs no
 * descriptor, and no file until somebody sends to it, so that every endpoint may have its own.
 *
 * <p>Nothing can be retained. A frame that finds no room in its receiver's ring is refused by {@link #txClaim} and counted on both
 * sides, as a NIC counts what its receiver had no buffer for.
 */
public final class ShmVirtualInterface implements VirtualInterface {
    /** Longest message in bytes: the largest UDP payload, and 64 bytes for what a stack puts before it. */
    public static final int MAX_MESSAGE = RingDescriptor.MAX_MESSAGE;

    /** What {@link #txSpace} says: room is the receiver's, so that only a claim can tell. */
    private static final int TX_FRAMES = 1024;
    private static final ViCapabilities CAPABILITIES = new ViCapabilities("shm", "shm", "shared memory", Medium.MESSAGE, MAX_MESSAGE,
        MAX_MESSAGE, true, Set.of(), false, 0, -1);

    private final ShmDomain domain;
    private final PeerTable peers;
    private final int number;
    private final int generation;
    private final long header;
    private final RxRings rings;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile Object attachment;
    /** What the header's words should hold; guarded by {@link #rings}. */
    private long armed;
    private int receiveLimit = Integer.MAX_VALUE;

    private TxRing held;
    private int pendingFrames;

    private long received;
    private long transmitted;
    private long ringFull;
    private long peerGone;
    private long refused;
    private DropCause refusal;

    ShmVirtualInterface(ShmDomain domain, PeerTable peers, int number, int generation, long header, RxRings rings) {
        this.domain = domain;
        this.peers = peers;
        this.number = number;
        this.generation = generation;
        this.header = header;
        this.rings = rings;
    }

    @Override
    public ViCapabilities capabilities() {
        return CAPABILITIES;
    }

    /** The mapped receive rings; what is claimed lies in {@link ShmDomain#txRegion} instead. */
    @Override
    public MemoryRegion[] memory() {
        return rings.memory();
    }

    @Override
    public int memoryVersion() {
        return rings.memoryVersion();
    }

    /** {@inheritDoc} The event's peer and region are the ring's index in {@link #memory()}. */
    @Override
    public int poll(EventBatch events, int limit) {
        if (closed) {
            throw new IllegalStateException("the VI is closed");
        }
        final int n = rings.poll(events, limit);
        received += n;
        return n;
    }

    @Override
    public void release(EventBatch events) {
        rings.release();
        events.count(0);
    }

    /** Whether there is something to poll; takes nothing. Receive owner only. */
    public boolean hasPending() {
        return rings.hasPending();
    }

    /** Only looks: sleeping goes through {@link #arm} and {@link ShmWaiter}. */
    @Override
    public boolean prime() {
        return hasPending();
    }

    /**
     * Has senders mark this VI on the domain's ready board and wake a waiter when they publish; stays until {@link #disarm}. The caller
     * looks at {@link #hasPending} afterwards, since what came before is not told. Any thread; idempotent.
     *
     * @return false when {@value ViHeader#ARMED_SLOTS} other waiters are armed already
     */
    public boolean arm(ShmWaiter waiter) {
        final long id = waiter.number() + 1L;
        synchronized (rings) {
            if (shiftOf(armed, id) < 0) {
                final int free = shiftOf(armed, 0);
                if (free < 0) {
                    return false;
                }
                armed |= id << free;
                Memory.putLongVolatile(header + ViHeader.ARMED_OFFSET, armed);
                Memory.fullFence();
            }
        }
        return true;
    }

    /** Undoes {@link #arm}. Any thread; idempotent. */
    public void disarm(ShmWaiter waiter) {
        synchronized (rings) {
            final int shift = shiftOf(armed, waiter.number() + 1L);
            if (shift >= 0) {
                armed &= ~(0xFFFFL << shift);
                Memory.putLongVolatile(header + ViHeader.ARMED_OFFSET, armed);
            }
        }
    }

    /** Puts right what peers read of this VI and only it may write; true: somebody else had written there. */
    boolean repair() {
        synchronized (rings) {
            if (closed || Memory.getIntAcquire(header + ViHeader.GENERATION_OFFSET) == generation
                && Memory.getIntAcquire(header + ViHeader.RING_BYTES_OFFSET) == rings.capacity()
                && Memory.getIntAcquire(header + ViHeader.RECEIVE_LIMIT_OFFSET) == receiveLimit
                && Memory.getLongAcquire(header + ViHeader.ARMED_OFFSET) == armed) {
                return false;
            }
            Memory.putInt(header + ViHeader.RING_BYTES_OFFSET, rings.capacity());
            Memory.putInt(header + ViHeader.RECEIVE_LIMIT_OFFSET, receiveLimit);
            Memory.putLong(header + ViHeader.ARMED_OFFSET, armed);
            Memory.putIntVolatile(header + ViHeader.GENERATION_OFFSET, generation);
            return true;
        }
    }

    private static int shiftOf(long armed, long id) {
        for (int shift = 0; shift < Long.SIZE; shift += Short.SIZE) {
            if ((armed >>> shift & 0xFFFF) == id) {
                return shift;
            }
        }
        return -1;
    }

    @Override
    public int txSpace() {
        return TX_FRAMES;
    }

    /**
     * {@inheritDoc} From the first claim to {@link #txPush} or {@link #txUndo} the ring is locked against the other threads of this
     * process, so the time between is to be short. A claim for another peer pushes what was inited for the one before.
     *
     * @return {@link #NONE} when the receiver's ring is full or the peer gone; each is counted
     */
    @Override
    public long txClaim(int peer, int length) {
        TxRing ring = held;
        if (ring == null || ring.handle() != peer) {
            ring = acquire(peer);
            if (ring == null) {
                return NONE;
            }
        }
        if (length < 0 || length > MAX_MESSAGE) {
            refused++;
            refusal = DropCause.SEND_REFUSED;
            letGoIfUnused(ring);
            return NONE;
        }
        final long address = ring.reserve(length);
        if (address == NONE) {
            countRefusal(ring);
        }
        return address;
    }

    private TxRing acquire(int peer) {
        if (closed) {
            throw new IllegalStateException("the VI is closed");
        }
        if (held != null) {
            push(held);
        }
        final TxRing ring = peers.get(peer);
        if (ring == null) {
            peerGone++;
            refusal = DropCause.PEER_GONE;
            return null;
        }
        if (!ring.lock()) {
            refused++;
            refusal = DropCause.SEND_REFUSED;
            return null;
        }
        if (!ring.isReceiverOpen()) {
            ring.unlock();
            peerGone++;
            refusal = DropCause.PEER_GONE;
            return null;
        }
        held = ring;
        return ring;
    }

    private void countRefusal(TxRing ring) {
        if (ring.isCorrupt()) {
            peerGone++;
            refusal = DropCause.PEER_GONE;
        } else {
            ringFull++;
            refusal = DropCause.PEER_RING_FULL;
            ring.countDrop();
        }
        letGoIfUnused(ring);
    }

    private void letGoIfUnused(TxRing ring) {
        if (!ring.hasReserved()) {
            held = null;
            ring.unlock();
        }
    }

    /** Why the last claim that was refused was; send owner only. */
    public DropCause refusal() {
        return refusal;
    }

    /** The memory that what is claimed now lies in, until it is pushed or undone; send owner only. */
    public MemoryRegion claimedRegion() {
        return held.region();
    }

    @Override
    public void txInit(long address, int length, int flags) {
        final TxRing ring = held;
        if (ring == null || !ring.init(address, length)) {
            throw new IllegalArgumentException("nothing of that length was claimed at that address");
        }
        pendingFrames++;
    }

    @Override
    public void txUndo() {
        final TxRing ring = held;
        if (ring != null) {
            held = null;
            pendingFrames = 0;
            ring.undo();
            ring.unlock();
        }
    }

    /** {@inheritDoc} The doorbell is a store, so {@code more} changes nothing. */
    @Override
    public int txPush(boolean more) {
        final TxRing ring = held;
        if (ring != null) {
            push(ring);
        }
        return 0;
    }

    private void push(TxRing ring) {
        held = null;
        transmitted += pendingFrames;
        pendingFrames = 0;
        ring.push(domain.signalSocket());
        ring.unlock();
    }

    /**
     * Bounds what may wait in each receive ring, as a socket's receive buffer: a sender that finds more there is refused, so one message of
     * any length is always taken. It counts at once for every sender; a limit beyond the rings that senders have made already is that of
     * the rings which others make from now on. Any thread.
     *
     * @param bytes 0 or more, of which a record takes its message's length, rounded up to cache lines with its first word
     */
    public void receiveLimit(int bytes) {
        synchronized (rings) {
            rings.grow(bytes, header);
            receiveLimit = Math.max(bytes, 0);
            Memory.putIntVolatile(header + ViHeader.RECEIVE_LIMIT_OFFSET, receiveLimit);
        }
    }

    /** Messages lie in order in their sender's ring: one that is kept would hold up all behind it. */
    @Override
    public int retainable() {
        return 0;
    }

    /** Nothing can have been retained. */
    @Override
    public void releaseRetained(long token) {
        throw new IllegalArgumentException("this VI retains nothing");
    }

    /** Nothing is ever left pending. */
    @Override
    public void txFlush() {
    }

    /** Marks the VI on the ready board and wakes its armed waiters. */
    @Override
    public void wake() {
        final long waiters;
        synchronized (rings) {
            waiters = armed;
        }
        if (waiters != 0) {
            domain.self().wake(number, waiters, domain.signalSocket());
        }
    }

    /** Always refused: senders find a VI by {@link ShmDomain#publish name}. */
    @Override
    public Filter addFilter(FilterSpec spec, FilterMode mode) throws FilterRefusedException {
        throw new FilterRefusedException(Reason.FILTER_REFUSED, "shared memory has no filters: publish a name instead");
    }

    /** Events polled, discards included. */
    public long received() {
        return received;
    }

    /** Messages published. */
    public long transmitted() {
        return transmitted;
    }

    /** Messages not sent since their receiver's ring was full. */
    public long droppedRingFull() {
        return ringFull;
    }

    /** Messages not sent since their receiver closed, died, or spoiled the ring. */
    public long droppedPeerGone() {
        return peerGone;
    }

    /** Messages not sent since they were too long, or another thread of ours kept the ring for a tenth of a second. */
    public long droppedRefused() {
        return refused;
    }

    /** Messages for this VI that their senders found no room for; up to date after a poll that found nothing. */
    public long lostRingFull() {
        return rings.lost();
    }

    /** Receive rings that were given up since a sender left garbage in them. */
    public long corruptRings() {
        return rings.corruptRings();
    }

    /** Receive rings mapped now: one per sending process. */
    public int ringCount() {
        return rings.count();
    }

    /** Whatever its user wants to find again when {@link ShmDomain#collectReady} hands this VI out. Any thread. */
    public Object attachment() {
        return attachment;
    }

    public void attachment(Object value) {
        attachment = value;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Number in its process, below 65,536; used again after a close. */
    public int number() {
        return number;
    }

    /** What it is a part of. */
    public ShmDomain domain() {
        return domain;
    }

    NameEntry entry() {
        return new NameEntry(domain.self().id(), number, generation);
    }

    Set<String> names() {
        return names;
    }

    RxRings rings() {
        return rings;
    }

    long header() {
        return header;
    }

    /** {@inheritDoc} Both owners must be outside: the rings are unmapped here. Removes all files and names of the VI. */
    @Override
    public void close() {
        domain.close(this);
    }

    /** The domain's, once: lets go of everything but the number. */
    void closeRings() {
        synchronized (rings) {
            closed = true;
            armed = 0;
            Memory.putLongVolatile(header + ViHeader.ARMED_OFFSET, 0);
            Memory.putIntVolatile(header + ViHeader.GENERATION_OFFSET, 0);
        }
        txUndo();
        Memory.fullFence();
        rings.close();
    }
}
