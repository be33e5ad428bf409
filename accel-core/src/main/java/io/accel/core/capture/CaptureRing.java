package io.accel.core.capture;

import static io.accel.core.capture.CaptureDescriptor.CAPACITY_OFFSET;
import static io.accel.core.capture.CaptureDescriptor.HEADER_BYTES;
import static io.accel.core.capture.CaptureDescriptor.HEAD_OFFSET;
import static io.accel.core.capture.CaptureDescriptor.LANE_MISSED_OFFSET;
import static io.accel.core.capture.CaptureDescriptor.RUN_OFFSET;
import static io.accel.core.capture.CaptureDescriptor.SNAP_OFFSET;
import static io.accel.core.capture.CaptureDescriptor.START_OFFSET;

import io.accel.core.memory.Memory;
import io.accel.core.natives.ErrnoException;
import io.accel.core.natives.Posix;
import io.accel.core.vi.Medium;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import org.agrona.BitUtil;

/**
 * The process's side of a capture: many threads put packets in, none waits, and what finds no room is counted. The position to write at is
 * kept in this object alone and only stores go into the file, but for the reader's position and the length that it wants, which are
 * checked: whatever else another process writes there harms the capture only.
 *
 * <p>The file stays mapped for as long as the process lives, since a thread may be inside when a capture ends. Between captures it takes
 * no memory.
 */
public final class CaptureRing {
    /** What {@link #claim} returns when there is no room. */
    public static final long NONE = 0;
    /** The longest part of a packet that is captured. */
    public static final int MAX_SNAP = 65_536 + 64;

    private static final int CAPACITY = 16 << 20;
    private static final VarHandle TAIL;

    static {
        try {
            TAIL = MethodHandles.lookup().findVarHandle(CaptureRing.class, "tail", long.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long header;
    private final long ring;
    private final int capacity;
    private volatile long tail;
    /** Position up to which there was room when it was last looked at: never too high while the reader's position is true. */
    private volatile long limit;
    private long runs;
    private int lanes;

    private CaptureRing(long header, int capacity) {
        this.header = header;
        this.ring = header + HEADER_BYTES;
        this.capacity = capacity;
    }

    /**
     * Makes the file, which must not exist, with its space.
     *
     * @param causes tells a reader whether verdicts mean the same to it
     */
    public static CaptureRing create(String path, int causes) throws ErrnoException {
        return create(path, causes, CAPACITY);
    }

    /** @param capacity a power of two, 8 KiB at least */
    static CaptureRing create(String path, int causes, int capacity) throws ErrnoException {
        final long result = Memory.allocateAligned(2 * Long.BYTES, Long.BYTES);
        try {
            final int bytes = HEADER_BYTES + capacity;
            ErrnoException.check(Posix.mapFile(path, bytes, bytes, result), path);
            final long header = Memory.getLong(result);
            Memory.putInt(header + CaptureDescriptor.VERSION_OFFSET, CaptureDescriptor.VERSION);
            Memory.putInt(header + CaptureDescriptor.CAUSES_OFFSET, causes);
            Memory.putInt(header + CAPACITY_OFFSET, capacity);
            Memory.putIntRelease(header + CaptureDescriptor.MAGIC_OFFSET, CaptureDescriptor.MAGIC);
            return new CaptureRing(header, capacity);
        } finally {
            Memory.freeAligned(result);
        }
    }

    // ---- on and off: one thread

    /** A capture begins, and what it misses is counted from 0. @return 0, or negative errno: there is no memory for it */
    public int start() {
        final int error = Posix.populate(ring, capacity);
        if (error < 0) {
            return error;
        }
        final long from = tail;
        limit = from + capacity;
        for (int i = 0; i < CaptureDescriptor.LANES; i++) {
            Memory.putLong(header + CaptureDescriptor.lane(i) + LANE_MISSED_OFFSET, 0);
        }
        Memory.putLong(header + HEAD_OFFSET, from);
        Memory.putInt(header + SNAP_OFFSET, MAX_SNAP);
        Memory.putLong(header + START_OFFSET, from);
        Memory.putLongRelease(header + RUN_OFFSET, ++runs);
        return 0;
    }

    /**
     * The capture has ended: gives the memory back. A thread that is still inside has its packet go nowhere; should it be so late that the
     * next capture has come to the same place, it spoils one record, which the reader bears.
     */
    public void stop() {
        Memory.putLongRelease(header + RUN_OFFSET, 0);
        if (Posix.discard(ring, capacity) < 0) {
            Memory.fill(ring, capacity, (byte) 0);
        }
    }

    /**
     * A lane for packets of one interface; the same one for the same names. Any thread; slow.
     *
     * @return its number; past the room for them, that of the last one
     */
    public synchronized int lane(Medium medium, String name, String description) {
        final byte[] wanted = text(name, CaptureDescriptor.LANE_NAME_BYTES);
        for (int i = 0; i < lanes; i++) {
            if (isAt(header + CaptureDescriptor.lane(i) + CaptureDescriptor.LANE_NAME_OFFSET, wanted)) {
                return i;
            }
        }
        if (lanes == CaptureDescriptor.LANES) {
            return lanes - 1;
        }
        final long lane = header + CaptureDescriptor.lane(lanes);
        put(lane + CaptureDescriptor.LANE_NAME_OFFSET, wanted);
        put(lane + CaptureDescriptor.LANE_DESCRIPTION_OFFSET, text(description, CaptureDescriptor.LANE_DESCRIPTION_BYTES));
        Memory.putIntRelease(lane + CaptureDescriptor.LANE_MEDIUM_OFFSET, medium.ordinal() + 1);
        return lanes++;
    }

    /** Padded with at least one 0. */
    private static byte[] text(String text, int bytes) {
        final byte[] all = text.getBytes(StandardCharsets.UTF_8);
        final byte[] padded = new byte[bytes];
        System.arraycopy(all, 0, padded, 0, Math.min(all.length, bytes - 1));
        return padded;
    }

    private static void put(long at, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            Memory.putByte(at + i, bytes[i]);
        }
    }

    private static boolean isAt(long at, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (Memory.getByte(at + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    // ---- packets: any thread

    /** How much of a packet the reader wants. @return up to {@code length} and {@link #MAX_SNAP} */
    public int snap(int length) {
        return Math.max(0, Math.min(Math.min(length, MAX_SNAP), Memory.getInt(header + SNAP_OFFSET)));
    }

    /**
     * Claims a record, to be published soon: what comes after it is not read before.
     *
     * @param captured bytes of the packet that follow its header, as {@link #snap} said
     * @return its address, or {@link #NONE}: no room, which is counted
     */
    public long claim(int lane, int captured) {
        final int needed = BitUtil.align(CaptureRecord.HEADER_BYTES + captured, CaptureDescriptor.ALIGNMENT);
        while (true) {
            final long at = tail;
            final int index = (int) at & capacity - 1;
            final int untilEnd = capacity - index;
            final int taken = needed <= untilEnd ? needed : untilEnd + needed;
            if (at + taken > limit && !hasRoom(at, taken)) {
                if (at != tail) {
                    continue;
                }
                miss(lane);
                return NONE;
            }
            if (TAIL.compareAndSet(this, at, at + taken)) {
                if (needed <= untilEnd) {
                    return ring + index;
                }
                Memory.putIntRelease(ring + index, -untilEnd);
                return ring;
            }
        }
    }

    /** Looks at the reader's position, which another process wrote: one that cannot be is none. */
    private boolean hasRoom(long at, int taken) {
        final long head = Memory.getLongAcquire(header + HEAD_OFFSET);
        if (head > at || head < at - capacity) {
            return false;
        }
        limit = head + capacity;
        return at + taken <= head + capacity;
    }

    private void miss(int lane) {
        Memory.getAndAddLong(header + CaptureDescriptor.lane(lane) + LANE_MISSED_OFFSET, 1);
    }

    /**
     * Copies the packet in, fills the header but for the ends, and publishes.
     *
     * @param record   of {@link #claim}
     * @param captured what was claimed for, or less
     * @param verdict  the stack's
     * @param stamp    nanoseconds since 1970
     * @param from     where the packet lies
     * @param original bytes of the whole packet, of which the captured are there
     */
    public void publish(long record, int captured, int lane, byte direction, int verdict, long stamp, long from, int original) {
        Memory.copy(from, record + CaptureRecord.HEADER_BYTES, captured);
        publish(record, captured, lane, direction, verdict, stamp, original);
    }

    /** As {@link #publish(long, int, int, byte, int, long, long, int)}, of a packet that is at {@link CaptureRecord#packet} already. */
    public void publish(long record, int captured, int lane, byte direction, int verdict, long stamp, int original) {
        CaptureRecord.describe(record, lane, direction, verdict, stamp, original, captured);
        Memory.putIntRelease(record + CaptureRecord.LENGTH_OFFSET, CaptureRecord.HEADER_BYTES + captured);
    }
}
