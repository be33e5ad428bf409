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
import io.accel.core.vi.Receiver;
import io.accel.core.vi.Shortfall;
import io.accel.core.vi.ViCapabilities;
import io.accel.core.vi.VirtualInterface;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A VI on a NIC: one of ef_vi's to send and one or, as a set, several to receive, in a protection domain of its own. After a RESET or
 * OVERFLOW event nothing is received any more and {@link #txPush} answers -ENETRESET: close it and open another.
 */
public final class EfviVirtualInterface implements VirtualInterface {
    private static final int ETHERNET_HEADER = 14;

    /** As many buffers as there may be: what one region addresses. */
    private static final int MOST_FRAMES = 1 << 19;

    private final long handle;
    private final NicFacts facts;
    private final SideLocks receiveLocks;
    private final SideLock transmitLock = new SideLock();
    /** One for each of ef_vi's VIs that receive. */
    private final ReceiveSide[] receivers;
    private final TransmitSide transmit;
    private final Filters filters;
    private final NicTexts texts;
    private final Drops drops;
    private final WakeUp wakeUp;
    private final ViCapabilities capabilities;
    private final Shortfall shortfall;
    private Map<String, Long> lastDrops;
    private NicDescription lastNic;

    /**
     * @param frames as the option has them
     * @param wanted how many VIs were to receive
     * @throws ErrnoException when there is no descriptor left for the wake-up; the handle is the caller's then
     */
    EfviVirtualInterface(String name, long handle, int frames, int wanted) throws ErrnoException {
        this.handle = handle;
        facts = NicFacts.read(handle, 0);
        final NicFacts[] sides = IntStream.range(0, facts.vis()).mapToObj(i -> NicFacts.read(handle, i)).toArray(NicFacts[]::new);
        wakeUp = new WakeUp(Arrays.stream(sides).mapToInt(each -> EfviNative.wakeFd(each.receive())).toArray());
        final MemoryRegion buffers = new MemoryRegion(0, facts.memory(), facts.memoryBytes(),
            Posix.wrap(facts.memory(), facts.memoryBytes()));
        final int receiveFrames = receiveFrames(frames, wanted);
        final SideLock[] locks = new SideLock[sides.length];
        receivers = new ReceiveSide[sides.length];
        for (int i = 0; i < sides.length; i++) {
            locks[i] = new SideLock();
            receivers[i] = new ReceiveSide(sides[i], locks[i], buffers, i * receiveFrames, receiveFrames);
        }
        receiveLocks = new SideLocks(locks);
        transmit = new TransmitSide(facts, transmitLock, sides.length * receiveFrames, sendFrames(frames));
        filters = new Filters(handle, facts, receiveLocks);
        texts = new NicTexts(handle, facts, receivers);
        drops = new Drops(facts, texts, receivers, transmit);
        // A cluster's streams are chosen by who made it.
        final Set<FilterMode> modes = facts.clustered() ? Set.of()
            : facts.replicatesMulticast() ? Set.of(FilterMode.values()) : Set.of(FilterMode.STEAL, FilterMode.SNIFF);
        capabilities = new ViCapabilities("efvi", facts.clustered() ? facts.interfaceName() : name, facts.mode(), Medium.ETHERNET,
            Math.min(facts.mtu(), facts.transmitLongest() - ETHERNET_HEADER), FramePool.FRAME_BYTES, !facts.softwareChecksums(), modes,
            facts.stamps(), receivers[0].maxRetained(), wakeUp.fd());
        shortfall = facts.setRefused() == 0 ? null : Refusal.ofSet(facts.setRefused(), wanted, name);
    }

    /** Of so many buffers, those that send. */
    static int sendFrames(int frames) {
        return frames - frames / 2;
    }

    /** The buffers of each of the VIs that receive: as deep as one alone, as long as all can be addressed. */
    static int receiveFrames(int frames, int vis) {
        return Math.min(frames / 2, (MOST_FRAMES - sendFrames(frames)) / vis);
    }

    @Override
    public ViCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public Receiver[] receivers() {
        final Receiver[] all = Arrays.copyOf(receivers, receivers.length, Receiver[].class);
        all[0] = this;
        return all;
    }

    @Override
    public Optional<Shortfall> shortfall() {
        return Optional.ofNullable(shortfall);
    }

    @Override
    public MemoryRegion[] memory() {
        return receivers[0].memory();
    }

    @Override
    public int memoryVersion() {
        return receivers[0].memoryVersion();
    }

    @Override
    public int poll(EventBatch events, int limit) {
        return receivers[0].poll(events, limit);
    }

    @Override
    public void release(EventBatch events) {
        receivers[0].release(events);
    }

    @Override
    public int retainable() {
        return receivers[0].retainable();
    }

    @Override
    public boolean prime() {
        return receivers[0].prime() || wakeUp.consume();
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
        receivers[0].releaseRetained(token);
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
        receiveLocks.lock();
        try {
            return lastDrops != null ? lastDrops : drops.read();
        } finally {
            receiveLocks.unlock();
        }
    }

    /** Of all VIs that receive together. Serialised with {@link #close}, which frees what they are read from. */
    @Override
    public Map<String, Long> levels() {
        receiveLocks.lock();
        try {
            final Map<String, Long> levels = new LinkedHashMap<>();
            if (lastDrops == null) {
                levels.put("retained", Arrays.stream(receivers).mapToLong(ReceiveSide::retainedFrames).sum());
                levels.put("spare", Arrays.stream(receivers).mapToLong(ReceiveSide::spareFrames).sum());
                levels.put("tx", (long) transmit.frames() - transmit.spareFrames());
                levels.put("tx spare", (long) transmit.spareFrames());
            }
            return levels;
        } finally {
            receiveLocks.unlock();
        }
    }

    /** The last ones when closed. */
    @Override
    public Map<NicEvent, Long> events() {
        receiveLocks.lock();
        try {
            return lastNic != null ? lastNic.events() : EventCounts.read(facts, receivers);
        } finally {
            receiveLocks.unlock();
        }
    }

    @Override
    public Optional<NicDescription> nic() {
        receiveLocks.lock();
        try {
            return Optional.of(lastNic != null ? lastNic : texts.describe());
        } finally {
            receiveLocks.unlock();
        }
    }

    NicFacts facts() {
        return facts;
    }

    /** The first, or only one. */
    ReceiveSide receiveSide() {
        return receivers[0];
    }

    TransmitSide transmitSide() {
        return transmit;
    }

    @Override
    public void close() {
        receiveLocks.lock();
        transmitLock.lock();
        try {
            if (lastDrops == null) {
                lastDrops = drops.read();
                lastNic = texts.describe();
                for (final ReceiveSide each : receivers) {
                    each.close();
                }
                transmit.close();
                filters.close();
                wakeUp.close();
                EfviNative.close(handle, true);
                leaveMemory();
            }
        } finally {
            transmitLock.unlock();
            receiveLocks.unlock();
        }
    }

    /** Whoever gives back the last frame of all receive sides frees it, maybe this thread at once. */
    private void leaveMemory() {
        final AtomicInteger sides = new AtomicInteger(receivers.length);
        for (final ReceiveSide each : receivers) {
            each.leaveMemory(() -> {
                if (sides.decrementAndGet() == 0) {
                    Posix.unmap(facts.memory(), facts.memoryBytes());
                }
            });
        }
    }
}
