package io.accel.core.shm;

/**
 * Layout of a ring file: one writing process, one reading VI.
 *
 * <pre>
 *      0 magic i64, last thing written at creation | 8 capacity i32
 *    128 head i64: bytes that the reader gave back; the reader's line
 *    256 drops i64: messages that found no room; the writer's line
 *   4096 records, capacity bytes (a power of two)
 * </pre>
 *
 * <p>A record starts at a multiple of {@link #ALIGNMENT} with a word: length in bits 0 to 31, stride in units of the alignment in bits 32
 * to 55, kind in bits 56 to 63. The word at the writer's position is 0 until the record is published by storing it. Before that the
 * writer has zeroed the word behind the record, so that the reader never writes and never takes old payload for a record.
 */
final class RingDescriptor {
    static final int MAGIC_OFFSET = 0;
    static final int CAPACITY_OFFSET = 8;
    static final int HEAD_OFFSET = 128;
    static final int DROPS_OFFSET = 256;
    static final int DATA_OFFSET = 4096;

    static final long MAGIC = 0x4143_4353_484d_0001L;
    /** Head after the reader gave up a ring: no position, so the writer finds it out. */
    static final long POISON = -1;

    /** A cache line: the line that the reader waits on holds nothing of the record before. */
    static final int ALIGNMENT = 64;
    static final int WORD_BYTES = 8;
    static final int KIND_DATA = 1;
    static final int KIND_PADDING = 2;

    /** The largest UDP payload, and 64 bytes for what a stack puts before it. */
    static final int MAX_MESSAGE = 65_507 + 64;
    /** Twice the longest record and more: a record that does not fit before the end must fit behind the padding. */
    static final int MIN_CAPACITY = 256 << 10;
    static final int MAX_CAPACITY = 64 << 20;

    private RingDescriptor() {
    }

    /** Positions below it have space in a ring's file: once all of it has, every position. */
    static long populated(Mapping ring) {
        return ring.reach() < ring.length() ? ring.reach() - DATA_OFFSET : Long.MAX_VALUE;
    }

    static int strideOf(int length) {
        return (length + WORD_BYTES + ALIGNMENT - 1) & -ALIGNMENT;
    }

    static long word(int kind, long stride, int length) {
        return (long) kind << 56 | stride / ALIGNMENT << 32 | length;
    }

    static int kind(long word) {
        return (int) (word >>> 56);
    }

    static long stride(long word) {
        return (word >>> 32 & 0xFF_FFFF) * ALIGNMENT;
    }

    static int length(long word) {
        return (int) word;
    }

    /** The smallest capacity that holds as many bytes, or the largest there is. */
    static int capacityFor(int bytes) {
        return bytes <= MIN_CAPACITY ? MIN_CAPACITY : bytes >= MAX_CAPACITY ? MAX_CAPACITY : Integer.highestOneBit(bytes - 1) << 1;
    }

    static boolean isCapacity(long bytes) {
        return bytes >= MIN_CAPACITY && bytes <= MAX_CAPACITY && Long.bitCount(bytes) == 1;
    }
}
