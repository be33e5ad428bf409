package io.accel.udp.endpoint;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.natives.Posix;
import org.agrona.BitUtil;

/**
 * A bounded queue of datagrams in one off-heap ring: one writer (whoever polls the interface), one reader (whoever holds the
 * channel's read side). Its bytes are what SO_RCVBUF bounds: an offer that finds more is refused, as by the kernel, so one datagram is
 * always taken. What is refused is the writer's to count.
 *
 * <pre>
 *   record, aligned to 32: 0 length i32 | 4 kind i32 | 8 source port and scope u64 | 16 source address, high u64 | 24 low u64 | 32 payload
 *   the payload's place stays unused where the kind says that it lies in a frame: it is charged all the same
 *   at the end of one whose kind says so: arrival, nanoseconds i64 | its clock's state i64
 * </pre>
 */
public final class DatagramQueue implements AutoCloseable {
    /** What {@link #offer} takes in place of an address for a payload that is not copied here. */
    public static final long IN_ITS_FRAME = 0;
    /** What a record costs besides its payload. */
    public static final int HEADER_BYTES = 32;

    private static final int KIND_OFFSET = 4;
    private static final int SCOPED_PORT_OFFSET = 8;
    private static final int HIGH_OFFSET = 16;
    private static final int LOW_OFFSET = 24;
    private static final int KIND_DATAGRAM = 1;
    private static final int KIND_PADDING = 2;
    private static final int KIND_STAMPED = 3;
    /** With KIND_DATAGRAM or KIND_STAMPED. */
    private static final int IN_FRAME = 4;
    private static final int STAMP_BYTES = 16;
    private static final int CURSOR_BYTES = 128;
    /** Room beyond the bound: the datagram that is still taken, and what its record may waste at the end of the ring. */
    private static final int SLACK_BYTES = 8192;
    private static final int MAX_CAPACITY = 1 << 29;

    private final int capacity;
    private final long ring;
    private final long head;
    private final long tail;
    private final MemoryRegion region;

    private volatile DatagramQueue successor;
    /** Bytes; the writer's. */
    private int bound;
    private long writerTail;
    private long writerHead;
    private long readerHead;
    /** Datagrams so far: the writer's. */
    private long offered;
    /** Datagrams so far: the reader's. */
    private long consumed;
    private boolean closed;

    /** @param bytes how much may wait, records included; up to half a gigabyte of memory is taken for it when it is used */
    public DatagramQueue(int bytes) {
        capacity = BitUtil.findNextPositivePowerOfTwo((int) Math.min(bytes + (long) SLACK_BYTES, MAX_CAPACITY));
        bound = bytes;
        ring = Memory.allocateAligned(capacity + 2L * CURSOR_BYTES, CURSOR_BYTES);
        head = ring + capacity;
        tail = head + CURSOR_BYTES;
        region = new MemoryRegion(0, ring, capacity, Posix.wrap(ring, capacity));
    }

    /** Where {@link #payload()} lies. */
    public MemoryRegion region() {
        return region;
    }

    /** Writer: sets another bound; false: the ring is too small for it, so another queue must take its place. */
    public boolean bound(int bytes) {
        if (bytes + (long) SLACK_BYTES > capacity && capacity < MAX_CAPACITY) {
            return false;
        }
        bound = bytes;
        return true;
    }

    /** Writer: has the reader go on with another queue once this one is empty; nothing is offered here any more. */
    public void successor(DatagramQueue next) {
        successor = next;
    }

    /** The queue that took this one's place, or null. Whoever finds one and then this queue empty is done with this one. */
    public DatagramQueue successor() {
        return successor;
    }

    /**
     * Writer: copies a datagram in with its source, an {@link io.accel.udp.address.IpAddress} and its port; false: no room.
     *
     * @param payload address, or {@link #IN_ITS_FRAME}
     * @param arrival when it came, or null
     */
    public boolean offer(long payload, int length, long high, long low, long scopedPort, ArrivalTime arrival) {
        final boolean stamped = arrival != null && arrival.isPresent();
        final int record = recordBytes(stamped ? length + STAMP_BYTES : length);
        final int index = (int) writerTail & capacity - 1;
        final int untilEnd = capacity - index;
        final int needed = record <= untilEnd ? record : untilEnd + record;
        if (!hasRoom(needed)) {
            return false;
        }
        final boolean inFrame = payload == IN_ITS_FRAME;
        long at = ring + index;
        if (record > untilEnd) {
            Memory.putInt(at, untilEnd - HEADER_BYTES);
            Memory.putInt(at + KIND_OFFSET, KIND_PADDING);
            at = ring;
        }
        Memory.putInt(at, length);
        Memory.putInt(at + KIND_OFFSET, (stamped ? KIND_STAMPED : KIND_DATAGRAM) | (inFrame ? IN_FRAME : 0));
        Memory.putLong(at + SCOPED_PORT_OFFSET, scopedPort);
        Memory.putLong(at + HIGH_OFFSET, high);
        Memory.putLong(at + LOW_OFFSET, low);
        if (!inFrame) {
            Memory.copy(payload, at + HEADER_BYTES, length);
        }
        if (stamped) {
            Memory.putLong(at + record - STAMP_BYTES, arrival.nanos());
            Memory.putLong(at + record - STAMP_BYTES + Long.BYTES, arrival.clock());
        }
        offered++;
        writerTail += needed;
        Memory.putLongRelease(tail, writerTail);
        return true;
    }

    /** Writer: whether an offer of so many bytes would be taken now, stamped or not; then it is until another one. */
    public boolean hasRoomFor(int length) {
        final int record = recordBytes(length + STAMP_BYTES);
        final int untilEnd = capacity - ((int) writerTail & capacity - 1);
        return hasRoom(record <= untilEnd ? record : untilEnd + record);
    }

    private boolean hasRoom(int needed) {
        if (fits(needed)) {
            return true;
        }
        writerHead = Memory.getLongAcquire(head);
        return fits(needed);
    }

    private boolean fits(int needed) {
        final long waiting = writerTail - writerHead;
        return waiting <= bound && waiting + needed <= capacity;
    }

    /** Writer: bytes that wait, records included. */
    long waitingBytes() {
        return writerTail - Memory.getLongAcquire(head);
    }

    /** Any thread: whether a datagram was there a moment ago. */
    public boolean isEmpty() {
        return Memory.getLongAcquire(tail) == Memory.getLongAcquire(head);
    }

    /** Any thread: datagrams that waited a moment ago. */
    public long waiting() {
        return Math.max(offered - consumed, 0);
    }

    /** Reader: finds the next datagram, which stays until {@link #consume}; false: none. */
    public boolean peek() {
        if (readerHead == Memory.getLongAcquire(tail)) {
            return false;
        }
        if (Memory.getInt(current() + KIND_OFFSET) == KIND_PADDING) {
            readerHead += recordBytes(Memory.getInt(current()));
        }
        return true;
    }

    /** Reader: address of the payload that {@link #peek} found. */
    public long payload() {
        return current() + HEADER_BYTES;
    }

    /** Reader: bytes of payload. */
    public int length() {
        return Memory.getInt(current());
    }

    /** Reader: high half of the source address. */
    public long high() {
        return Memory.getLong(current() + HIGH_OFFSET);
    }

    /** Reader: low half of the source address. */
    public long low() {
        return Memory.getLong(current() + LOW_OFFSET);
    }

    /** Reader: source port and scope. */
    public long scopedPort() {
        return Memory.getLong(current() + SCOPED_PORT_OFFSET);
    }

    /** Reader: tells when the datagram came, as far as the writer knew. */
    public void arrival(ArrivalTime out) {
        if (isStamped()) {
            final long stamp = current() + record() - STAMP_BYTES;
            out.set(Memory.getLong(stamp), (int) Memory.getLong(stamp + Long.BYTES));
        } else {
            out.clear();
        }
    }

    /** Reader: whether the payload that {@link #peek} found was left in its frame, so is not here. */
    public boolean isInFrame() {
        return (Memory.getInt(current() + KIND_OFFSET) & IN_FRAME) != 0;
    }

    private boolean isStamped() {
        return (Memory.getInt(current() + KIND_OFFSET) & ~IN_FRAME) == KIND_STAMPED;
    }

    private int record() {
        return recordBytes(isStamped() ? length() + STAMP_BYTES : length());
    }

    /** Reader: gives the datagram's room back. */
    public void consume() {
        consumed++;
        readerHead += record();
        Memory.putLongRelease(head, readerHead);
    }

    /** Frees the ring; neither side may run any more. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Memory.freeAligned(ring);
        }
    }

    private long current() {
        return ring + ((int) readerHead & capacity - 1);
    }

    private static int recordBytes(int length) {
        return BitUtil.align(length + HEADER_BYTES, HEADER_BYTES);
    }
}
