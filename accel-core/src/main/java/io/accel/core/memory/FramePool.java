package io.accel.core.memory;

/**
 * The free packet buffers of one owner: a stack of byte offsets into a region, so that the buffer used last, which is still in the
 * cache, is used next. Not thread-safe: each side of a VI has its own.
 */
public final class FramePool {
    /** Bytes of a packet buffer, as ef_vi's. */
    public static final int FRAME_BYTES = 2048;
    /** What {@link #take} answers when the pool is empty. */
    public static final int NONE = -1;

    private final int[] offsets;
    private int count;

    /** Holds the frames {@code first} to {@code first + frames - 1} of a region; all are free. */
    public FramePool(int first, int frames) {
        offsets = new int[frames];
        for (int i = frames - 1; i >= 0; i--) {
            offsets[count++] = Math.multiplyExact(first + i, FRAME_BYTES);
        }
    }

    /** Byte offset of a frame that is the caller's now, or {@link #NONE}. */
    public int take() {
        return count == 0 ? NONE : offsets[--count];
    }

    /** Gives a frame back. A frame too many is an error of the caller's: it would be in two places. */
    public void give(int offset) {
        offsets[count++] = offset;
    }

    /** Frames that are free. */
    public int available() {
        return count;
    }

    public int capacity() {
        return offsets.length;
    }
}
