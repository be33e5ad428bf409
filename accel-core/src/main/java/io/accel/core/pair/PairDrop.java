package io.accel.core.pair;

/** Why a frame that a side of a {@link Pair} wanted to send did not arrive. */
public enum PairDrop {
    /** The receiver has no buffer: it does not poll, or does not release. */
    RX_RING_FULL,
    /** Too many frames are claimed and not pushed, or too many are retained. */
    TX_NO_FRAME,
    /** Longer than a buffer. */
    TX_TOO_LONG,
    /** A peer handle that is not 0, on a MESSAGE medium. */
    NO_PEER,
    /** The other side is closed. */
    PEER_CLOSED
}
