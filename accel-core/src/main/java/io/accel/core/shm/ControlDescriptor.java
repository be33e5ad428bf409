package io.accel.core.shm;

/**
 * Layout of a process's control file.
 *
 * <pre>
 *        0 magic i64, last thing written at creation
 *       64 summary of the ready board: one bit per leaf word
 *     4096 leaves of the ready board: one bit per VI
 *    12288 sleeping i32, one per waiter, each in a line of its own
 * </pre>
 */
final class ControlDescriptor {
    static final long MAGIC = 0x4143_4353_4843_0001L;

    static final int MAX_VIS = 1 << 16;
    static final int LEAVES = MAX_VIS / Long.SIZE;
    static final int SUMMARIES = LEAVES / Long.SIZE;
    static final int MAX_WAITERS = 2048;

    static final int SUMMARY_OFFSET = 64;
    static final int LEAVES_OFFSET = 4096;
    static final int SLEEPING_OFFSET = LEAVES_OFFSET + LEAVES * Long.BYTES;
    static final int SLEEPING_STRIDE = 64;
    static final int BYTES = SLEEPING_OFFSET + MAX_WAITERS * SLEEPING_STRIDE;

    private ControlDescriptor() {
    }
}
