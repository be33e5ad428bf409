package io.accel.core.counters;

/**
 * Layout of a counters file, host byte order: a header, then the metadata and the values as {@code org.agrona.concurrent.status}
 * documents them for CountersReader.
 *
 * <pre>
 *  0 magic i32, written last | 4 version i32
 *  8 process id i64
 * 16 metadata bytes i32 | 20 value bytes i32
 * </pre>
 */
final class CountersDescriptor {
    static final int MAGIC = 0x41434E54;
    static final int VERSION = 1;
    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 4;
    static final int PROCESS_OFFSET = 8;
    static final int METADATA_BYTES_OFFSET = 16;
    static final int VALUE_BYTES_OFFSET = 20;
    static final int HEADER_BYTES = 128;

    private CountersDescriptor() {
    }
}
