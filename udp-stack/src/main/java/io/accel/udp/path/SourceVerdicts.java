package io.accel.udp.path;

import io.accel.udp.address.IpAddress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;

/**
 * Remembers what a {@link SourcePolicy} said of pairs of source and destination, until a {@link Generation} advances: a direct-mapped
 * table, where two pairs on one entry push each other out. One thread at a time; it costs a comparison while the same peer goes on.
 */
public final class SourceVerdicts {
    private static final Logger LOGGER = System.getLogger("io.accel");
    private static final int ADMITTED = 1;
    /** 2^64 over the golden ratio: its product's upper bits depend on all of a number (Knuth, volume 3, 6.4). */
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private final SourcePolicy policy;
    private final Generation generation;
    private final int shift;
    private final long[] highs;
    private final long[] lows;
    /** Scope of the source above the destination. */
    private final long[] others;
    /** The generation of each verdict above {@link #ADMITTED}. */
    private final int[] verdicts;
    private long lastHigh;
    private long lastLow;
    private long lastOther;
    /** A generation starts at 0: nothing is known in the one before. */
    private int lastVerdict = -1;

    /** @param bits of the number of entries */
    public SourceVerdicts(SourcePolicy policy, Generation generation, int bits) {
        this.policy = policy;
        this.generation = generation;
        this.shift = Long.SIZE - bits;
        this.highs = new long[1 << bits];
        this.lows = new long[1 << bits];
        this.others = new long[1 << bits];
        this.verdicts = new int[1 << bits];
        Arrays.fill(verdicts, lastVerdict);
    }

    /** Another one of the same policy, for another thread. */
    public SourceVerdicts another() {
        return new SourceVerdicts(policy, generation, Long.SIZE - shift);
    }

    /** Whether a datagram of these IPv4 addresses, host order, may be taken. */
    public boolean admits(int source, int destination) {
        return admits(0, IpAddress.mapped(source), 0, destination);
    }

    /**
     * Whether a datagram from this source, of either version, may be taken.
     *
     * @param high        half of the source, as {@link IpAddress} has it
     * @param low         the other half
     * @param scope       of the source
     * @param destination IPv4, host order, or {@link SourcePolicy#ANY_DESTINATION}
     */
    public boolean admits(long high, long low, int scope, int destination) {
        final long other = (long) scope << Integer.SIZE | destination & 0xFFFF_FFFFL;
        final int yes = generation.get() << 1 | ADMITTED;
        return low == lastLow && other == lastOther && high == lastHigh && lastVerdict == yes || lookUp(high, low, other, yes);
    }

    private boolean lookUp(long high, long low, long other, int yes) {
        final int entry = entry(high, low, other);
        if (lows[entry] != low || others[entry] != other || highs[entry] != high || (verdicts[entry] | ADMITTED) != yes) {
            try {
                final boolean admitted = policy.admits(new IpAddress(high, low, (int) (other >>> Integer.SIZE)), (int) other);
                highs[entry] = high;
                lows[entry] = low;
                others[entry] = other;
                verdicts[entry] = admitted ? yes : yes & ~ADMITTED;
            } catch (final IOException e) {
                // Refused this once, counted by the caller, and asked again for the next.
                LOGGER.log(Level.DEBUG, "a source is not known to be good", e);
                return false;
            }
        }
        lastHigh = high;
        lastLow = low;
        lastOther = other;
        lastVerdict = verdicts[entry];
        return lastVerdict == yes;
    }

    private int entry(long high, long low, long other) {
        return (int) (((high * MULTIPLIER ^ low) * MULTIPLIER ^ other) * MULTIPLIER >>> shift);
    }
}
