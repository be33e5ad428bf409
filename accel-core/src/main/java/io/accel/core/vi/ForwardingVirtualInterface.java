package io.accel.core.vi;

import io.accel.core.memory.MemoryRegion;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Forwards everything to another VI: what decorators start from. One that changes or watches what is received decorates all receive sides
 * of a set, in {@link #receivers()}, or takes no set ({@link #alone}): otherwise the others' frames would pass it by.
 */
public abstract class ForwardingVirtualInterface implements VirtualInterface {
    /** What is decorated. */
    protected final VirtualInterface vi;

    protected ForwardingVirtualInterface(VirtualInterface vi) {
        this.vi = vi;
    }

    /**
     * For the constructors of those that decorate one receive side.
     *
     * @throws IllegalArgumentException the VI is a set
     */
    protected static VirtualInterface alone(VirtualInterface vi) {
        final int sides = vi.receivers().length;
        if (sides != 1) {
            throw new IllegalArgumentException("decorates one receive side, not a set of " + sides + ": use accel.efvi.vis=1");
        }
        return vi;
    }

    @Override
    public ViCapabilities capabilities() {
        return vi.capabilities();
    }

    @Override
    public MemoryRegion[] memory() {
        return vi.memory();
    }

    @Override
    public int memoryVersion() {
        return vi.memoryVersion();
    }

    @Override
    public int poll(EventBatch events, int limit) {
        return vi.poll(events, limit);
    }

    @Override
    public void release(EventBatch events) {
        vi.release(events);
    }

    @Override
    public int retainable() {
        return vi.retainable();
    }

    @Override
    public boolean prime() {
        return vi.prime();
    }

    /** Of a set: this in place of the first, and the others as they are. */
    @Override
    public Receiver[] receivers() {
        final Receiver[] others = vi.receivers();
        final Receiver[] all = Arrays.copyOf(others, others.length, Receiver[].class);
        all[0] = this;
        return all;
    }

    @Override
    public Optional<Shortfall> shortfall() {
        return vi.shortfall();
    }

    @Override
    public int txSpace() {
        return vi.txSpace();
    }

    @Override
    public long txClaim(int peer, int length) {
        return vi.txClaim(peer, length);
    }

    @Override
    public void txInit(long address, int length, int flags) {
        vi.txInit(address, length, flags);
    }

    @Override
    public void txUndo() {
        vi.txUndo();
    }

    @Override
    public int txPush(boolean more) {
        return vi.txPush(more);
    }

    @Override
    public void releaseRetained(long token) {
        vi.releaseRetained(token);
    }

    @Override
    public void txFlush() {
        vi.txFlush();
    }

    @Override
    public void wake() {
        vi.wake();
    }

    @Override
    public Filter addFilter(FilterSpec spec, FilterMode mode) throws FilterRefusedException {
        return vi.addFilter(spec, mode);
    }

    @Override
    public Map<String, Long> drops() {
        return vi.drops();
    }

    @Override
    public Map<String, Long> levels() {
        return vi.levels();
    }

    @Override
    public Map<NicEvent, Long> events() {
        return vi.events();
    }

    @Override
    public Optional<NicDescription> nic() {
        return vi.nic();
    }

    @Override
    public void close() {
        vi.close();
    }
}
