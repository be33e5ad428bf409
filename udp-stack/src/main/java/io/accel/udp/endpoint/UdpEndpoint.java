package io.accel.udp.endpoint;

import io.accel.core.DropCause;
import io.accel.core.capture.CaptureRecord;
import io.accel.core.capture.CaptureWriter;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.shm.ShmVirtualInterface;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import io.accel.core.vi.Receiver;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.IpVersion;
import io.accel.udp.address.ScopedPort;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.ethernet.FrameReceiver;
import io.accel.udp.group.GroupTable;
import io.accel.udp.path.SourcePolicy;
import io.accel.udp.path.SourceVerdicts;
import io.accel.udp.tap.FrameTap;
import io.accel.udp.tap.TapPoint;
import io.accel.udp.tap.Verdict;
import io.accel.udp.wait.ShortLock;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * The fast-path side of one bound UDP socket: what the VIs have for it, from a message VI of its own and from a queue that the
 * Ethernet interfaces fill.
 *
 * <p>Everything but {@link #deliver}, the listeners and the getters belongs to the <em>reader</em>: whoever holds the channel's
 * read side. A datagram that {@link #next} found stays where it is until {@link #consume}.
 */
public final class UdpEndpoint {
    private static final Logger LOGGER = System.getLogger("io.accel");
    private static final int BURST = 32;
    /** Messages that are counted as unread at the close: senders that go on meanwhile must not hold it up. */
    private static final int MAX_UNREAD = 1 << 16;
    /** Datagrams that may wait in their frames, however many more may be lent. */
    private static final int MAX_QUEUED_FRAMES = 1024;
    private static final ReadyListener[] NO_LISTENERS = {};
    private static final EthernetInterface[] NO_INTERFACES = {};
    private static final FrameReceiver[] NO_RECEIVERS = {};
    private static final MemoryRegion[] NO_REGIONS = {};

    private final BoundAddress local;
    private final boolean isAnyIpv4;
    private final boolean isAnyIpv6;
    private final long localHigh;
    private final long localLow;
    private final int localPort;
    private final ShmVirtualInterface messages;
    private final SourceVerdicts sources;
    private final ChannelCounters counters = new ChannelCounters();

    private volatile ReadyListener[] listeners = NO_LISTENERS;
    private volatile EthernetInterface[] interfaces = NO_INTERFACES;
    /** Of all of them. */
    private volatile FrameReceiver[] receivers = NO_RECEIVERS;
    /** The reader's; its successors, if there are any, are read when it is empty. */
    private volatile DatagramQueue queue;
    private volatile Peer peer;
    private volatile GroupTable groups = GroupTable.EMPTY;
    private volatile boolean closed;

    private int mostLent;
    /** Null: datagrams are copied, or there is no interface that could lend. */
    private volatile LentFramePool lending;
    /** For each queued datagram that lies in its frame, the frame; there before it lends for the first time. */
    private volatile OneToOneConcurrentArrayQueue<LentFrame> queuedFrames;

    /** Guards the writer's side of the queues, which interfaces and the setter of their bound share. */
    private final ShortLock delivery = new ShortLock();
    private int queueBytes;
    private DatagramQueue filling;

    // the reader's
    private EventBatch batch;
    private int batchCount;
    private int batchCursor;
    private final TapPoint shown = new TapPoint(FrameTap::messages);
    private int regionsVersion = -1;
    private MemoryRegion[] regions = NO_REGIONS;
    private boolean currentIsMessage;
    /** In whose frame the current datagram lies; null: it lies in the queue, or is a message. */
    private FrameReceiver lender;
    private int turn;
    private MemoryRegion region;
    private int offset;
    private int length;
    private long sourceHigh;
    private long sourceLow;
    private long sourceScopedPort;
    private final ArrivalTime arrival = new ArrivalTime();

    /**
     * @param local        what the kernel bound the socket to
     * @param queueBytes   bound of the queue that Ethernet interfaces fill
     * @param messages     the message VI of this endpoint, which then belongs to it; null: none
     * @param sources      says whose messages may be taken, this endpoint's alone; null without messages
     */
    public UdpEndpoint(BoundAddress local, int localPort, int queueBytes, ShmVirtualInterface messages, SourceVerdicts sources) {
        this.local = local;
        this.isAnyIpv4 = local.isWildcardOf(IpVersion.IPV4);
        this.isAnyIpv6 = local.isWildcardOf(IpVersion.IPV6);
        this.localHigh = local.address().high();
        this.localLow = local.address().low();
        this.localPort = localPort;
        this.queueBytes = queueBytes;
        this.messages = messages;
        this.sources = sources;
        if (messages != null) {
            messages.attachment(this);
        }
    }

    public BoundAddress local() {
        return local;
    }

    public int localPort() {
        return localPort;
    }

    /** Names where it is bound as a message's destination, which no message tells. */
    void destinationIn(long captureRecord) {
        CaptureRecord.destination(captureRecord, localHigh, localLow, localPort);
    }

    /** Names this endpoint as a packet's channel. */
    public void nameIn(long captureRecord) {
        CaptureRecord.channel(captureRecord, localHigh, localLow, localPort);
    }

    /** This endpoint's own VI on the message medium, or null. */
    public ShmVirtualInterface messages() {
        return messages;
    }

    public ChannelCounters counters() {
        return counters;
    }

    // ---- receiving: the reader's

    /** Finds the next datagram, polling what may have one; false: nothing there. One native call at most for each receive side. */
    public boolean next() {
        final GroupTable before = groups;
        if (find()) {
            return true;
        }
        if (before.hasLapsed()) {
            drained(before);
        }
        return false;
    }

    private boolean find() {
        if (messages != null && nextMessage()) {
            return true;
        }
        if (queue == null) {
            return false;
        }
        // Before the look at the interfaces: those that have stopped delivering may have left something.
        if (nextQueued()) {
            return true;
        }
        if (receivers.length == 0) {
            return false;
        }
        return nextLent() || nextQueued();
    }

    /** Starts behind the receive side that was polled last, so that a flood at one does not starve the others. */
    private boolean nextLent() {
        final FrameReceiver[] all = receivers;
        for (int i = 0; i < all.length; i++) {
            if (++turn >= all.length) {
                turn = 0;
            }
            if (all[turn].pollFor(this)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A datagram for the reader, in the frame it came in, which stays until {@link #consume} or {@link #keep}.
     *
     * @param at when it came, or null
     * @return false: older ones are queued, so this one is to be {@link #deliver delivered}
     */
    public boolean lend(FrameReceiver from, MemoryRegion frames, long payload, int bytes, long fromHigh, long fromLow,
                        long fromScopedPort, ArrivalTime at) {
        if (hasQueued()) {
            return false;
        }
        counters.lent++;
        lender = from;
        currentIsMessage = false;
        region = frames;
        offset = frames.offset(payload);
        length = bytes;
        sourceHigh = fromHigh;
        sourceLow = fromLow;
        sourceScopedPort = fromScopedPort;
        arrival.set(at);
        return true;
    }

    /** Lets what has arrived at the Ethernet interfaces be delivered. Any thread. */
    public void pollInterfaces() {
        for (final EthernetInterface each : interfaces) {
            each.poll();
        }
    }

    /** Whether {@link #next} would find something, without polling the Ethernet interfaces. */
    public boolean hasPending() {
        // What a group's member does not want must not look like something to receive.
        return mayHavePending() && (groups == GroupTable.EMPTY || messages != null && nextMessage() || nextQueued());
    }

    private boolean mayHavePending() {
        if (messages != null && (batchCursor < batchCount || messages.hasPending())) {
            return true;
        }
        return hasQueued();
    }

    private boolean hasQueued() {
        for (DatagramQueue q = queue; q != null; q = q.successor()) {
            if (!q.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Where the payload that {@link #next} found lies; its start is {@link #offset()}. */
    public MemoryRegion region() {
        return region;
    }

    public int offset() {
        return offset;
    }

    /** Bytes of payload. */
    public int length() {
        return length;
    }

    /** High half of the source address, as {@link IpAddress} has it. */
    public long sourceHigh() {
        return sourceHigh;
    }

    /** Low half of the source address. */
    public long sourceLow() {
        return sourceLow;
    }

    /** Source port and scope: {@link io.accel.udp.address.ScopedPort}. */
    public long sourceScopedPort() {
        return sourceScopedPort;
    }

    /** When the NIC received the datagram that {@link #next} found, where it tells. */
    public ArrivalTime arrival() {
        return arrival;
    }

    /** Gives the datagram back that {@link #next} found. */
    public void consume() {
        counters.fastReceived++;
        if (currentIsMessage) {
            skipMessage();
        } else if (lender != null) {
            returnToLender();
        } else {
            skipQueued(queue);
        }
    }

    /**
     * In place of {@link #consume}: has the datagram that {@link #next} found outlive it, in its frame, which is the caller's to release.
     *
     * @return null: it is not to be had so, and may be copied as always
     */
    public LentFrame take() {
        final LentFrame taken = currentIsMessage ? null : lender != null ? takeFromLender() : takeQueued();
        if (taken != null) {
            counters.fastReceived++;
            counters.taken++;
        }
        return taken;
    }

    private LentFrame takeFromLender() {
        final LentFramePool pool = lending;
        final LentFrame frame = pool != null && lender.mayRetain() ? pool.take() : null;
        if (frame == null) {
            return null;
        }
        lender.retain(frame, region, offset, length);
        returnToLender();
        return frame;
    }

    private LentFrame takeQueued() {
        if (!queue.isInFrame()) {
            return null;
        }
        final LentFrame frame = queuedFrames.poll();
        queue.consume();
        return frame;
    }

    private void skipQueued(DatagramQueue q) {
        if (q.isInFrame()) {
            queuedFrames.poll().release();
        }
        q.consume();
    }

    /** What a reader that cannot take the datagram calls in place of {@link #consume}: a later {@link #next} finds it again. */
    public void keep() {
        if (lender != null) {
            counters.lent--;
            deliver(region.address() + offset, length, sourceHigh, sourceLow, sourceScopedPort, arrival);
            returnToLender();
        }
    }

    private void returnToLender() {
        final FrameReceiver from = lender;
        lender = null;
        from.giveBack();
    }

    /** Takes datagrams of one peer only from now on, and forgets what is queued. */
    public void connect(IpAddress address, int port) {
        peer = Peer.of(address, port);
        discardQueued();
    }

    /** Takes datagrams of everybody again. */
    public void disconnect() {
        peer = null;
    }

    private void discardQueued() {
        while (next()) {
            consume();
            counters.fastReceived--;
            counters.unread++;
        }
    }

    /** Datagrams that were delivered here and that nobody has looked at yet. Any thread: a moment old. */
    public long waiting() {
        long waiting = Math.max(batchCount - batchCursor, 0);
        for (DatagramQueue q = queue; q != null; q = q.successor()) {
            waiting += q.waiting();
        }
        return waiting;
    }

    /** Datagrams that were delivered here: messages, lent and queued ones, and those that found no room. Any thread. */
    public long arrived() {
        return (messages == null ? 0 : messages.received()) + counters.lent + counters.queued + counters.queueFull;
    }

    /** Counts what waits as unread. The reader has left for good and interfaces deliver no more. */
    public void abandon() {
        for (int i = 0; i < MAX_UNREAD && messages != null && !messages.isClosed() && nextMessage(); i++) {
            counters.unread++;
            skipMessage();
        }
        while (queue != null && nextQueued()) {
            counters.unread++;
            skipQueued(queue);
        }
    }

    private boolean nextMessage() {
        do {
            while (batchCursor < batchCount) {
                if (acceptMessage()) {
                    return true;
                }
                skipMessage();
            }
        } while (refill());
        return false;
    }

    private boolean refill() {
        if (batch == null) {
            if (!messages.hasPending()) {
                return false;
            }
            batch = new EventBatch(BURST);
        }
        batchCursor = 0;
        batchCount = messages.poll(batch, BURST);
        if (batchCount == 0) {
            return false;
        }
        final int version = messages.memoryVersion();
        if (version != regionsVersion) {
            regionsVersion = version;
            regions = messages.memory();
        }
        final FrameTap tap = FrameTap.current();
        if (tap != null) {
            final CaptureWriter into = shown.of(tap);
            if (into.isFull()) {
                into.miss(messagesFrom(0));
            } else {
                show(tap, into);
            }
        }
        return true;
    }

    private boolean acceptMessage() {
        if (batch.type(batchCursor) != EventType.RX) {
            counters.drop(DropCause.MALFORMED);
            return false;
        }
        final DropCause objection = examine(batchCursor);
        if (objection != null) {
            counters.drop(objection);
            return false;
        }
        currentIsMessage = true;
        arrival.clear();
        return true;
    }

    /** Makes a message the current datagram. Each word is read once: another process may go on writing. @return why not, or null */
    private DropCause examine(int i) {
        final long frame = batch.frame(i);
        final int frameLength = batch.length(i);
        if (!MessageHeader.isDatagram(frame, frameLength)) {
            return DropCause.MALFORMED;
        }
        sourceHigh = MessageHeader.high(frame);
        sourceLow = MessageHeader.low(frame);
        sourceScopedPort = MessageHeader.scopedPort(frame);
        // Who can write into the ring may write anything, but no socket of this host sends from elsewhere.
        if (ScopedPort.port(sourceScopedPort) == 0
            || !sources.admits(sourceHigh, sourceLow, ScopedPort.scope(sourceScopedPort), SourcePolicy.ANY_DESTINATION)) {
            return DropCause.SPOOFED_SOURCE;
        }
        final boolean toGroup = MessageHeader.isToGroup(frame, frameLength);
        if (toGroup && !isForMember(frame)) {
            return DropCause.NOT_MEMBER;
        }
        if (!isFromPeer()) {
            return DropCause.NOT_FROM_PEER;
        }
        final int header = toGroup ? MessageHeader.GROUP_BYTES : MessageHeader.BYTES;
        region = regions[batch.region(i)];
        offset = region.offset(frame) + header;
        length = frameLength - header;
        return null;
    }

    private boolean isForMember(long frame) {
        return groups.accepts(MessageHeader.groupHigh(frame), MessageHeader.groupLow(frame), MessageHeader.groupInterface(frame),
            sourceHigh, sourceLow, MessageHeader.version(frame));
    }

    /** Shows what has come, as it is judged now; the reader takes it later. */
    private void show(FrameTap tap, CaptureWriter into) {
        final long stamp = tap.now();
        int done = 0;
        while (done < batchCount && !into.isFull()) {
            show(into, done++, stamp);
        }
        if (done < batchCount) {
            into.miss(messagesFrom(done));
        }
    }

    private int messagesFrom(int first) {
        int messages = 0;
        for (int i = first; i < batchCount; i++) {
            messages += batch.type(i) == EventType.RX ? 1 : 0;
        }
        return messages;
    }

    private void show(CaptureWriter into, int i, long stamp) {
        if (batch.type(i) == EventType.RX) {
            final DropCause objection = examine(i);
            MessageTap.received(into, this, batch.frame(i), batch.length(i),
                objection == null ? Verdict.DELIVERED : Verdict.of(objection), stamp);
        }
    }

    private void skipMessage() {
        if (++batchCursor == batchCount) {
            messages.release(batch);
            batchCursor = 0;
            batchCount = 0;
        }
    }

    private boolean nextQueued() {
        final DatagramQueue q = queueWithSomething();
        while (q != null && q.peek()) {
            sourceHigh = q.high();
            sourceLow = q.low();
            sourceScopedPort = q.scopedPort();
            if (isFromPeer()) {
                locate(q);
                length = q.length();
                currentIsMessage = false;
                q.arrival(arrival);
                return true;
            }
            counters.drop(DropCause.NOT_FROM_PEER);
            skipQueued(q);
        }
        return false;
    }

    private void locate(DatagramQueue q) {
        if (q.isInFrame()) {
            final LentFrame frame = queuedFrames.peek();
            region = frame.region();
            offset = frame.offset();
        } else {
            region = q.region();
            offset = region.offset(q.payload());
        }
    }

    private DatagramQueue queueWithSomething() {
        DatagramQueue q = queue;
        while (q != null && !q.peek() && q.successor() != null) {
            // What came before its successor is seen by now.
            if (!q.peek()) {
                queue = q.successor();
                q.close();
                q = queue;
            }
        }
        return q;
    }

    private boolean isFromPeer() {
        final Peer only = peer;
        return only == null || only.is(sourceHigh, sourceLow, sourceScopedPort);
    }

    // ---- delivery: whoever polls an Ethernet interface, one at a time per receive side

    /** Whether a datagram to this address and of this source would be taken. */
    public boolean accepts(long toHigh, long toLow, long fromHigh, long fromLow, long fromScopedPort) {
        final Peer only = peer;
        return (localLow == toLow && localHigh == toHigh || (IpAddress.isIpv4(toHigh, toLow) ? isAnyIpv4 : isAnyIpv6))
            && (only == null || only.is(fromHigh, fromLow, fromScopedPort));
    }

    /** Whether a datagram to a group is for this endpoint, among others. */
    public boolean acceptsGroup(long groupHigh, long groupLow, int ifIndex, long fromHigh, long fromLow, long fromScopedPort) {
        final Peer only = peer;
        final boolean bound = localLow == groupLow && localHigh == groupHigh;
        final boolean any = only == null && (IpAddress.isIpv4(groupHigh, groupLow) ? isAnyIpv4 : isAnyIpv6);
        return (any || bound && (only == null || only.is(fromHigh, fromLow, fromScopedPort)))
            && groups.accepts(groupHigh, groupLow, ifIndex, fromHigh, fromLow);
    }

    /** Whether the kernel would prefer this one for a datagram that both take: the connected, then the one bound to an address. */
    public boolean isMoreSpecificThan(UdpEndpoint other) {
        return specificity() > other.specificity();
    }

    private int specificity() {
        return (peer != null ? 2 : 0) + (local.isWildcard() ? 0 : 1);
    }

    /** Queues a datagram, or counts it as dropped; tells the listeners. @param at when it came, or null @return whether it is queued */
    public boolean deliver(long payload, int bytes, long fromHigh, long fromLow, long fromScopedPort, ArrivalTime at) {
        boolean queued = false;
        delivery.lock();
        try {
            queued = !closed && filling.offer(payload, bytes, fromHigh, fromLow, fromScopedPort, at);
            // Several may be delivering, each a receive side of its own.
            if (queued) {
                counters.queued++;
            } else {
                counters.queueFull++;
            }
        } finally {
            delivery.unlock();
        }
        if (queued) {
            signal();
        }
        return queued;
    }

    /** Whether {@link #deliverFrame} is worth a try. */
    public boolean lends() {
        return lending != null;
    }

    /**
     * As {@link #deliver} with the payload left in its frame, which the caller has to retain before it {@link #signal signals}.
     *
     * @param token of the frame's event
     * @return false: as many as may be are lent or there is no room, so it is to be delivered as always
     */
    public boolean deliverFrame(Receiver from, long token, MemoryRegion frames, long payload, int bytes, long fromHigh,
                                long fromLow, long fromScopedPort, ArrivalTime at) {
        final LentFramePool pool = lending;
        final LentFrame frame = pool == null ? null : pool.take();
        if (frame == null) {
            return false;
        }
        frame.set(from, token, frames, frames.offset(payload), bytes);
        boolean queued = false;
        delivery.lock();
        try {
            // The frame first: who sees the datagram finds it.
            queued = !closed && filling.hasRoomFor(bytes) && queuedFrames.offer(frame)
                && filling.offer(DatagramQueue.IN_ITS_FRAME, bytes, fromHigh, fromLow, fromScopedPort, at);
            if (queued) {
                counters.queued++;
            }
        } finally {
            delivery.unlock();
        }
        if (!queued) {
            frame.forget();
            pool.give(frame);
        }
        return queued;
    }

    /** Tells the listeners that there may be something. Any thread, in the middle of a burst, which no listener's failure ends. */
    public void signal() {
        for (final ReadyListener listener : listeners) {
            try {
                listener.onReady(this);
            } catch (final RuntimeException e) {
                LOGGER.log(Level.WARNING, "a listener of UDP port " + localPort + " failed", e);
            }
        }
    }

    // ---- life: any thread

    public synchronized void addListener(ReadyListener listener) {
        final ReadyListener[] grown = Arrays.copyOf(listeners, listeners.length + 1);
        grown[listeners.length] = listener;
        listeners = grown;
    }

    public synchronized void removeListener(ReadyListener listener) {
        listeners = Arrays.stream(listeners).filter(l -> l != listener).toArray(ReadyListener[]::new);
    }

    /** The groups joined. */
    public GroupTable groups() {
        return groups;
    }

    /** The groups have changed; what is queued is received as they were before. */
    public synchronized void groups(GroupTable now) {
        groups = now;
    }

    private synchronized void drained(GroupTable under) {
        if (groups == under) {
            groups = under.drained();
        }
    }

    /** Interfaces that deliver to this endpoint. */
    public EthernetInterface[] interfaces() {
        return interfaces;
    }

    /** An interface is going to deliver here. */
    public synchronized void attach(EthernetInterface added) {
        delivery.lock();
        try {
            if (filling == null) {
                filling = new DatagramQueue(queueBytes);
                queue = filling;
                beginLending();
            }
        } finally {
            delivery.unlock();
        }
        final EthernetInterface[] grown = Arrays.copyOf(interfaces, interfaces.length + 1);
        grown[interfaces.length] = added;
        deliveredBy(grown);
    }

    private void deliveredBy(EthernetInterface[] now) {
        receivers = Arrays.stream(now).flatMap(each -> Arrays.stream(each.receivers())).toArray(FrameReceiver[]::new);
        interfaces = now;
    }

    /** An interface has stopped delivering here. */
    public synchronized void detach(EthernetInterface removed) {
        deliveredBy(Arrays.stream(interfaces).filter(i -> i != removed).toArray(EthernetInterface[]::new));
    }

    /** Bounds what may wait here, as SO_RCVBUF does in the kernel; it counts for what comes from now on. */
    public void receiveBytes(int bytes) {
        delivery.lock();
        try {
            queueBytes = bytes;
            if (!closed && filling != null && !filling.bound(bytes)) {
                final DatagramQueue larger = new DatagramQueue(bytes);
                filling.successor(larger);
                filling = larger;
            }
        } finally {
            delivery.unlock();
        }
        if (messages != null && !messages.isClosed()) {
            messages.receiveLimit(bytes);
        }
    }

    /** Any thread: bytes that interfaces put into the newest queue and nobody has read; what lies in shared memory is not known. */
    public long queuedBytes() {
        delivery.lock();
        try {
            return closed || filling == null ? 0 : filling.waitingBytes();
        } finally {
            delivery.unlock();
        }
    }

    /** Has {@link #take} give out so many frames at once, after a change beside those that are out already; 0: none. */
    public synchronized void lendUpTo(int most) {
        if (most == mostLent) {
            return;
        }
        mostLent = most;
        if (queue != null) {
            beginLending();
        }
    }

    private void beginLending() {
        if (mostLent > 0 && queuedFrames == null) {
            queuedFrames = new OneToOneConcurrentArrayQueue<>(MAX_QUEUED_FRAMES);
        }
        lending = mostLent == 0 ? null : new LentFramePool(mostLent);
    }

    public boolean isClosed() {
        return closed;
    }

    /** Frees all. The reader must have left; interfaces must have been told. */
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (messages != null) {
            messages.close();
        }
        if (batch != null) {
            batch.close();
        }
        shown.close();
        delivery.lock();
        try {
            for (DatagramQueue q = queue; q != null; q = q.successor()) {
                q.close();
            }
            releaseQueuedFrames();
        } finally {
            delivery.unlock();
        }
    }

    private void releaseQueuedFrames() {
        LentFrame left = queuedFrames == null ? null : queuedFrames.poll();
        while (left != null) {
            left.release();
            left = queuedFrames.poll();
        }
    }
}
