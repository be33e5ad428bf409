package io.accel.core.vi;

import io.accel.core.memory.MemoryRegion;
import java.util.Map;
import java.util.Optional;

/** Forwards everything to another VI: what decorators start from. */
public abstract class ForwardingVirtualInterface implements VirtualInterface {
    /** What is decorated. */
    protected final VirtualInterface vi;

    protected ForwardingVirtualInterface(VirtualInterface vi) {
        this.vi = vi;
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
    public boolean prime() {
        return vi.prime();
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
