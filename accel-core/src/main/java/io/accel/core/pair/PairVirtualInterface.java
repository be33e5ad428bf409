package io.accel.core.pair;

import io.accel.core.Reason;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterSpec;
import io.accel.core.vi.Medium;
import io.accel.core.vi.ViCapabilities;
import io.accel.core.vi.VirtualInterface;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** One end of a {@link Pair}. Filters are kept but steer nothing: all that the other end sends arrives. */
public final class PairVirtualInterface implements VirtualInterface {
    private final ViCapabilities capabilities;
    private final MemoryRegion[] memory;
    private final PairWire out;
    private final PairWire in;
    private final PairSender sender;
    private final PairReceiver receiver;
    private final List<Filter> filters = new CopyOnWriteArrayList<>();
    private final AtomicLong unknownTokens = new AtomicLong();
    private volatile Reason refusal;
    private volatile boolean closed;

    PairVirtualInterface(String name, PairOptions options, PairWire out, PairWire in) {
        this.out = out;
        this.in = in;
        sender = new PairSender(out, options, options.medium() == Medium.MESSAGE);
        receiver = new PairReceiver(in, options);
        memory = new MemoryRegion[] {out.frames, in.framesOfReceiver};
        capabilities = new ViCapabilities("pair", name, "memory", options.medium(), options.mtu(), options.frameBytes(),
            options.txChecksums(), Set.of(FilterMode.values()), false, options.maxRetained(), in.wake == null ? -1 : in.wake.fd());
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
        checkOpen();
        return receiver.poll(events, limit);
    }

    @Override
    public void release(EventBatch events) {
        checkOpen();
        receiver.release(events);
    }

    @Override
    public int retainable() {
        return receiver.retainable();
    }

    @Override
    public boolean prime() {
        checkOpen();
        return receiver.prime();
    }

    @Override
    public int txSpace() {
        checkOpen();
        return sender.space();
    }

    @Override
    public long txClaim(int peer, int length) {
        checkOpen();
        return sender.claim(peer, length);
    }

    @Override
    public void txInit(long address, int length, int flags) {
        checkOpen();
        sender.init(address, length, flags);
    }

    @Override
    public void txUndo() {
        checkOpen();
        sender.undo();
    }

    @Override
    public int txPush(boolean more) {
        checkOpen();
        return sender.push(more);
    }

    @Override
    public void releaseRetained(long token) {
        if (!receiver.giveBack(token)) {
            unknownTokens.incrementAndGet();
        }
    }

    @Override
    public void txFlush() {
        sender.flush();
    }

    @Override
    public void wake() {
        receiver.wake();
    }

    @Override
    public Filter addFilter(FilterSpec spec, FilterMode mode) throws FilterRefusedException {
        checkOpen();
        final Reason reason = refusal;
        if (reason != null) {
            throw new FilterRefusedException(reason, "the pair was told to refuse filters: " + reason.text());
        }
        final Filter filter = new PairFilter(spec, mode, filters);
        filters.add(filter);
        return filter;
    }

    /** Filters that are installed now, in the order in which they came. */
    public List<Filter> filters() {
        return List.copyOf(filters);
    }

    /** Makes {@link #addFilter} refuse with this reason; null: accept again. */
    public void refuseFilters(Reason reason) {
        refusal = reason;
    }

    /** Any thread: an event of another type than RX that {@link #poll} will give when it has no frame. */
    public void inject(byte type, int detail) {
        receiver.inject(type, detail);
    }

    /** Frames that this end wanted to send and that did not arrive. Any thread. */
    public long drops(PairDrop cause) {
        return sender.drops(cause);
    }

    @Override
    public Map<String, Long> drops() {
        final Map<String, Long> drops = new LinkedHashMap<>();
        for (final PairDrop cause : PairDrop.values()) {
            drops.put(cause.name(), drops(cause));
        }
        return drops;
    }

    /** How often {@link #releaseRetained} got a token that was not out. Any thread. */
    public long unknownTokens() {
        return unknownTokens.get();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        filters.clear();
        in.receiverClosed = true;
        out.senderClosed = true;
        if (out.wake != null) {
            out.wake.wake();
            in.wake.close();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException(capabilities.name() + " is closed");
        }
    }

    private record PairFilter(FilterSpec spec, FilterMode mode, List<Filter> installed) implements Filter {
        @Override
        public void close() {
            installed.removeIf(other -> other == this);
        }
    }
}
