package io.accel.core.efvi;

import io.accel.core.memory.FramePool;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.natives.ErrnoException;
import io.accel.core.natives.Posix;
import io.accel.core.natives.WakeUp;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterSpec;
import io.accel.core.vi.Medium;
import io.accel.core.vi.NicDescription;
import io.accel.core.vi.NicEvent;
import io.accel.core.vi.ViCapabilities;
import io.accel.core.vi.VirtualInterface;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A VI on a NIC: two of ef_vi's, one for each side, in a protection domain of its own. After a RESET or OVERFLOW event nothing is received
 * any more and {@link #txPush} answers -ENETRESET: close it and open another.
 */
public final class EfviVirtualInterface implements VirtualInterface {
    private static final int ETHERNET_HEADER = 14;

    private final long handle;
    private final NicFacts facts;
    private final SideLock receiveLock = new SideLock();
    private final SideLock transmitLock = new SideLock();
    private final ReceiveSide receive;
    private final TransmitSide transmit;
    private final Filters filters;
    private final NicTexts texts;
    private final Drops drops;
    private final WakeUp wakeUp;
    private final ViCapabilities capabilities;
    private Map<String, Long> lastDrops;
    private NicDescription lastNic;

    /** @throws ErrnoException when there is no descriptor left for the wake-up; the handle is the caller's then */
    EfviVirtualInterface(String name, long handle, int frames) throws ErrnoException {
        this.handle = handle;
        facts = NicFacts.read(handle);
        wakeUp = new WakeUp(EfviNative.wakeFd(facts.receive()));
        final MemoryRegion buffers = new MemoryRegion(0, facts.memory(), facts.memoryBytes(),
            Posix.wrap(facts.memory(), facts.memoryBytes()));
        final int receiveFrames = receiveFrames(frames);
        receive = new ReceiveSide(facts, receiveLock, buffers, receiveFrames);
        transmit = new TransmitSide(facts, transmitLock, receiveFrames, frames - receiveFrames);
        filters = new Filters(facts, receiveLock);
        texts = new NicTexts(handle, facts);
        drops = new Drops(facts, texts, receive, transmit);
        // A cluster's streams are chosen by who made it.
        final Set<FilterMode> modes = facts.clustered() ? Set.of()
            : facts.replicatesMulticast() ? Set.of(FilterMode.values()) : Set.of(FilterMode.STEAL, FilterMode.SNIFF);
        capabilities = new ViCapabilities("efvi", facts.clustered() ? facts.interfaceName() : name, facts.mode(), Medium.ETHERNET,
            Math.min(facts.mtu(), facts.transmitLongest() - ETHERNET_HEADER), FramePool.FRAME_BYTES, !facts.softwareChecksums(), modes,
            facts.stamps(), receive.maxRetained(), wakeUp.fd());
    }

    /** Of so many buffers, those that receive. */
    static int receiveFrames(int frames) {
        return frames / 2;
    }

    @Override
    public ViCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public MemoryRegion[] memory() {
        return receive.memory();
    }

    @Override
    public int memoryVersion() {
        return receive.memoryVersion();
    }

    @Override
    public int poll(EventBatch events, int limit) {
        return receive.poll(events, limit);
    }

    @Override
    public void release(EventBatch events) {
        receive.release(events);
    }

    @Override
    public boolean prime() {
        return receive.prime() || wakeUp.consume();
    }

    @Override
    public int txSpace() {
        return transmit.space();
    }

    @Override
    public long txClaim(int peer, int length) {
        return transmit.claim(length);
    }

    @Override
    public void txInit(long address, int length, int flags) {
        transmit.init(address, length, flags);
    }

    @Override
    public void txUndo() {
        transmit.undo();
    }

    /** Rings the doorbell whether more is coming or not: it is a write to the NIC, which costs less than a second call. */
    @Override
    public int txPush(boolean more) {
        return transmit.push();
    }

    @Override
    public void releaseRetained(long token) {
        receive.releaseRetained(token);
    }

    /** Nothing is ever left pending. */
    @Override
    public void txFlush() {
    }

    @Override
    public void wake() {
        wakeUp.signal();
    }

    @Override
    public Filter addFilter(FilterSpec spec, FilterMode mode) throws FilterRefusedException {
        return filters.install(spec, mode);
    }

    /** The last state when closed. */
    @Override
    public Map<String, Long> drops() {
        receiveLock.lock();
        try {
            return lastDrops != null ? lastDrops : drops.read();
        } finally {
            receiveLock.unlock();
        }
    }

    @Override
    public Map<String, Long> levels() {
        receiveLock.lock();
        try {
            final Map<String, Long> levels = new LinkedHashMap<>();
            if (lastDrops == null) {
                levels.put("retained", (long) receive.retainedFrames());
                levels.put("spare", (long) receive.spareFrames());
                levels.put("tx", (long) transmit.frames() - transmit.spareFrames());
                levels.put("tx spare", (long) transmit.spareFrames());
            }
            return levels;
        } finally {
            receiveLock.unlock();
        }
    }

    @Override
    public Map<NicEvent, Long> events() {
        receiveLock.lock();
        try {
            return lastNic != null ? lastNic.events() : EventCounts.read(facts);
        } finally {
            receiveLock.unlock();
        }
    }

    @Override
    public Optional<NicDescription> nic() {
        receiveLock.lock();
        try {
            return Optional.of(lastNic != null ? lastNic : texts.describe());
        } finally {
            receiveLock.unlock();
        }
    }

    NicFacts facts() {
        return facts;
    }

    ReceiveSide receiveSide() {
        return receive;
    }

    TransmitSide transmitSide() {
        return transmit;
    }

    @Override
    public void close() {
        receiveLock.lock();
        transmitLock.lock();
        try {
            if (lastDrops == null) {
                lastDrops = drops.read();
                lastNic = texts.describe();
                receive.close();
                transmit.close();
                filters.close();
                wakeUp.close();
                EfviNative.close(handle);
            }
        } finally {
            transmitLock.unlock();
            receiveLock.unlock();
        }
    }
}
