package io.accel.core.capture;

import static io.accel.core.capture.CaptureDescriptor.HEADER_BYTES;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;
import io.accel.core.vi.Medium;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.agrona.BitUtil;

/**
 * The tool's side of a capture. What it reads may be another user's, so every record is copied before it is looked at, and a ring that
 * makes no sense is given up. One thread.
 */
public final class CaptureReader implements AutoCloseable {
    /** An interface of the process. @param number as its packets tell it */
    public record Lane(int number, Medium medium, String name, String description) {
    }

    /** In so many the process gets the room of a full ring back. */
    private static final int PORTIONS = 8;
    private static final int ANY_LANE = -1;

    private final String path;
    private final long header;
    private final long length;
    private final long ring;
    private final int capacity;
    private final long secret;
    private long run;
    private long head;
    /** What the process knows of it. */
    private long told;
    /** Bytes beyond it at which to think of telling it. */
    private int portion;
    private final CapturePace pace = new CapturePace(System::nanoTime, () -> missed(ANY_LANE));

    private CaptureReader(String path, long header, long length, int capacity) {
        this.path = path;
        this.header = header;
        this.length = length;
        this.ring = header + HEADER_BYTES;
        this.capacity = capacity;
        this.secret = Memory.getLong(header + CaptureDescriptor.SECRET_OFFSET);
    }

    /**
     * Opens a ring.
     *
     * @param causes what the verdicts mean to the caller
     * @return empty while there is none yet
     * @throws IOException when it is of another version, or not to be opened
     */
    public static Optional<CaptureReader> open(String path, int causes) throws IOException {
        final long result = Memory.allocateAligned(2 * Long.BYTES, Long.BYTES);
        try {
            final int error = Posix.mapFile(path, 0, Posix.EXISTING, result);
            if (error == -Errno.ENOENT || error == -Errno.EINVAL) {
                return Optional.empty();
            }
            if (error != 0) {
                throw new IOException("cannot open " + path + ": " + Errno.text(error));
            }
            final long header = Memory.getLong(result);
            final long length = Memory.getLong(result + Long.BYTES);
            if (length < HEADER_BYTES || Memory.getIntAcquire(header + CaptureDescriptor.MAGIC_OFFSET) == 0) {
                Posix.unmap(header, length);
                return Optional.empty();
            }
            final int capacity = Memory.getInt(header + CaptureDescriptor.CAPACITY_OFFSET);
            if (Memory.getInt(header + CaptureDescriptor.MAGIC_OFFSET) != CaptureDescriptor.MAGIC
                || Memory.getInt(header + CaptureDescriptor.VERSION_OFFSET) != CaptureDescriptor.VERSION
                || Memory.getInt(header + CaptureDescriptor.CAUSES_OFFSET) != causes
                || !BitUtil.isPowerOfTwo(capacity) || length != HEADER_BYTES + (long) capacity) {
                Posix.unmap(header, length);
                throw new IOException(path + " is no capture ring of this version of Accel: take the tools of the process's version");
            }
            return Optional.of(new CaptureReader(path, header, length, capacity));
        } finally {
            Memory.freeAligned(result);
        }
    }

    /** Of the mapped file, in bytes. */
    public long length() {
        return length;
    }

    /** Whether the process captures, to be asked now and then: a capture that it began anew is read from its start. */
    public boolean isRunning() {
        final long now = Memory.getLongAcquire(header + CaptureDescriptor.RUN_OFFSET);
        if (now != 0 && now != run) {
            run = now;
            head = Memory.getLongAcquire(header + CaptureDescriptor.HEAD_OFFSET);
            told = head;
            portion = capacity / PORTIONS;
            pace.begin();
        }
        return now != 0;
    }

    /** Has the process put no more than so much of each packet in. */
    public void snap(int bytes) {
        Memory.putInt(header + CaptureDescriptor.SNAP_OFFSET, bytes);
    }

    /**
     * Takes the next packet. The process gets its room back when much has been taken, or when there is nothing more: each time costs it a
     * cache miss, and where it puts in more than is taken, what is taken hangs together. Of a flood it gets it back later:
     * {@link CapturePace}.
     *
     * @return false: there is none now
     * @throws IOException when the ring holds what no process of Accel writes
     */
    public boolean next(CapturedPacket into) throws IOException {
        while (run != 0) {
            final int index = (int) head & capacity - 1;
            final int untilEnd = capacity - index;
            final int bytes = (head & CaptureDescriptor.ALIGNMENT - 1) == 0
                ? CaptureRecord.length(Memory.getLongAcquire(ring + index), head, secret) : CaptureRecord.HEADER_BYTES - 1;
            if (bytes < 0) {
                if (head != told && pace.whenEmpty()) {
                    tellHead();
                }
                return false;
            }
            final boolean padding = bytes == 0;
            final int taken = padding ? untilEnd : BitUtil.align(bytes, CaptureDescriptor.ALIGNMENT);
            if (taken > untilEnd || !padding && !into.read(ring + index, bytes)) {
                throw new IOException(path + " is damaged");
            }
            head += taken;
            if (!padding) {
                pace.took(taken);
            }
            if (head - told >= portion) {
                portion += capacity / PORTIONS;
                if (pace.afterPortion()) {
                    tellHead();
                }
            }
            if (!padding) {
                return true;
            }
        }
        return false;
    }

    private void tellHead() {
        told = head;
        portion = capacity / PORTIONS;
        Memory.putLongRelease(header + CaptureDescriptor.HEAD_OFFSET, head);
    }

    /** What is known of a lane; null: nothing yet. */
    public Lane lane(int number) {
        final long lane = header + CaptureDescriptor.lane(number);
        final int medium = Memory.getIntAcquire(lane + CaptureDescriptor.LANE_MEDIUM_OFFSET);
        if (medium < 1 || medium > Medium.values().length) {
            return null;
        }
        return new Lane(number, Medium.values()[medium - 1],
            text(lane + CaptureDescriptor.LANE_NAME_OFFSET, CaptureDescriptor.LANE_NAME_BYTES),
            text(lane + CaptureDescriptor.LANE_DESCRIPTION_OFFSET, CaptureDescriptor.LANE_DESCRIPTION_BYTES));
    }

    /** How many lanes there may be. */
    public static int lanes() {
        return CaptureDescriptor.LANES;
    }

    private static String text(long at, int bytes) {
        final byte[] copy = new byte[bytes];
        int length = 0;
        while (length < bytes && (copy[length] = Memory.getByte(at + length)) != 0) {
            length++;
        }
        return new String(copy, 0, length, StandardCharsets.UTF_8);
    }

    /** Packets of a lane that found no room since the capture began. */
    public long missed(int lane) {
        long missed = 0;
        for (int i = 0; i < CaptureDescriptor.CELLS; i++) {
            final long cell = header + CaptureDescriptor.cell(i);
            final int owner = Memory.getIntAcquire(cell + CaptureDescriptor.CELL_LANE_OFFSET) - 1;
            if (lane == ANY_LANE ? owner >= 0 : owner == lane) {
                missed += Memory.getLongAcquire(cell + CaptureDescriptor.CELL_MISSED_OFFSET)
                    - Memory.getLong(cell + CaptureDescriptor.CELL_BEFORE_OFFSET);
            }
        }
        return missed;
    }

    @Override
    public void close() {
        run = 0;
        Posix.unmap(header, length);
    }
}
