package io.accel.core.shm;

/**
 * Layout of a VI's header, 128 bytes: a line that the receiver writes, rarely, and every sender reads, and a line that senders write when
 * they make a ring and the receiver reads at every poll.
 *
 * <pre>
 *    0 generation i32, 0 when closed | 4 ring bytes i32 | 8 armed: four waiter numbers u16, each plus 1, or 0
 *   16 receive limit i32: bytes that may wait in each ring
 *   64 rings version i64, counted up when a ring was made
 * </pre>
 */
final class ViHeader {
    static final int BYTES = 128;
    static final int GENERATION_OFFSET = 0;
    static final int RING_BYTES_OFFSET = 4;
    static final int ARMED_OFFSET = 8;
    static final int RECEIVE_LIMIT_OFFSET = 16;
    static final int RINGS_VERSION_OFFSET = 64;

    /** VIs whose headers share a file, made when the first of them opens. */
    static final int PER_SEGMENT = 1024;
    static final int SEGMENT_BYTES = PER_SEGMENT * BYTES;
    static final int SEGMENTS = ControlDescriptor.MAX_VIS / PER_SEGMENT;

    static final int ARMED_SLOTS = 4;

    private ViHeader() {
    }
}
