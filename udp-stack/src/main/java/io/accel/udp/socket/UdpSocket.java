package io.accel.udp.socket;

import io.accel.core.Reason;
import io.accel.core.shm.ShmVirtualInterface;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.endpoint.ChannelCounters;
import io.accel.udp.endpoint.MessageHeader;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.flight.FlightEvents;
import io.accel.udp.group.Membership;
import io.accel.udp.path.Generation;
import io.accel.udp.path.Path;
import io.accel.udp.path.PathWitness;
import io.accel.udp.path.SendingSocket;
import io.accel.udp.stack.UdpStack;
import io.accel.udp.tap.FrameTap;
import io.accel.udp.wire.Udp6Frame;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Collection;
import java.util.List;

/**
 * A bound UDP socket as the stack sees it, whatever program interface lies above: its endpoint, its send paths, and when to look at
 * the shadow. Without an endpoint it is wholly on the kernel path, and {@link #kernelReason()} says why.
 */
public final class UdpSocket {
    /** Longest UDP payload of all, that over IPv6; over IPv4 20 bytes less. */
    public static final int MAX_DATAGRAM = Udp6Frame.MAX_PAYLOAD;
    /** IOV_MAX of Linux: buffers that one gathering write may have. */
    public static final int MAX_BUFFERS = 1024;

    private final UdpStack stack;
    private final Generation generation;
    private final ShadowAddress shadow;
    private final UdpEndpoint endpoint;
    private final ShadowWatch watch;
    private final Reason kernelReason;
    private final ChannelCounters counters;
    private final ReasonLog log = new ReasonLog();
    private final DecisionLog decisions = new DecisionLog();
    private volatile InetSocketAddress local;
    private volatile InetSocketAddress remote;
    private volatile IpAddress source;
    private volatile int device;
    private volatile ShadowOptions options;
    private volatile Reason receiveReason = Reason.KERNEL_SENDER;
    private volatile boolean hearsFormerPeerAlone;
    private boolean leftToKernel;
    private volatile Reason steeringReason;
    private final SendTap shown = new SendTap(this);
    private GroupSender groupSender;
    private boolean closed;

    /** The stack's; programs get one from {@link UdpStack#bind}. */
    public UdpSocket(UdpStack stack, ShadowAddress shadow, ShadowOptions options, UdpEndpoint endpoint,
                     ShadowWatch watch, Reason kernelReason) {
        this.stack = stack;
        this.generation = new Generation(stack.generation());
        this.shadow = shadow;
        this.options = options;
        this.endpoint = endpoint;
        this.watch = watch;
        this.kernelReason = kernelReason;
        this.counters = endpoint == null ? new ChannelCounters() : endpoint.counters();
        this.local = shadow.local();
        this.source = sourceOf(shadow);
        this.device = shadow.kernel().device();
    }

    /** A socket that is bound to a group sends from an address of the interface, net/ipv4/af_inet.c __inet_bind. */
    private static IpAddress sourceOf(ShadowAddress shadow) {
        final IpAddress bound = shadow.bound().address();
        return bound.isMulticast() ? bound.wildcard() : bound;
    }

    /** Whether the shadow alone serves this socket. */
    public boolean isKernelOnly() {
        return endpoint == null;
    }

    /** Why, when {@link #isKernelOnly()}; else null. */
    public Reason kernelReason() {
        return kernelReason;
    }

    /** Null when {@link #isKernelOnly()}. */
    public UdpEndpoint endpoint() {
        return endpoint;
    }

    /** Null when {@link #isKernelOnly()}. */
    public ShadowWatch watch() {
        return watch;
    }

    public ChannelCounters counters() {
        return counters;
    }

    public ShadowAddress shadow() {
        return shadow;
    }

    /** What the shadow's options were when they were last read. */
    public ShadowOptions options() {
        return options;
    }

    public InetSocketAddress local() {
        return local;
    }

    /** The connected peer, or null. */
    public InetSocketAddress remote() {
        return remote;
    }

    /** Interface index that the kernel has bound it to, or 0. */
    public int device() {
        return device;
    }

    public UdpStack stack() {
        return stack;
    }

    // ---- sending: the holder of the write side

    /** Whether datagrams to addresses of this version can leave at all; if not, the shadow has the words for it. */
    public boolean canSendTo(IpAddress destination) {
        return destination.isIpv4() ? shadow.kernel().takesIpv4() : shadow.kernel().takesIpv6();
    }

    /** How datagrams to this address go now. */
    public Path resolve(IpAddress destination, int port) {
        return resolve(destination, port, PathWitness.NONE);
    }

    /** The same; the witness is told by what it was decided. */
    public Path resolve(IpAddress destination, int port, PathWitness witness) {
        return pathTo(destination, port, witness).towards(destination, port);
    }

    private Path pathTo(IpAddress destination, int port, PathWitness witness) {
        if (isKernelOnly()) {
            return stack.resolver().byKernel(kernelReason);
        }
        if (remote != null && watch.takeFailure()) {
            return stack.resolver().onceByKernel(Reason.KERNEL_ERROR);
        }
        final ShadowOptions.Sending now = options.sending(destination.version());
        final ShmVirtualInterface vi = endpoint.messages();
        final SendingSocket sender = new SendingSocket(source, shadow.port(), device, now.trafficClass(), now.mtuDiscovery(),
            vi == null ? null : vi.domain());
        final Asked asked = new Asked(witness);
        final Path path = destination.isMulticast()
            ? stack.groupResolver().resolve(generation, shadow.fd(), sender, destination, port, asked)
            : stack.resolver().resolve(sender, destination, port, asked);
        watch.bypassed(path.isFast());
        final Decision decision = Decision.of(destination, port, path, asked);
        final Decision before = decisions.note(decision);
        if (FlightEvents.on()) {
            PathEvents.tell(this, before, decision);
        }
        return path;
    }

    /** How datagrams to the last destinations went; none where the shadow alone serves this socket. Any thread. */
    public List<Decision> decisions() {
        return decisions.list();
    }

    /** The path of what no route is asked for, since the shadow refuses it. */
    public Path refused() {
        return stack.resolver().byKernel(isKernelOnly() ? kernelReason : Reason.NO_ROUTE);
    }

    /**
     * Sends on a fast path; the position moves when it was sent. A message that the receiver has no room for counts as sent, as a
     * datagram that finds a socket's buffer full.
     *
     * @param more whether others follow at once, so that a doorbell may wait for them; after the last one {@link #flush} is called
     * @return false: the kernel must take it, and {@link #sentByKernel} be told
     */
    public boolean send(Path path, ByteBuffer src, boolean more) {
        final int length = src.remaining();
        if (length > path.maxPayload()) {
            return leftToKernel(path);
        }
        if (path.fanOut() != null) {
            return groupSender().send(path, src) || leftToKernel(path);
        }
        if (path.ethernet() != null) {
            return path.ethernet().send(path, src, more) ? counted() : leftToKernel(path);
        }
        final ShmVirtualInterface vi = endpoint.messages();
        final long slot = MessageSlot.fill(vi, path.peer(), MessageHeader.BYTES, src, src.position(), length);
        push(vi, path, slot, length);
        src.position(src.limit());
        counters.fastSent++;
        return true;
    }

    /** As {@link #send(Path, ByteBuffer, boolean)}, one datagram from several buffers. */
    public boolean send(Path path, ByteBuffer[] srcs, int from, int count, int length, boolean more) {
        if (length > path.maxPayload()) {
            return leftToKernel(path);
        }
        if (path.fanOut() != null) {
            return groupSender().send(path, srcs, from, count, length) || leftToKernel(path);
        }
        if (path.ethernet() != null) {
            return path.ethernet().send(path, srcs, from, count, length, more) ? counted() : leftToKernel(path);
        }
        final ShmVirtualInterface vi = endpoint.messages();
        final long slot = MessageSlot.fill(vi, path.peer(), MessageHeader.BYTES, srcs, from, count, length);
        push(vi, path, slot, length);
        for (int i = from; i < from + count; i++) {
            srcs[i].position(srcs[i].limit());
        }
        counters.fastSent++;
        return true;
    }

    /** Ends what was sent on this path with more to come. */
    public static void flush(Path path) {
        if (path.ethernet() != null) {
            path.ethernet().flush();
        }
    }

    private void push(ShmVirtualInterface vi, Path path, long slot, int length) {
        final FrameTap tap = FrameTap.current();
        if (slot == VirtualInterface.NONE) {
            if (tap != null && !shown.misses(tap)) {
                shown.refused(tap, path, vi.refusal(), length);
            }
            return;
        }
        if (tap != null && !shown.misses(tap)) {
            shown.sent(tap, path, slot + MessageHeader.BYTES, length);
        }
        MessageHeader.write(slot, path.sourceHigh(), path.sourceLow(), path.sourceScopedPort());
        vi.txInit(slot, MessageHeader.BYTES + length, TxFlags.NONE);
        vi.txPush(false);
    }

    SendTap shown() {
        return shown;
    }

    private GroupSender groupSender() {
        if (groupSender == null) {
            groupSender = new GroupSender(this);
        }
        return groupSender;
    }

    private boolean counted() {
        counters.fastSent++;
        return true;
    }

    /** The doorbell of what was sent before may wait; the kernel's datagram would overtake it. */
    private static boolean leftToKernel(Path path) {
        if (path.ethernet() != null) {
            path.ethernet().settle();
        }
        return false;
    }

    /** The kernel got a copy of a datagram that goes on the fast path as well. */
    void copiedToKernel(Reason reason) {
        counters.kernelSent(reason);
        log.tell(this, reason);
    }

    /** A datagram of this path, and of this many bytes, went through the shadow. */
    public void sentByKernel(Path path, int length) {
        final Reason reason = kernelReason(path, length);
        final FrameTap tap = FrameTap.current();
        if (tap != null) {
            shown.byKernel(tap, path, reason, length);
        }
        counters.kernelSent(reason);
        log.tell(this, reason);
    }

    /** A datagram of this path, and of this many bytes, was the shadow's to send, which threw this; what a closed one throws is none. */
    public void refusedByKernel(Path path, int length, IOException answer) {
        if (answer instanceof ClosedChannelException) {
            return;
        }
        final Reason reason = kernelReason(path, length);
        counters.kernelRefused(reason);
        log.tell(this, reason);
    }

    private static Reason kernelReason(Path path, int length) {
        final Reason unsent = reasonOf(path, length);
        return unsent != null ? unsent : path.ethernet().isUsable() ? Reason.TX_RING_FULL : path.ethernet().failure();
    }

    /** Why the kernel gets a datagram of this path and of this many bytes, or a copy of it; null: it does not. */
    public static Reason reasonOf(Path path, int length) {
        if (path.reason() != null) {
            return path.reason();
        }
        if (length > path.maxPayload()) {
            return Reason.EXCEEDS_MTU;
        }
        return path.fanOut() != null && path.fanOut().isCopied() ? Reason.GROUP_SHARED : null;
    }

    // ---- receiving: the holder of the read side

    /** Why the kernel receives what could come on the fast path; null: it does not. Any thread. */
    public Reason receiveReason() {
        final Reason reason = isKernelOnly() ? kernelReason : whyByKernel();
        return reason == Reason.KERNEL_SENDER ? null : reason;
    }

    private Reason whyByKernel() {
        final Reason ofSteering = steeringReason;
        if (ofSteering != null && receiveReason != Reason.FOREIGN_SELECTOR) {
            return ofSteering;
        }
        return receiveReason == Reason.KERNEL_SENDER && hearsFormerPeerAlone ? Reason.FORMER_PEER : receiveReason;
    }

    /** A datagram came through the shadow. */
    public void receivedFromKernel() {
        final Reason reason = isKernelOnly() ? kernelReason : whyByKernel();
        counters.kernelReceived(reason);
        log.tell(this, reason);
    }

    /** Why the kernel receives what a named interface would bring, for its address or a group; null: it does not. Any thread. */
    public void steeringReason(Reason now) {
        steeringReason = now;
    }

    /** Whether other sockets are on its port, so that the kernel receives for it. */
    public void shared(boolean now) {
        if (receiveReason != Reason.FOREIGN_SELECTOR) {
            receiveReason = now ? Reason.SHARED_PORT : Reason.KERNEL_SENDER;
        }
    }

    /** Whether over IPv6 the kernel still has it hear the peer alone from which it was disconnected. The holder of both sides. */
    public void hearsFormerPeerAlone(boolean now) {
        hearsFormerPeerAlone = now;
    }

    /** Where the fast path may take datagrams for it, from its peer alone while it is connected; null: nowhere. */
    public BoundAddress heard() {
        return hearsFormerPeerAlone ? shadow.bound().withoutIpv6() : shadow.bound();
    }

    /** Has the kernel receive for this socket from now on; what is queued already is still received. Any thread. */
    public synchronized void leaveToKernel(Reason reason) {
        if (!isKernelOnly() && receiveReason != reason) {
            receiveReason = reason;
            leftToKernel = true;
            stack.leaveToKernel(this);
            log.tell(this, reason);
        }
    }

    // ---- changes: the holder of both sides

    /** The shadow has connected. @param now its local address since then */
    public void connect(InetSocketAddress now, InetSocketAddress peer) {
        local = now;
        remote = peer;
        hearsFormerPeerAlone = false;
        moved(IpAddress.of(now.getAddress()));
        if (!isKernelOnly()) {
            watch.watchErrors();
        }
        stack.connected(this, peer);
    }

    /** The shadow has disconnected. */
    public void disconnect(InetSocketAddress now) {
        local = now;
        remote = null;
        moved(sourceOf(shadow));
        if (!isKernelOnly()) {
            watch.ignoreErrors();
        }
        stack.disconnected(this);
    }

    /** An option of the shadow may have changed. Any thread; the shadow must be open. */
    public synchronized void readOptions() {
        if (closed) {
            return;
        }
        final ShadowOptions before = options;
        final ShadowOptions now = ShadowOptions.read(shadow.fd());
        options = now;
        if (isKernelOnly()) {
            return;
        }
        if (!now.ipv4().equals(before.ipv4()) || !now.ipv6().equals(before.ipv6())) {
            stack.generation().advance();
        }
        if (now.receiveBytes() != before.receiveBytes()) {
            endpoint.receiveBytes(now.receiveBytes());
        }
        if (now.mayShare() && !before.mayShare() && !leftToKernel) {
            stack.mayShare(this);
        }
    }

    private void moved(IpAddress to) {
        device = KernelSocket.of(shadow.fd()).device();
        source = to.on(device);
    }

    /** The shadow is about to join a group: what comes for it is not to be missed. Any thread. */
    public void joining(Membership membership) {
        if (!isKernelOnly()) {
            stack.joining(this, membership);
        }
    }

    /** All groups that the shadow is a member of now. Any thread. */
    public void memberships(Collection<Membership> now) {
        if (!isKernelOnly()) {
            stack.memberships(this, now);
        }
    }

    /** An option of the shadow has changed that decides how its datagrams to groups go. Any thread. */
    public void routingChanged() {
        generation.advance();
    }

    /** Frees the stack's side, before the shadow closes; both sides have left for good. Idempotent. */
    public synchronized void close() {
        if (!closed) {
            closed = true;
            try {
                stack.closed(this);
            } finally {
                shown.close();
                if (groupSender != null) {
                    groupSender.close();
                }
            }
        }
    }
}
