package io.accel.core.vi;

/** The types of an event record; bytes, since the records are off-heap. */
public final class EventType {
    /** A frame, or a part of one, that is good as far as the hardware could tell. */
    public static final byte RX = 1;
    /** A frame that the hardware found bad; {@link EventBatch#detail} says why. Its buffer comes back with release. */
    public static final byte RX_DISCARD = 2;
    /** A frame that was not sent; {@link EventBatch#detail} says why. */
    public static final byte TX_ERROR = 3;
    /** When a frame left, in {@link EventBatch#timestamp}. */
    public static final byte TX_TIMESTAMP = 4;
    /** Events were lost: the VI must be rebuilt. */
    public static final byte OVERFLOW = 5;
    /** The NIC was reset: the VI must be rebuilt and its filters installed again. */
    public static final byte RESET = 6;
    /** The link changed; {@link EventBatch#detail} is 1 for up, 0 for down. */
    public static final byte LINK = 7;
    /** The interface, or the peer, is gone for good. */
    public static final byte GONE = 8;

    private EventType() {
    }
}
