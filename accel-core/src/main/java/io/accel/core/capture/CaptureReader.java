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

    private final String path;
    private final long header;
    private final long length;
    private final long ring;
    private final int capacity;
    private long run;
    private long head;

    private CaptureReader(String path, long header, long length, int capacity) {
        this.path = path;
        this.header = header;
        this.length = length;
        this.ring = header + HEADER_BYTES;
        this.capacity = capacity;
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
        }
        return now != 0;
    }

    /** Has the process put no more than so much of each packet in. */
    public void snap(int bytes) {
        Memory.putInt(header + CaptureDescriptor.SNAP_OFFSET, bytes);
    }

    /**
     * Takes the next packet.
     *
     * @return false: there is none now
     * @throws IOException when the ring holds what no process of Accel writes
     */
    public boolean next(CapturedPacket into) throws IOException {
        while (run != 0) {
            final int index = (int) head & capacity - 1;
            final int untilEnd = capacity - index;
            final int bytes = (head & CaptureDescriptor.ALIGNMENT - 1) == 0 ? Memory.getIntAcquire(ring + index) : -1;
            if (bytes == 0) {
                return false;
            }
            final boolean padding = bytes < 0;
            final long taken = padding ? -(long) bytes : BitUtil.align((long) bytes, CaptureDescriptor.ALIGNMENT);
            if (padding ? taken != untilEnd : taken > untilEnd || !into.read(ring + index, bytes)) {
                throw new IOException(path + " is damaged");
            }
            // The place of the next length must hold nothing when it is claimed.
            Memory.fill(ring + index, taken, (byte) 0);
            head += taken;
            Memory.putLongRelease(header + CaptureDescriptor.HEAD_OFFSET, head);
            if (!padding) {
                return true;
            }
        }
        return false;
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
        return Memory.getLongAcquire(header + CaptureDescriptor.lane(lane) + CaptureDescriptor.LANE_MISSED_OFFSET);
    }

    @Override
    public void close() {
        run = 0;
        Posix.unmap(header, length);
    }
}
