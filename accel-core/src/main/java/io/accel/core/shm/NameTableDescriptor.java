package io.accel.core.shm;

/**
 * Layout of the files in which a process says which names its VIs own: a hash table that it alone writes, and all others read.
 *
 * <pre>
 * names
 *       0 magic i64, last thing written at creation
 *      64 changes i64, odd while the owner changes the table
 *    4096 heads i32, one per bucket: 1 + index of the bucket's first entry, or 0
 * names0, names1, ..., made when they are needed: 256 entries in the first two, twice as many as before in each of the others
 *       0 entries, 152 bytes each: next i32, as a head | VI i32 | its generation i32 | length of the name i32 | check i64 | name, ASCII
 * </pre>
 *
 * <p>The check is a sum over owner and name, so that an entry of which a part was overwritten leads to no wrong VI.
 */
final class NameTableDescriptor {
    static final long MAGIC = 0x4143_4353_4e54_0002L;

    static final int BUCKETS = 1 << 12;
    /** Twice the number of VIs: one may own more than one name. */
    static final int MAX_ENTRIES = 2 * ControlDescriptor.MAX_VIS;
    static final int MAX_NAME = 128;

    static final int CHANGES_OFFSET = 64;
    static final int HEADS_OFFSET = 4096;
    static final int BYTES = HEADS_OFFSET + BUCKETS * Integer.BYTES;

    static final int NEXT_OFFSET = 0;
    static final int VI_OFFSET = 4;
    static final int GENERATION_OFFSET = 8;
    static final int LENGTH_OFFSET = 12;
    static final int CHECK_OFFSET = 16;
    static final int NAME_OFFSET = 24;
    static final int ENTRY_BYTES = NAME_OFFSET + MAX_NAME;

    private static final int FIRST_ENTRIES = 256;
    private static final long FNV_BASIS = 0xCBF2_9CE4_8422_2325L;
    private static final long FNV_PRIME = 0x100_0000_01B3L;

    static final int SEGMENTS = segment(MAX_ENTRIES - 1) + 1;

    private NameTableDescriptor() {
    }

    static int headOffset(String name) {
        final int bucket = name.hashCode() * 0x9E3779B1 >>> Integer.SIZE - Integer.numberOfTrailingZeros(BUCKETS);
        return HEADS_OFFSET + bucket * Integer.BYTES;
    }

    /** The segment that an entry lies in. */
    static int segment(int entry) {
        return entry < FIRST_ENTRIES ? 0 : Integer.numberOfTrailingZeros(Integer.highestOneBit(entry) / FIRST_ENTRIES) + 1;
    }

    static int entriesOf(int segment) {
        return segment == 0 ? FIRST_ENTRIES : FIRST_ENTRIES << segment - 1;
    }

    static int bytesOf(int segment) {
        return entriesOf(segment) * ENTRY_BYTES;
    }

    /** Where in its segment an entry lies. */
    static int offset(int entry) {
        return (entry < FIRST_ENTRIES ? entry : entry - Integer.highestOneBit(entry)) * ENTRY_BYTES;
    }

    /** FNV-1a over the name, and then over the owner, eight bytes at a time. */
    static long check(long hashOfName, long process, int vi, int generation) {
        long hash = (hashOfName ^ process) * FNV_PRIME;
        hash = (hash ^ hash >>> 32 ^ (long) vi << 32 ^ generation) * FNV_PRIME;
        return hash ^ hash >>> 29;
    }

    static long hash(String name) {
        long hash = FNV_BASIS;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }
}
