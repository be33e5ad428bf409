package io.accel.core.capture;

/**
 * Layout of a capture ring's file, host byte order: a header, then the ring. Each side writes lines of its own.
 *
 * <pre>
 *   the process's:
 *    0 magic i32, written last | 4 version i32 | 8 fingerprint of the causes' names i32 | 12 bytes of the ring i32 | 16 secret i64
 *   64 number of the capture that runs i64, 0: none | 72 position at which it began i64
 *   the tool's:
 *  128 position up to which it has read i64
 *  192 bytes of each packet that it wants i32
 *   the process's, a lane for each interface:
 *  256 lanes of 128 bytes: 0 medium i32, written last, 0: free | 16 name, 48 bytes | 64 description, 64 bytes
 *   and cells that count what was missed, the first ones of the lanes in common, the others each of one writer at a time:
 * 8192 cells of 128 bytes: 0 number of its lane and 1 i32, 0: free | 8 packets missed ever i64 | 16 at the capture's start i64
 * </pre>
 *
 * Positions only grow; their place in the ring is their remainder.
 */
final class CaptureDescriptor {
    static final int MAGIC = 0x41434350;
    static final int VERSION = 2;
    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 4;
    static final int CAUSES_OFFSET = 8;
    static final int CAPACITY_OFFSET = 12;
    static final int SECRET_OFFSET = 16;
    static final int RUN_OFFSET = 64;
    static final int START_OFFSET = 72;
    static final int HEAD_OFFSET = 128;
    static final int SNAP_OFFSET = 192;
    static final int LANES_OFFSET = 256;
    static final int LANES = 48;
    static final int LANE_BYTES = 128;
    static final int LANE_MEDIUM_OFFSET = 0;
    static final int LANE_NAME_OFFSET = 16;
    static final int LANE_NAME_BYTES = 48;
    static final int LANE_DESCRIPTION_OFFSET = 64;
    static final int LANE_DESCRIPTION_BYTES = 64;
    static final int CELLS_OFFSET = 8192;
    static final int CELL_BYTES = 128;
    static final int CELL_LANE_OFFSET = 0;
    static final int CELL_MISSED_OFFSET = 8;
    static final int CELL_BEFORE_OFFSET = 16;
    static final int HEADER_BYTES = 65_536;
    static final int CELLS = (HEADER_BYTES - CELLS_OFFSET) / CELL_BYTES;
    /** Of records; a power of two. */
    static final int ALIGNMENT = 8;

    private CaptureDescriptor() {
    }

    static int lane(int number) {
        return LANES_OFFSET + number * LANE_BYTES;
    }

    /** Of a lane in common, where the number is below {@link #LANES}. */
    static int cell(int number) {
        return CELLS_OFFSET + number * CELL_BYTES;
    }
}
