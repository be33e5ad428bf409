package io.accel.udp.path;

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

    private final SourcePolicy policy;
    private final Generation generation;
    private final int shift;
    private final long[] pairs;
    /** The generation of each verdict above {@link #ADMITTED}. */
    private final int[] verdicts;
    private long lastPair;
    /** A generation starts at 0: nothing is known in the one before. */
    private int lastVerdict = -1;

    /** @param bits of the number of entries */
    public SourceVerdicts(SourcePolicy policy, Generation generation, int bits) {
        this.policy = policy;
        this.generation = generation;
        this.shift = Long.SIZE - bits;
        this.pairs = new long[1 << bits];
        this.verdicts = new int[1 << bits];
        Arrays.fill(verdicts, lastVerdict);
    }

    /** Whether a datagram of these IPv4 addresses, host order, may be taken. */
    public boolean admits(int source, int destination) {
        final long pair = (long) source << Integer.SIZE | destination & 0xFFFF_FFFFL;
        final int yes = generation.get() << 1 | ADMITTED;
        return pair == lastPair && lastVerdict == yes || lookUp(pair, yes);
    }

    private boolean lookUp(long pair, int yes) {
        final int entry = (int) (pair * 0x9E37_79B9_7F4A_7C15L >>> shift);
        if (pairs[entry] != pair || (verdicts[entry] | ADMITTED) != yes) {
            try {
                final boolean admitted = policy.admits((int) (pair >>> Integer.SIZE), (int) pair);
                pairs[entry] = pair;
                verdicts[entry] = admitted ? yes : yes & ~ADMITTED;
            } catch (final IOException e) {
                // Refused this once, counted by the caller, and asked again for the next.
                LOGGER.log(Level.DEBUG, "a source is not known to be good", e);
                return false;
            }
        }
        lastPair = pair;
        lastVerdict = verdicts[entry];
        return lastVerdict == yes;
    }
}
