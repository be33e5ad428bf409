package io.accel.core.fault;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.ChecksumStatus;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import io.accel.core.vi.ForwardingVirtualInterface;
import io.accel.core.vi.VirtualInterface;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Loses, corrupts, truncates, duplicates and reorders what is received, and refuses claims, at the rates given; the same frames and the
 * same seed give the same faults. Received frames are copied into memory of its own, a region after those of the VI that it decorates.
 * Frames in several parts, and events of other types, pass as they are.
 */
public final class FaultyVirtualInterface extends ForwardingVirtualInterface {
    private static final int BURST = 64;
    private static final int MAX_DELAY = 4;

    private final Random receiveRandom;
    private final Random sendRandom;
    private final AtomicLongArray counts = new AtomicLongArray(Fault.values().length);
    private final EventBatch raw = new EventBatch(BURST);
    private final FrameStore store;
    /** Ready for the caller, oldest first; then those that later frames may overtake. */
    private final ArrayDeque<FrameStore.Frame> ready = new ArrayDeque<>();
    private final ArrayDeque<FrameStore.Frame> delayed = new ArrayDeque<>();
    private volatile FaultRates rates;
    private MemoryRegion[] memory;
    private int memorySeen = -1;

    /** @param vi no set */
    public FaultyVirtualInterface(VirtualInterface vi, FaultRates rates, long seed) {
        super(alone(vi));
        this.rates = rates;
        receiveRandom = new Random(seed);
        sendRandom = new Random(~seed);
        // Twice a burst for duplicates, the batch that the caller holds, what it retains and what is delayed.
        store = new FrameStore(6 * BURST + vi.capabilities().maxRetained(), Math.max(2048, vi.capabilities().mtu() + 64));
    }

    /** Any thread: from the next frame on. */
    public void rates(FaultRates value) {
        rates = value;
    }

    /** How often a fault happened. Any thread. */
    public long count(Fault fault) {
        return counts.get(fault.ordinal());
    }

    @Override
    public MemoryRegion[] memory() {
        if (memorySeen != vi.memoryVersion()) {
            memorySeen = vi.memoryVersion();
            final MemoryRegion[] below = vi.memory();
            memory = Arrays.copyOf(below, below.length + 1);
            memory[below.length] = store.region(below.length);
        }
        return memory;
    }

    @Override
    public int poll(EventBatch events, int limit) {
        store.drain();
        if (ready.isEmpty()) {
            fetch(Math.min(limit, Math.min(BURST, store.free() / 2)));
        }
        final int region = memory().length - 1;
        int count = 0;
        while (count < limit && !ready.isEmpty()) {
            ready.poll().put(events, count++, region);
        }
        events.count(count);
        return count;
    }

    private void fetch(int limit) {
        final int count = limit == 0 ? 0 : vi.poll(raw, limit);
        for (int i = 0; i < count; i++) {
            final FrameStore.Frame frame = store.copy(raw, i);
            if (raw.type(i) == EventType.RX && raw.flags(i) == EventBatch.FLAG_SOP) {
                disturb(frame);
            } else {
                ready.add(frame);
            }
        }
        vi.release(raw);
        if (count == 0) {
            ready.addAll(delayed);
            delayed.clear();
        }
    }

    private void disturb(FrameStore.Frame frame) {
        final FaultRates now = rates;
        if (happens(now.loss(), Fault.LOSS)) {
            store.giveBack(frame);
            return;
        }
        if (frame.length() > 0 && happens(now.corrupt(), Fault.CORRUPT)) {
            final int bit = receiveRandom.nextInt(frame.length() * 8);
            final long at = frame.address() + bit / 8;
            Memory.putByte(at, (byte) (Memory.getByte(at) ^ 1 << bit % 8));
            frame.checksum(ChecksumStatus.UNKNOWN);
        }
        if (frame.length() > 0 && happens(now.truncate(), Fault.TRUNCATE)) {
            frame.length(receiveRandom.nextInt(frame.length()));
            frame.checksum(ChecksumStatus.UNKNOWN);
        }
        final boolean twice = happens(now.duplicate(), Fault.DUPLICATE);
        if (happens(now.reorder(), Fault.REORDER)) {
            frame.overtakenBy(1 + receiveRandom.nextInt(MAX_DELAY));
            delayed.add(frame);
        } else {
            deliver(frame);
        }
        if (twice) {
            deliver(store.copy(frame));
        }
    }

    private void deliver(FrameStore.Frame frame) {
        ready.add(frame);
        for (int n = delayed.size(); n > 0; n--) {
            final FrameStore.Frame late = delayed.poll();
            if (late.overtake()) {
                ready.add(late);
            } else {
                delayed.add(late);
            }
        }
    }

    private boolean happens(double rate, Fault fault) {
        if (rate == 0 || receiveRandom.nextDouble() >= rate) {
            return false;
        }
        counts.incrementAndGet(fault.ordinal());
        return true;
    }

    @Override
    public void release(EventBatch events) {
        store.release(events);
    }

    @Override
    public boolean prime() {
        return vi.prime() || !ready.isEmpty() || !delayed.isEmpty();
    }

    @Override
    public long txClaim(int peer, int length) {
        final double refuse = rates.refuse();
        if (refuse > 0 && sendRandom.nextDouble() < refuse) {
            counts.incrementAndGet(Fault.REFUSE.ordinal());
            return NONE;
        }
        return vi.txClaim(peer, length);
    }

    @Override
    public int retainable() {
        return vi.capabilities().maxRetained() - store.kept();
    }

    @Override
    public void releaseRetained(long token) {
        store.releaseRetained(token);
    }

    /** With the losses and refusals made here. */
    @Override
    public Map<String, Long> drops() {
        final Map<String, Long> drops = new LinkedHashMap<>(vi.drops());
        drops.put("FAULT_" + Fault.LOSS, count(Fault.LOSS));
        drops.put("FAULT_" + Fault.REFUSE, count(Fault.REFUSE));
        return drops;
    }

    @Override
    public void close() {
        vi.close();
        raw.close();
    }
}
