package io.accel.nio;

import io.accel.core.config.Configuration;
import io.accel.core.check.CheckedVirtualInterface;
import io.accel.core.datapath.Datapath;
import io.accel.core.pair.Pair;
import io.accel.core.pair.PairOptions;
import io.accel.core.vi.VirtualInterface;

/** Links the two interfaces of a wire by a {@link Pair}, whose users are checked for the rules of a VI. */
final class PairDatapath implements Datapath {
    /** No less than a socket's queue holds. */
    private static final int RING = 8192;

    private final Pair pair = new Pair(PairOptions.ETHERNET.withRing(RING).withWakeable(true).withModerated(true));

    @Override
    public String name() {
        return "pair";
    }

    @Override
    public VirtualInterface open(String ifName, Configuration configuration) {
        return new CheckedVirtualInterface(ifName.equals("near") ? pair.first() : pair.second());
    }
}
