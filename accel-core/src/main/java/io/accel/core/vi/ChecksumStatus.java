package io.accel.core.vi;

/** What is known of a received frame's IP and UDP checksums; bytes, since the records are off-heap. */
public final class ChecksumStatus {
    /** Nothing: the stack must sum. */
    public static final byte UNKNOWN = 0;
    /** The hardware summed and found them right, or the medium cannot corrupt. */
    public static final byte VERIFIED = 1;
    /**
     * The transport checksum may be the pseudo-header sum only, as a peer that defers it leaves it (veth); the IP checksum is to be summed.
     */
    public static final byte PARTIAL = 2;

    private ChecksumStatus() {
    }
}
