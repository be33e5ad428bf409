package io.accel.udp.ethernet;

import io.accel.core.DropCause;
import io.accel.core.Reason;
import io.accel.core.capture.CaptureWriter;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import io.accel.core.vi.Receiver;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.ScopedPort;
import io.accel.udp.endpoint.ArrivalTime;
import io.accel.udp.endpoint.LentFrame;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.path.SourceVerdicts;
import io.accel.udp.tap.FrameTap;
import io.accel.udp.tap.TapPoint;
import io.accel.udp.tap.Verdict;
import io.accel.udp.wait.ShortLock;
import io.accel.udp.wire.Udp6Frame;
import io.accel.udp.wire.UdpFrame;

/**
 * One receive side of an {@link EthernetInterface}: takes its frames to the endpoints that they are for, for whoever comes, one thread at a
 * time. A flow comes by one side, so its datagrams stay in order.
 */
public final class FrameReceiver {
    private static final int BURST = 64;
    /** Bursts that {@link #drain} takes at most: more than any ring holds. */
    private static final int MAX_DRAIN = 1024;
    private static final int NOT_IN_A_FRAME = -1;
    private static final int UNKNOWN = -1;

    private final EthernetInterface owner;
    private final Receiver receiver;
    private final EventBatch batch = new EventBatch(BURST);
    private final ShortLock polling = new ShortLock();
    private final InterfaceCounters counters = new InterfaceCounters();
    private final FrameAssembly assembly = new FrameAssembly(counters);
    private final SourceVerdicts sources;
    /** Of the frame under way; null: this NIC has no timestamps, or they are off. */
    private final ArrivalTime arrival;
    private MemoryRegion[] regions;
    private int regionsVersion;
    /** Who polls and would take a datagram in place; the poller's, as long as it polls. */
    private UdpEndpoint borrower;
    /** Whose frame is under way, in the batch; the poller's, as are the next two. */
    private int event;
    /** Whose frame {@link UdpEndpoint#lend} got. */
    private int lentEvent;
    /** Whether a capture reads the batch's frames after their delivery: until then none is to be a program's, which may write there. */
    private boolean shown;
    private final TapPoint shownReceived;
    /** Frames of this batch that may be retained, once it has been asked for. */
    private int retainable;

    /** @param sources this one's alone */
    FrameReceiver(EthernetInterface owner, Receiver receiver, SourceVerdicts sources, boolean stamps) {
        this.owner = owner;
        this.receiver = receiver;
        this.sources = sources;
        this.shownReceived = owner.shown().point();
        this.arrival = stamps ? new ArrivalTime() : null;
        this.regionsVersion = receiver.memoryVersion();
        this.regions = receiver.memory();
    }

    InterfaceCounters counters() {
        return counters;
    }

    /**
     * Delivers a burst to whomever it is for.
     *
     * @return events, 0 when idle or when another thread is at it
     */
    int poll() {
        if (!polling.tryLock()) {
            return 0;
        }
        try {
            return pollOwned();
        } finally {
            polling.unlock();
        }
    }

    /**
     * As {@link EthernetInterface#poll}, for the reader of an endpoint whose queue is empty: the first datagram for it stays in its frame,
     * of which {@link UdpEndpoint#lend} is told, instead of being copied into the queue. This side counts as being polled until
     * {@link #giveBack}, so the time between is to be short.
     *
     * @return whether a datagram was lent
     */
    public boolean pollFor(UdpEndpoint reader) {
        if (!polling.tryLock()) {
            return false;
        }
        boolean lent = false;
        try {
            borrower = reader;
            final int n = pollBurst();
            lent = n > 0 && borrower == null;
            if (n > 0 && !lent) {
                receiver.release(batch);
            }
        } finally {
            if (!lent) {
                polling.unlock();
            }
        }
        return lent;
    }

    /**
     * Has the frame of the datagram that {@link #pollFor} lent outlive {@link #giveBack}, if it {@link #mayRetain may}; the same thread,
     * before it.
     *
     * @param frames where the payload lies
     */
    public void retain(LentFrame frame, MemoryRegion frames, int offset, int length) {
        frame.set(receiver, batch.token(lentEvent), frames, offset, length);
        retain(lentEvent);
    }

    private void retain(int i) {
        retainable--;
        batch.retain(i);
    }

    /**
     * Whether one more frame of the batch may be retained; the poller's. The receive side is asked once for a batch, and only if somebody
     * wants to know.
     */
    public boolean mayRetain() {
        if (retainable == UNKNOWN) {
            retainable = receiver.retainable();
        }
        return retainable > 0;
    }

    /** Ends what {@link #pollFor} began when it lent a datagram; the same thread. */
    public void giveBack() {
        receiver.release(batch);
        polling.unlock();
    }

    /** Delivers all that has arrived. */
    void drain() {
        polling.lock();
        try {
            for (int bursts = 0; bursts < MAX_DRAIN && pollOwned() > 0; bursts++) {
                continue;
            }
        } finally {
            polling.unlock();
        }
    }

    /** Returns once nobody delivers what was there at the call. */
    void await() {
        polling.lock();
        polling.unlock();
    }

    /** Whether there is something already; arms the wake-up descriptor if not. */
    boolean prime() {
        if (!lock()) {
            return false;
        }
        try {
            return receiver.prime();
        } finally {
            polling.unlock();
        }
    }

    /** Several threads may go to sleep at once, and a receive side is one thread's at a time; a closed one is nobody's for good. */
    boolean lock() {
        while (owner.isUsable()) {
            if (polling.tryLock()) {
                if (owner.isUsable()) {
                    return true;
                }
                polling.unlock();
            } else {
                Thread.yield();
            }
        }
        return false;
    }

    void unlock() {
        polling.unlock();
    }

    /** Nobody enters again. */
    void close() {
        polling.lock();
        batch.close();
        shownReceived.close();
    }

    private int pollOwned() {
        borrower = null;
        final int n = pollBurst();
        if (n > 0) {
            receiver.release(batch);
        }
        return n;
    }

    private int pollBurst() {
        if (!owner.isUsable()) {
            return 0;
        }
        owner.polling();
        final int n = receiver.poll(batch, BURST);
        if (regionsVersion != receiver.memoryVersion()) {
            regionsVersion = receiver.memoryVersion();
            regions = receiver.memory();
        }
        counters.frames += n;
        retainable = UNKNOWN;
        final FrameTap tap = FrameTap.current();
        shown = tap != null;
        if (tap == null) {
            for (int i = 0; i < n; i++) {
                handle(i);
            }
        } else {
            handleAndShow(n, tap);
        }
        return n;
    }

    private void handleAndShow(int n, FrameTap tap) {
        final CaptureWriter into = shownReceived.of(tap);
        long stamp = 0;
        for (int i = 0; i < n; i++) {
            if (stamp == 0 && !into.isFull()) {
                // Before it is delivered, whose answer has a stamp too.
                stamp = tap.now();
            }
            final int verdict = handle(i);
            if (verdict == Verdict.NONE) {
                continue;
            }
            if (stamp == 0) {
                into.miss(1);
                continue;
            }
            final boolean joined = FrameAssembly.isPart(batch.flags(i));
            owner.shown().received(into, joined ? assembly.memory().address() : batch.frame(i),
                joined ? assembly.length() : batch.length(i), verdict, stamp);
        }
    }

    /** @return what became of the frame that is whole with this event, or {@link Verdict#NONE} */
    private int handle(int i) {
        event = i;
        final byte type = batch.type(i);
        if (type == EventType.RX) {
            // The NIC stamps a frame's first part.
            if (arrival != null && (batch.flags(i) & EventBatch.FLAG_SOP) != 0) {
                arrival.set(batch, i);
            }
            return FrameAssembly.isPart(batch.flags(i)) ? join(i)
                : deliver(regions[batch.region(i)], batch.frame(i), batch.length(i), batch.checksum(i));
        }
        if (type == EventType.RX_DISCARD) {
            counters.discarded++;
            assembly.abandon();
            return batch.frame(i) == 0 || FrameAssembly.isPart(batch.flags(i)) ? Verdict.NONE : Verdict.of(DropCause.NIC_DISCARD);
        }
        counters.frames--;
        notice(type);
        return Verdict.NONE;
    }

    /** What an event says that is no frame. */
    private void notice(byte type) {
        if (type == EventType.TX_ERROR) {
            counters.sendErrors++;
        } else if (type == EventType.RESET || type == EventType.OVERFLOW) {
            owner.fail(Reason.VI_FAILED);
        } else if (type != EventType.TX_TIMESTAMP && type != EventType.LINK) {
            owner.fail(Reason.INTERFACE_DOWN);
        }
    }

    /** A frame longer than a packet buffer comes in several events. It is never lent: the next one is joined in the same memory. */
    private int join(int i) {
        // A part is none; the assembly counts when it is whole or lost.
        counters.frames--;
        if (!assembly.add(batch.frame(i), batch.length(i), batch.flags(i))) {
            return Verdict.NONE;
        }
        final MemoryRegion whole = assembly.memory();
        final UdpEndpoint reader = borrower;
        borrower = null;
        event = NOT_IN_A_FRAME;
        final int verdict = deliver(whole, whole.address(), assembly.length(), batch.checksum(i));
        borrower = reader;
        return verdict;
    }

    private int deliver(MemoryRegion frames, long frame, int length, byte checksumStatus) {
        return Udp6Frame.isIpv6(frame, length) ? deliverIpv6(frames, frame, length, checksumStatus)
            : deliverIpv4(frames, frame, length, checksumStatus);
    }

    private int deliverIpv4(MemoryRegion frames, long frame, int length, byte checksumStatus) {
        final int error = UdpFrame.check(frame, length, checksumStatus);
        if (error != 0) {
            counters.bad(error);
            return Verdict.badFrame(error);
        }
        final int source = UdpFrame.source(frame);
        final int destination = UdpFrame.destination(frame);
        if (!sources.admits(source, destination)) {
            counters.refusedSource++;
            return Verdict.of(DropCause.REFUSED_SOURCE);
        }
        return deliver(frames, UdpFrame.payload(frame), UdpFrame.payloadLength(frame), 0, IpAddress.mapped(destination),
            UdpFrame.destinationPort(frame), 0, IpAddress.mapped(source), UdpFrame.sourcePort(frame));
    }

    /** Over IPv6 the kernel looks no source up: what it refuses, the frame's check has. */
    private int deliverIpv6(MemoryRegion frames, long frame, int length, byte checksumStatus) {
        final int error = Udp6Frame.check(frame, length, checksumStatus);
        if (error != 0) {
            counters.bad(error);
            return Verdict.badFrame(error);
        }
        final long fromHigh = Udp6Frame.sourceHigh(frame);
        return deliver(frames, Udp6Frame.payload(frame), Udp6Frame.payloadLength(frame), Udp6Frame.destinationHigh(frame),
            Udp6Frame.destinationLow(frame), Udp6Frame.destinationPort(frame), fromHigh, Udp6Frame.sourceLow(frame),
            ScopedPort.of(Udp6Frame.sourcePort(frame), IpAddress.needsScope(fromHigh) ? owner.ifIndex() : 0));
    }

    private int deliver(MemoryRegion frames, long payload, int length, long toHigh, long toLow, int toPort, long fromHigh, long fromLow,
                        long fromScopedPort) {
        if (IpAddress.isMulticast(toHigh, toLow)) {
            return deliverToMembers(payload, length, toHigh, toLow, toPort, fromHigh, fromLow, fromScopedPort);
        }
        final UdpEndpoint endpoint = owner.demux().find(toHigh, toLow, toPort, fromHigh, fromLow, fromScopedPort);
        if (endpoint == null) {
            counters.unmatched++;
            return Verdict.of(DropCause.UNMATCHED);
        }
        counters.received++;
        if (endpoint == borrower && endpoint.lend(this, frames, payload, length, fromHigh, fromLow, fromScopedPort, arrival)) {
            borrower = null;
            lentEvent = event;
            return Verdict.DELIVERED;
        }
        if (endpoint.lends() && deliverInFrame(endpoint, frames, payload, length, fromHigh, fromLow, fromScopedPort)) {
            return Verdict.DELIVERED;
        }
        return endpoint.deliver(payload, length, fromHigh, fromLow, fromScopedPort, arrival) ? Verdict.DELIVERED
            : Verdict.of(DropCause.QUEUE_FULL);
    }

    private boolean deliverInFrame(UdpEndpoint endpoint, MemoryRegion frames, long payload, int length, long fromHigh, long fromLow,
                                   long fromScopedPort) {
        if (shown || event == NOT_IN_A_FRAME || !mayRetain()) {
            return false;
        }
        if (!endpoint.deliverFrame(receiver, batch.token(event), frames, payload, length, fromHigh, fromLow, fromScopedPort, arrival)) {
            return false;
        }
        // Its reader may have given it back already; the VI knows.
        retain(event);
        endpoint.signal();
        return true;
    }

    private int deliverToMembers(long payload, int length, long groupHigh, long groupLow, int port, long fromHigh, long fromLow,
                                 long fromScopedPort) {
        final UdpEndpoint[] candidates = owner.demux().onPort(port);
        boolean wanted = false;
        boolean delivered = false;
        for (int i = 0; candidates != null && i < candidates.length; i++) {
            if (candidates[i].acceptsGroup(groupHigh, groupLow, owner.ifIndex(), fromHigh, fromLow, fromScopedPort)) {
                wanted = true;
                delivered |= candidates[i].deliver(payload, length, fromHigh, fromLow, fromScopedPort, arrival);
            }
        }
        if (!wanted) {
            counters.unmatched++;
            return Verdict.of(DropCause.UNMATCHED);
        }
        counters.received++;
        return delivered ? Verdict.DELIVERED : Verdict.of(DropCause.QUEUE_FULL);
    }
}
