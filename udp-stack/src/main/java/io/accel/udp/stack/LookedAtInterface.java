package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterSpec;
import io.accel.core.vi.ViCapabilities;
import io.accel.core.vi.VirtualInterface;

/** A VI that would be: it can what its datapath says, no frame ever comes or goes, and its filters steer nothing. Any thread. */
final class LookedAtInterface implements VirtualInterface {
    private static final int SMALLEST_REGION = 64;

    private final ViCapabilities capabilities;
    private final MemoryRegion[] memory = {MemoryRegion.allocate(0, SMALLEST_REGION)};

    LookedAtInterface(ViCapabilities capabilities) {
        this.capabilities = capabilities;
    }

    private record Wanted(FilterSpec spec, FilterMode mode) implements Filter {
        @Override
        public void close() {
            // It steered nothing.
        }
    }

    @Override
    public ViCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public MemoryRegion[] memory() {
        return memory;
    }

    @Override
    public int memoryVersion() {
        return 0;
    }

    @Override
    public int poll(EventBatch events, int limit) {
        return 0;
    }

    @Override
    public void release(EventBatch events) {
        events.count(0);
    }

    @Override
    public int retainable() {
        return 0;
    }

    @Override
    public boolean prime() {
        return false;
    }

    @Override
    public int txSpace() {
        return 0;
    }

    @Override
    public long txClaim(int peer, int length) {
        return NONE;
    }

    @Override
    public void txInit(long address, int length, int flags) {
        throw new IllegalStateException("nothing can be claimed here");
    }

    @Override
    public void txUndo() {
        // Nothing can have been claimed.
    }

    @Override
    public int txPush(boolean more) {
        return 0;
    }

    @Override
    public void releaseRetained(long token) {
        throw new IllegalStateException("nothing is lent here");
    }

    @Override
    public void txFlush() {
        // Nothing can be pending.
    }

    @Override
    public void wake() {
        // Nobody sleeps on it.
    }

    @Override
    public Filter addFilter(FilterSpec spec, FilterMode mode) throws FilterRefusedException {
        if (!capabilities.filterModes().contains(mode)) {
            throw new FilterRefusedException(Reason.FILTER_UNSUPPORTED, capabilities.datapath() + " does not offer this mode of filters");
        }
        return new Wanted(spec, mode);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
