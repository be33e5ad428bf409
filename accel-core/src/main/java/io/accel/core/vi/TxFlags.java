package io.accel.core.vi;

/** Flags of {@link VirtualInterface#txInit}. */
public final class TxFlags {
    /** A whole frame in one claim. */
    public static final int NONE = 0;
    /** The frame goes on in the next claim. */
    public static final int CONT = 1;

    private TxFlags() {
    }
}
