package io.accel.udp.ethernet;

import io.accel.core.Reason;
import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.natives.Errno;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.ScopedPort;
import io.accel.udp.endpoint.ArrivalTime;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.path.Path;
import io.accel.udp.path.SourceVerdicts;
import io.accel.udp.wait.ShortLock;
import io.accel.udp.wait.Sleeper;
import io.accel.udp.wire.Udp6Frame;
import io.accel.udp.wire.UdpFrame;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A VI on an Ethernet interface, shared by all endpoints: whoever receives polls for all, whoever sends takes the send side for one
 * datagram. Both sides are guarded by a flag, never by a lock that queues: a poll that is under way serves the caller too.
 */
public final class EthernetInterface implements AutoCloseable {
    private static final int BURST = 64;
    /** Bursts that {@link #drain} takes at most: more than any ring holds. */
    private static final int MAX_DRAIN = 1024;
    /** IEEE 802.3's shortest frame without FCS; not every NIC pads. */
    private static final int MIN_FRAME_BYTES = 60;

    private final String name;
    private final int ifIndex;
    private final int mtu;
    private final VirtualInterface vi;
    private MemoryRegion[] regions;
    private int regionsVersion;
    private final MemoryRegion region;
    private final Demux demux = new Demux();
    private final EventBatch batch = new EventBatch(BURST);
    private final ShortLock polling = new ShortLock();
    private final ShortLock sending = new ShortLock();
    private final PushModerator moderator;
    private final InterfaceCounters counters = new InterfaceCounters();
    private final FrameAssembly assembly = new FrameAssembly(counters);
    private final SourceVerdicts sources;
    /** Of the frame under way; null: this NIC has no timestamps, or they are off. */
    private final ArrivalTime arrival;
    private volatile boolean usable = true;
    private volatile Reason failure;
    private volatile Runnable onFailure = () -> { };
    private int nextIpId;
    /** Bytes of the longest claim. */
    private final int contiguous;
    private final FrameParts parts;
    /** For the length of a call: a datagram that lies in one buffer and leaves in several. */
    private final ByteBuffer[] alone = new ByteBuffer[1];
    /** Who polls and would take a datagram in place; the poller's, as long as it polls. */
    private UdpEndpoint borrower;

    /**
     * @param vi      belongs to this from now on; its TX frames must lie in its first memory region
     * @param sources says whose IPv4 datagrams may be taken; this interface's alone
     */
    public EthernetInterface(String name, int ifIndex, int mtu, VirtualInterface vi, Flusher flusher, SourceVerdicts sources) {
        this.name = name;
        this.ifIndex = ifIndex;
        this.mtu = mtu;
        this.vi = vi;
        this.regionsVersion = vi.memoryVersion();
        this.regions = vi.memory();
        this.region = regions[0];
        this.moderator = new PushModerator(this, flusher);
        this.sources = sources;
        this.contiguous = vi.capabilities().contiguousTxBytes();
        this.parts = new FrameParts(vi, region);
        this.arrival = vi.capabilities().timestamps() ? new ArrivalTime() : null;
    }

    public String name() {
        return name;
    }

    public int ifIndex() {
        return ifIndex;
    }

    /** The device's MTU when this was opened, bytes of IP packet. */
    public int mtu() {
        return mtu;
    }

    public VirtualInterface vi() {
        return vi;
    }

    public InterfaceCounters counters() {
        return counters;
    }

    /** False once the link, the device or the VI has failed: its datagrams go by the kernel until it is rebuilt. */
    public boolean isUsable() {
        return usable;
    }

    /** Why it is not usable. */
    public Reason failure() {
        final Reason found = failure;
        return found == null ? Reason.INTERFACE_DOWN : found;
    }

    /** Who is told at once, by the thread that finds the failure in the midst of a send or a poll. */
    public void onFailure(Runnable told) {
        onFailure = told;
    }

    private void fail(Reason why) {
        failure = why;
        usable = false;
        onFailure.run();
    }

    /**
     * Has a sleeper watch the wake-up descriptor, which it stops to by itself when this closes.
     *
     * @param data as {@link Sleeper#add} takes it
     * @return false: this has failed
     */
    public boolean watch(Sleeper sleeper, long data) throws IOException {
        if (!lockPolling()) {
            return false;
        }
        try {
            sleeper.add(vi.capabilities().wakeFd(), Sleeper.READABLE, data);
            return true;
        } finally {
            polling.unlock();
        }
    }

    // ---- receive

    /**
     * Delivers a burst to whomever it is for.
     *
     * @return events, 0 when idle or when another thread is at it
     */
    public int poll() {
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
     * As {@link #poll}, for the reader of an endpoint whose queue is empty: the first datagram for it stays in its frame, of which
     * {@link UdpEndpoint#lend} is told, instead of being copied into the queue. The interface counts as being polled until
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
                vi.release(batch);
            }
        } finally {
            if (!lent) {
                polling.unlock();
            }
        }
        return lent;
    }

    /** Ends what {@link #pollFor} began when it lent a datagram; the same thread. */
    public void giveBack() {
        vi.release(batch);
        polling.unlock();
    }

    /** Delivers all that has arrived, for one who is about to stop receiving here. Any thread; never while it polls. */
    public void drain() {
        polling.lock();
        try {
            for (int bursts = 0; bursts < MAX_DRAIN && pollOwned() > 0; bursts++) {
                continue;
            }
        } finally {
            polling.unlock();
        }
    }

    private int pollOwned() {
        borrower = null;
        final int n = pollBurst();
        if (n > 0) {
            vi.release(batch);
        }
        return n;
    }

    private int pollBurst() {
        if (!usable) {
            return 0;
        }
        moderator.received();
        vi.txFlush();
        final int n = vi.poll(batch, BURST);
        if (regionsVersion != vi.memoryVersion()) {
            regionsVersion = vi.memoryVersion();
            regions = vi.memory();
        }
        counters.frames += n;
        for (int i = 0; i < n; i++) {
            handle(i);
        }
        return n;
    }

    private void handle(int i) {
        final byte type = batch.type(i);
        if (type == EventType.RX) {
            // The NIC stamps a frame's first part.
            if (arrival != null && (batch.flags(i) & EventBatch.FLAG_SOP) != 0) {
                arrival.set(batch, i);
            }
            if (FrameAssembly.isPart(batch.flags(i))) {
                join(i);
            } else {
                deliver(regions[batch.region(i)], batch.frame(i), batch.length(i), batch.checksum(i));
            }
        } else if (type == EventType.RX_DISCARD) {
            counters.discarded++;
            assembly.abandon();
        } else {
            counters.frames--;
            notice(type);
        }
    }

    /** What an event says that is no frame. */
    private void notice(byte type) {
        if (type == EventType.TX_ERROR) {
            counters.sendErrors++;
        } else if (type == EventType.RESET || type == EventType.OVERFLOW) {
            fail(Reason.VI_FAILED);
        } else if (type != EventType.TX_TIMESTAMP && type != EventType.LINK) {
            fail(Reason.INTERFACE_DOWN);
        }
    }

    /** A frame longer than a packet buffer comes in several events. It is never lent: the next one is joined in the same memory. */
    private void join(int i) {
        // A part is none; the assembly counts when it is whole or lost.
        counters.frames--;
        if (assembly.add(batch.frame(i), batch.length(i), batch.flags(i))) {
            final MemoryRegion whole = assembly.memory();
            final UdpEndpoint reader = borrower;
            borrower = null;
            deliver(whole, whole.address(), assembly.length(), batch.checksum(i));
            borrower = reader;
        }
    }

    private void deliver(MemoryRegion frames, long frame, int length, byte checksumStatus) {
        if (Udp6Frame.isIpv6(frame, length)) {
            deliverIpv6(frames, frame, length, checksumStatus);
        } else {
            deliverIpv4(frames, frame, length, checksumStatus);
        }
    }

    private void deliverIpv4(MemoryRegion frames, long frame, int length, byte checksumStatus) {
        final int error = UdpFrame.check(frame, length, checksumStatus);
        if (error != 0) {
            counters.bad(error);
            return;
        }
        final int source = UdpFrame.source(frame);
        final int destination = UdpFrame.destination(frame);
        if (!sources.admits(source, destination)) {
            counters.refusedSource++;
            return;
        }
        deliver(frames, UdpFrame.payload(frame), UdpFrame.payloadLength(frame), 0, IpAddress.mapped(destination),
            UdpFrame.destinationPort(frame), 0, IpAddress.mapped(source), UdpFrame.sourcePort(frame));
    }

    /** Over IPv6 the kernel looks no source up: what it refuses, the frame's check has. */
    private void deliverIpv6(MemoryRegion frames, long frame, int length, byte checksumStatus) {
        final int error = Udp6Frame.check(frame, length, checksumStatus);
        if (error != 0) {
            counters.bad(error);
            return;
        }
        final long fromHigh = Udp6Frame.sourceHigh(frame);
        deliver(frames, Udp6Frame.payload(frame), Udp6Frame.payloadLength(frame), Udp6Frame.destinationHigh(frame),
            Udp6Frame.destinationLow(frame), Udp6Frame.destinationPort(frame), fromHigh, Udp6Frame.sourceLow(frame),
            ScopedPort.of(Udp6Frame.sourcePort(frame), IpAddress.needsScope(fromHigh) ? ifIndex : 0));
    }

    private void deliver(MemoryRegion frames, long payload, int length, long toHigh, long toLow, int toPort, long fromHigh, long fromLow,
                         long fromScopedPort) {
        if (IpAddress.isMulticast(toHigh, toLow)) {
            deliverToMembers(payload, length, toHigh, toLow, toPort, fromHigh, fromLow, fromScopedPort);
            return;
        }
        final UdpEndpoint endpoint = demux.find(toHigh, toLow, toPort, fromHigh, fromLow, fromScopedPort);
        if (endpoint == null) {
            counters.unmatched++;
            return;
        }
        counters.received++;
        if (endpoint == borrower && endpoint.lend(this, frames, payload, length, fromHigh, fromLow, fromScopedPort, arrival)) {
            borrower = null;
        } else {
            endpoint.deliver(payload, length, fromHigh, fromLow, fromScopedPort, arrival);
        }
    }

    private void deliverToMembers(long payload, int length, long groupHigh, long groupLow, int port, long fromHigh, long fromLow,
                                  long fromScopedPort) {
        final UdpEndpoint[] candidates = demux.onPort(port);
        boolean delivered = false;
        for (int i = 0; candidates != null && i < candidates.length; i++) {
            if (candidates[i].acceptsGroup(groupHigh, groupLow, ifIndex, fromHigh, fromLow, fromScopedPort)) {
                candidates[i].deliver(payload, length, fromHigh, fromLow, fromScopedPort, arrival);
                delivered = true;
            }
        }
        if (delivered) {
            counters.received++;
        } else {
            counters.unmatched++;
        }
    }

    /** Arms the wake-up descriptor; true: do not sleep. */
    public boolean prime() {
        if (!usable) {
            return false;
        }
        vi.txFlush();
        if (!lockPolling()) {
            return false;
        }
        try {
            return vi.prime();
        } finally {
            polling.unlock();
        }
    }

    /** Several threads may go to sleep at once, and the receive side is one thread's at a time; a closed one is nobody's for good. */
    private boolean lockPolling() {
        while (usable) {
            if (polling.tryLock()) {
                if (usable) {
                    return true;
                }
                polling.unlock();
            } else {
                Thread.yield();
            }
        }
        return false;
    }

    // ---- send

    /**
     * Sends one datagram.
     *
     * @param src  its whole remainder; the position moves when it is sent
     * @param more whether the doorbell may wait until the caller sends without, or calls {@link #flush}, which it does soon
     * @return false: nothing was sent, the ring is full or the link has failed
     */
    public boolean send(Path path, ByteBuffer src, boolean more) {
        final int length = src.remaining();
        final int headers = path.template().bytes();
        sending.lock();
        try {
            if (headers + length > contiguous) {
                return sendAlone(path, src, more);
            }
            final long frame = claim(headers, length);
            if (frame == VirtualInterface.NONE) {
                return false;
            }
            boolean written = false;
            try {
                region.buffer().put(region.offset(frame) + headers, src, src.position(), length);
                written = true;
            } finally {
                if (!written) {
                    vi.txUndo();
                }
            }
            finish(path, frame, length, more);
            src.position(src.limit());
            return true;
        } finally {
            sending.unlock();
        }
    }

    private boolean sendAlone(Path path, ByteBuffer src, boolean more) {
        alone[0] = src;
        try {
            return sendParts(path, alone, 0, 1, src.remaining(), more);
        } finally {
            alone[0] = null;
        }
    }

    /** As {@link #send(Path, ByteBuffer, boolean)} with the datagram in several buffers. */
    public boolean send(Path path, ByteBuffer[] srcs, int from, int count, int length, boolean more) {
        final int headers = path.template().bytes();
        sending.lock();
        try {
            if (headers + length > contiguous) {
                return sendParts(path, srcs, from, count, length, more);
            }
            final long frame = claim(headers, length);
            if (frame == VirtualInterface.NONE) {
                return false;
            }
            boolean written = false;
            try {
                int at = region.offset(frame) + headers;
                for (int i = from; i < from + count; i++) {
                    final int part = srcs[i].remaining();
                    region.buffer().put(at, srcs[i], srcs[i].position(), part);
                    at += part;
                }
                written = true;
            } finally {
                if (!written) {
                    vi.txUndo();
                }
            }
            finish(path, frame, length, more);
            for (int i = from; i < from + count; i++) {
                srcs[i].position(srcs[i].limit());
            }
            return true;
        } finally {
            sending.unlock();
        }
    }

    /** A datagram that no single claim holds. */
    private boolean sendParts(Path path, ByteBuffer[] srcs, int from, int count, int length, boolean more) {
        if (!claimParts(path.template().bytes(), length)) {
            return false;
        }
        boolean written = false;
        try {
            for (int i = from; i < from + count; i++) {
                parts.put(srcs[i]);
            }
            parts.init(path.template(), nextIpId++, path.dontFragment());
            written = true;
        } finally {
            if (!written) {
                vi.txUndo();
            }
        }
        push(more);
        for (int i = from; i < from + count; i++) {
            srcs[i].position(srcs[i].limit());
        }
        return true;
    }

    private boolean claimParts(int headers, int length) {
        if (!usable || parts.claim(headers, length)) {
            return usable;
        }
        vi.txFlush();
        if (parts.claim(headers, length)) {
            return true;
        }
        counters.ringFull++;
        return false;
    }

    /**
     * Returns when all that was sent before has left: for one who goes on by another way and must not overtake himself. A flush would
     * not do, as it returns at once while another thread's is under way.
     */
    public void settle() {
        sending.lock();
        try {
            if (usable) {
                vi.txPush(false);
            }
        } finally {
            sending.unlock();
        }
    }

    private long claim(int headers, int length) {
        if (!usable) {
            return VirtualInterface.NONE;
        }
        final int bytes = Math.max(headers + length, MIN_FRAME_BYTES);
        final long frame = vi.txClaim(0, bytes);
        if (frame != VirtualInterface.NONE) {
            return frame;
        }
        vi.txFlush();
        final long again = vi.txClaim(0, bytes);
        if (again == VirtualInterface.NONE) {
            counters.ringFull++;
        }
        return again;
    }

    private void finish(Path path, long frame, int length, boolean more) {
        int bytes = path.template().write(frame, length, nextIpId++, path.dontFragment());
        while (bytes < MIN_FRAME_BYTES) {
            Memory.putByte(frame + bytes++, (byte) 0);
        }
        vi.txInit(frame, bytes, TxFlags.NONE);
        push(more);
    }

    private void push(boolean more) {
        final int pending = vi.txPush(more || moderator.mayWait());
        counters.sent++;
        if (pending > 0 && !more && moderator.mustFlush()) {
            vi.txFlush();
        } else if (pending == -Errno.ENETRESET) {
            fail(Reason.VI_FAILED);
        } else if (pending == -Errno.ENETDOWN || pending == -Errno.ENXIO) {
            fail(Reason.INTERFACE_DOWN);
        }
    }

    /** Rings the doorbell for what waits. Any thread. */
    public void flush() {
        if (usable) {
            vi.txFlush();
        }
    }

    PushModerator moderator() {
        return moderator;
    }

    // ---- endpoints: any thread

    /** Delivers to this endpoint from now on; the caller installs its filters. Who sleeps for it learns what else can wake him. */
    public void add(UdpEndpoint endpoint) {
        endpoint.attach(this);
        demux.add(endpoint);
        endpoint.signal();
    }

    /** Delivers nothing more to this endpoint once it returns. */
    public void remove(UdpEndpoint endpoint) {
        demux.remove(endpoint);
        polling.lock();
        polling.unlock();
        endpoint.detach(this);
    }

    /** Stops both sides, then frees the VI. */
    @Override
    public void close() {
        usable = false;
        polling.lock();
        sending.lock();
        vi.close();
        batch.close();
        // Both flags stay set: nobody enters again.
    }
}
