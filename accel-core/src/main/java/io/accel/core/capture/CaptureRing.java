package io.accel.core.capture;

import static io.accel.core.capture.CaptureDescriptor.CAPACITY_OFFSET;
import static io.accel.core.capture.CaptureDescriptor.CELL_BEFORE_OFFSET;
import static io.accel.core.capture.CaptureDescriptor.CELL_MISSED_OFFSET;
import static io.accel.core.capture.CaptureDescriptor.HEADER_BYTES;
import static io.accel.core.capture.CaptureDescriptor.HEAD_OFFSET;
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
import java.security.SecureRandom;
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
    /** What {@link CaptureWriter#claim} returns when there is no room. */
    public static final long NONE = 0;
    /** The longest part of a packet that is captured. */
    public static final int MAX_SNAP = 65_536 + 64;

    private static final int CAPACITY = 16 << 20;
    /** A thousandth of a ring. */
    private static final int REST_SHIFT = 10;
    private static final VarHandle TAIL;
    private static final VarHandle LIMIT;

    static {
        try {
            TAIL = MethodHandles.lookup().findVarHandle(CaptureRing.class, "tail", long.class);
            LIMIT = MethodHandles.lookup().findVarHandle(CaptureRing.class, "limit", long.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long header;
    private final long ring;
    private final int capacity;
    private final long secret;
    private volatile long tail;
    /** Position up to which there was room when it was last looked at: never too high while the reader's position is true. */
    private volatile long limit;
    private long runs;
    private int lanes;
    /** For each cell the number of its lane and 1, or 0. */
    private final int[] laneOfCell = new int[CaptureDescriptor.CELLS];
    private final boolean[] owned = new boolean[CaptureDescriptor.CELLS];

    private CaptureRing(long header, int capacity, long secret) {
        this.header = header;
        this.ring = header + HEADER_BYTES;
        this.capacity = capacity;
        this.secret = secret;
        // 0 is no position.
        this.tail = capacity;
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
            final long secret = CaptureRecord.secret(new SecureRandom().nextLong());
            Memory.putLong(header + CaptureDescriptor.SECRET_OFFSET, secret);
            Memory.putIntRelease(header + CaptureDescriptor.MAGIC_OFFSET, CaptureDescriptor.MAGIC);
            return new CaptureRing(header, capacity, secret);
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
        for (int i = 0; i < CaptureDescriptor.CELLS; i++) {
            final long cell = header + CaptureDescriptor.cell(i);
            // Counts are not set back: whoever is inside yet would write its old one again.
            Memory.putLong(cell + CELL_BEFORE_OFFSET, Memory.getLongAcquire(cell + CELL_MISSED_OFFSET));
        }
        Memory.putLong(header + HEAD_OFFSET, from);
        Memory.putInt(header + SNAP_OFFSET, MAX_SNAP);
        Memory.putLong(header + START_OFFSET, from);
        Memory.putLongRelease(header + RUN_OFFSET, ++runs);
        return 0;
    }

    /**
     * The capture has ended: gives the memory back. A thread that is still inside has its packet go nowhere; should it be so late that the
     * next capture has come to the same place, the reader finds no record there, and what follows until that capture's end is missed.
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

    /**
     * What one of the process's sides puts packets of a lane in by. Any thread; slow.
     *
     * @return one of its own until it is {@link CaptureWriter#close closed}; past the room for them, one in common
     */
    public synchronized CaptureWriter writer(int lane) {
        for (int i = CaptureDescriptor.LANES; i < CaptureDescriptor.CELLS; i++) {
            if (!owned[i] && (laneOfCell[i] == lane + 1 || laneOfCell[i] == 0)) {
                owned[i] = true;
                return new CaptureWriter(this, lane, i, cell(i, lane));
            }
        }
        return sharedWriter(lane);
    }

    /** As {@link #writer}, for any thread at any time. */
    public synchronized CaptureWriter sharedWriter(int lane) {
        return new CaptureWriter(this, lane, CaptureWriter.SHARED, cell(lane, lane));
    }

    /** A cell stays its lane's: its count goes on with the next owner, so that a sum over the cells is right at any time. */
    private long cell(int number, int lane) {
        final long cell = header + CaptureDescriptor.cell(number);
        if (laneOfCell[number] == 0) {
            laneOfCell[number] = lane + 1;
            Memory.putIntRelease(cell + CaptureDescriptor.CELL_LANE_OFFSET, lane + 1);
        }
        return cell;
    }

    synchronized void giveBack(int cell) {
        owned[cell] = false;
    }

    // ---- packets: any thread

    long at(long position) {
        return ring + ((int) position & capacity - 1);
    }

    long word(long position, int length) {
        return CaptureRecord.word(position, secret, length);
    }

    /** Up to {@code length} and {@link #MAX_SNAP}. */
    int snap(int length) {
        return Math.max(0, Math.min(Math.min(length, MAX_SNAP), Memory.getInt(header + SNAP_OFFSET)));
    }

    long headAddress() {
        return header + HEAD_OFFSET;
    }

    /**
     * Whether to try while the reader is at this position. A rest that would hold some small records and no others counts as none: packets
     * of several lengths would all look for a place in it until the reader moves.
     */
    boolean hasRoom(long head) {
        final long at = tail;
        return head <= at && head + capacity - at >= Math.max(CaptureRecord.HEADER_BYTES, capacity >> REST_SHIFT);
    }

    /** @return the position of so much room, or {@link #NONE} */
    long claim(int bytes) {
        final int needed = BitUtil.align(bytes, CaptureDescriptor.ALIGNMENT);
        while (true) {
            final long at = tail;
            final int untilEnd = capacity - ((int) at & capacity - 1);
            final int skipped = needed <= untilEnd ? 0 : untilEnd;
            final int taken = skipped + needed;
            if (at + taken > limit && !hasRoom(at, taken)) {
                if (at != tail) {
                    continue;
                }
                return NONE;
            }
            if (TAIL.compareAndSet(this, at, at + taken)) {
                if (skipped != 0) {
                    Memory.putLongRelease(at(at), word(at, 0));
                }
                return at + skipped;
            }
        }
    }

    /** Looks at the reader's position, which another process wrote: one that cannot be is none. */
    private boolean hasRoom(long at, int taken) {
        final long head = Memory.getLongAcquire(header + HEAD_OFFSET);
        if (head > at || head < at - capacity) {
            return false;
        }
        final long now = head + capacity;
        if (now != limit) {
            LIMIT.setRelease(this, now);
        }
        return at + taken <= now;
    }
}
