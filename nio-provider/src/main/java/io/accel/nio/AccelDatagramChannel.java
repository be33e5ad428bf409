package io.accel.nio;

import io.accel.core.Reason;
import io.accel.udp.socket.Destinations;
import io.accel.udp.socket.JoinedGroups;
import io.accel.udp.socket.ShadowAddress;
import io.accel.udp.socket.UdpSocket;
import io.accel.udp.stack.UdpStack;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import sun.nio.ch.Net;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

/**
 * A DatagramChannel with two sockets: the JDK's channel (the shadow), which stays the authority for addresses, options, groups and
 * errors, and a {@link UdpSocket} on the user-space stack once it is bound. Whatever is unusual goes to the shadow and is answered
 * with its exceptions.
 *
 * <p>Locks as in the JDK's: one reader and one writer at once; {@code stateLock} is never held while blocking. The shadow is
 * non-blocking while a VI serves the channel; otherwise its mode is ours, and calls go straight to it.
 */
final class AccelDatagramChannel extends DatagramChannel implements SelChImpl, TimestampedChannel {
    private static final Set<SocketOption<?>> MULTICAST_OPTIONS = Set.of(StandardSocketOptions.IP_MULTICAST_IF,
        StandardSocketOptions.IP_MULTICAST_TTL, StandardSocketOptions.IP_MULTICAST_LOOP);
    /** What a read of an empty datagram returns: in the JDK's native code it looks like the end of a stream. */
    private static final int EMPTY = -1;

    private final UdpStack stack;
    private final DatagramChannel shadow;
    private final SelChImpl shadowImpl;
    /** The shadow's; named as the JDK's fields, which programs that set options by native calls read by reflection. */
    private final FileDescriptor fd;
    private final int fdVal;
    private final ProtocolFamily family;
    private final boolean interruptible;
    private final SideLock readLock = new SideLock();
    private final SideLock writeLock = new SideLock();
    private final Object stateLock = new Object();
    private final Memberships memberships;
    private final Abandoned resources;

    private volatile UdpSocket socket;
    private volatile ReceiveSide receiveSide;
    private volatile SendSide sendSide;
    private volatile InetSocketAddress remote;
    private volatile boolean closing;
    private volatile boolean sendBlocked;
    private volatile FastKey[] fastKeys = {};
    private DatagramSocket adaptor;
    private BlockedReader blockedReader;
    private TimedShadowReceive timedReceive;
    private volatile boolean foreignSelector;
    private boolean released;

    /** @param family of the shadow, INET6 being dual stack */
    AccelDatagramChannel(SelectorProvider provider, UdpStack stack, DatagramChannel shadow, ProtocolFamily family, boolean interruptible) {
        super(provider);
        this.stack = stack;
        this.shadow = shadow;
        this.shadowImpl = (SelChImpl) shadow;
        this.fd = shadowImpl.getFD();
        this.fdVal = shadowImpl.getFDVal();
        this.family = family;
        this.interruptible = interruptible;
        this.memberships = new Memberships(this, new JoinedGroups<>(stack));
        this.resources = Abandoned.watch(this);
    }

    /** The stack's side of this channel, or null while it is unbound. */
    UdpSocket udpSocket() {
        return socket;
    }

    DatagramChannel shadow() {
        return shadow;
    }

    // ---- receive

    @Override
    public SocketAddress receive(ByteBuffer dst) throws IOException {
        if (dst.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        readLock.lock();
        try {
            final ReceiveSide side = beginReceive();
            if (side == null) {
                return receiveByShadow(dst);
            }
            final SocketAddress from = side.receive(dst);
            return from != null || !isBlocking() ? from : receiveBlocking(side, dst, false, 0);
        } finally {
            leave(readLock);
        }
    }

    /**
     * What the adaptor's receive does: blocks in any case.
     *
     * @param timeoutNanos 0: for ever
     */
    SocketAddress blockingReceive(ByteBuffer dst, long timeoutNanos) throws IOException {
        readLock.lock();
        try {
            ensureOpenForState();
            if (!isBlocking()) {
                throw new IllegalBlockingModeException();
            }
            final ReceiveSide side = beginReceive();
            if (side == null) {
                return timeoutNanos == 0 ? receiveByShadow(dst) : timedReceiveByShadow(dst, timeoutNanos);
            }
            final SocketAddress from = side.receive(dst);
            return from != null ? from : receiveBlocking(side, dst, timeoutNanos > 0, System.nanoTime() + timeoutNanos);
        } finally {
            leave(readLock);
        }
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        Objects.requireNonNull(dst);
        readLock.lock();
        try {
            final ReceiveSide side = beginRead();
            if (dst.isReadOnly()) {
                throw new IllegalArgumentException("Read-only buffer");
            }
            if (side == null) {
                return readByShadow(dst);
            }
            if (!dst.hasRemaining()) {
                return 0;
            }
            final int start = dst.position();
            SocketAddress from = side.receive(dst);
            if (from == null && isBlocking()) {
                from = receiveBlocking(side, dst, false, 0);
            }
            final int n = dst.position() - start;
            return n == 0 && from != null ? EMPTY : n;
        } finally {
            leave(readLock);
        }
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, dsts.length);
        readLock.lock();
        try {
            final ReceiveSide side = beginRead();
            if (side == null) {
                return readByShadow(dsts, offset, length);
            }
            if (!hasRoom(dsts, offset, length)) {
                return 0;
            }
            long n = side.read(dsts, offset, length);
            while (n == ReceiveSide.NONE && isBlocking()) {
                awaitReadable(false, 0);
                n = side.read(dsts, offset, length);
            }
            return n == ReceiveSide.NONE ? 0 : n == 0 ? EMPTY : n;
        } finally {
            leave(readLock);
        }
    }

    private static boolean hasRoom(ByteBuffer[] dsts, int offset, int length) {
        boolean room = false;
        for (int i = offset; i < offset + length; i++) {
            if (dsts[i].isReadOnly()) {
                throw new IllegalArgumentException("Read-only buffer");
            }
            room |= dsts[i].hasRemaining();
        }
        return room;
    }

    private ReceiveSide beginRead() throws IOException {
        if (remote == null) {
            throw notConnected();
        }
        return beginReceive();
    }

    /** Checks what every receive does first; null: the shadow serves this channel. */
    private ReceiveSide beginReceive() throws IOException {
        ensureOpen();
        closeIfInterrupted();
        final ReceiveSide side = receiveSide;
        return side != null ? side : firstReceive();
    }

    private ReceiveSide firstReceive() throws IOException {
        if (socket == null) {
            bindImplicitly();
        }
        return receiveSide;
    }

    private SocketAddress receiveBlocking(ReceiveSide side, ByteBuffer dst, boolean timed, long deadlineNanos) throws IOException {
        SocketAddress from = null;
        while (from == null) {
            if (!awaitReadable(timed, deadlineNanos)) {
                throw new SocketTimeoutException("Receive timed out");
            }
            from = side.receive(dst);
        }
        return from;
    }

    /**
     * Sleeps until there may be something to receive; woken by close and, where the channel is interruptible, by interrupt.
     *
     * @return false: the time is up
     */
    private boolean awaitReadable(boolean timed, long deadlineNanos) throws IOException {
        if (!interruptible) {
            final boolean inTime = reader().await(timed, deadlineNanos);
            if (!isOpen()) {
                throw new AsynchronousCloseException();
            }
            return inTime;
        }
        try {
            begin();
            return reader().await(timed, deadlineNanos);
        } finally {
            // Throws when the channel was closed, and returns when it is open.
            end(false);
        }
    }

    private BlockedReader reader() throws IOException {
        synchronized (stateLock) {
            if (isOpen()) {
                if (blockedReader == null) {
                    blockedReader = new BlockedReader(socket);
                    resources.reader(blockedReader);
                }
                return blockedReader;
            }
        }
        throw closed();
    }

    private SocketAddress receiveByShadow(ByteBuffer dst) throws IOException {
        try {
            final SocketAddress from = shadow.receive(dst);
            if (from != null) {
                socket.receivedFromKernel();
            }
            return from;
        } catch (final ClosedByInterruptException e) {
            close();
            throw e;
        }
    }

    private SocketAddress timedReceiveByShadow(ByteBuffer dst, long timeoutNanos) throws IOException {
        if (timedReceive == null) {
            timedReceive = new TimedShadowReceive(shadow.socket());
        }
        try {
            final SocketAddress from = timedReceive.receive(dst, timeoutNanos);
            socket.receivedFromKernel();
            return from;
        } catch (final ClosedByInterruptException e) {
            close();
            throw e;
        }
    }

    private int readByShadow(ByteBuffer dst) throws IOException {
        try {
            final int n = shadow.read(dst);
            if (n != 0) {
                socket.receivedFromKernel();
            }
            return n;
        } catch (final ClosedByInterruptException e) {
            close();
            throw e;
        }
    }

    private long readByShadow(ByteBuffer[] dsts, int offset, int length) throws IOException {
        try {
            final long n = shadow.read(dsts, offset, length);
            if (n != 0) {
                socket.receivedFromKernel();
            }
            return n;
        } catch (final ClosedByInterruptException e) {
            close();
            throw e;
        }
    }

    @Override
    public boolean receiveTimestamp(ReceiveTimestamp into) {
        final ReceiveSide side = receiveSide;
        return into.set(side == null ? null : side.arrival());
    }

    // ---- send

    @Override
    public int send(ByteBuffer src, SocketAddress target) throws IOException {
        Objects.requireNonNull(src);
        writeLock.lock();
        try {
            return Destinations.isSendable(target) ? sendHeld(src, (InetSocketAddress) target) : sendUnusual(src, target);
        } finally {
            leave(writeLock);
        }
    }

    /** What the adaptor's send does: never in non-blocking mode. */
    void blockingSend(ByteBuffer src, SocketAddress target) throws IOException {
        writeLock.lock();
        try {
            ensureOpenForState();
            if (!isBlocking()) {
                throw new IllegalBlockingModeException();
            }
            if (Destinations.isSendable(target)) {
                sendHeld(src, (InetSocketAddress) target);
            } else {
                sendUnusual(src, target);
            }
        } finally {
            leave(writeLock);
        }
    }

    private int sendHeld(ByteBuffer src, InetSocketAddress target) throws IOException {
        if (isOfOtherFamily(target)) {
            // Told before anything else, and without binding the channel.
            throw new UnsupportedAddressTypeException();
        }
        final SendSide side = beginSend();
        return remote == null ? side.send(src, target) : sendConnected(side, src, target);
    }

    private boolean isOfOtherFamily(InetSocketAddress target) {
        return family == StandardProtocolFamily.INET && target.getAddress() instanceof Inet6Address;
    }

    private int sendConnected(SendSide side, ByteBuffer src, InetSocketAddress target) throws IOException {
        final InetSocketAddress peer = remote;
        if (!target.equals(peer)) {
            throw new AlreadyConnectedException();
        }
        return side.write(src, peer);
    }

    /** A target that cannot be sent to: the shadow says so, in its words and its order. */
    private int sendUnusual(ByteBuffer src, SocketAddress target) throws IOException {
        if (target instanceof InetSocketAddress isa && !isa.isUnresolved()) {
            beginSend();
        }
        return shadow.send(src, target);
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        Objects.requireNonNull(src);
        writeLock.lock();
        try {
            final InetSocketAddress peer = connectedPeer();
            return beginSend().write(src, peer);
        } finally {
            leave(writeLock);
        }
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, srcs.length);
        writeLock.lock();
        try {
            final InetSocketAddress peer = connectedPeer();
            return beginSend().write(srcs, offset, length, peer);
        } finally {
            leave(writeLock);
        }
    }

    private InetSocketAddress connectedPeer() throws IOException {
        final InetSocketAddress peer = remote;
        if (peer == null) {
            throw notConnected();
        }
        return peer;
    }

    /** Unless there is worse to tell. */
    private NotYetConnectedException notConnected() throws IOException {
        ensureOpen();
        closeIfInterrupted();
        return new NotYetConnectedException();
    }

    private SendSide beginSend() throws IOException {
        ensureOpen();
        closeIfInterrupted();
        if (sendSide == null) {
            bindImplicitly();
        }
        return sendSide;
    }

    // ---- checks and ends of every operation

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw closed();
        }
    }

    /**
     * What a closed channel says. Never under the state's lock: the JDK's channel that is asked takes the lock of the thread's interrupts,
     * and who interrupts the thread holds that while it closes the channel, for which it takes the state's.
     */
    private ClosedChannelException closed() {
        return isBlocking() ? ClosedChannel.inBlockingMode() : new ClosedChannelException();
    }

    private void ensureOpenForState() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    /** An operation of a blocking channel notices an interrupt even when it would not block. */
    private void closeIfInterrupted() throws IOException {
        if (Thread.currentThread().isInterrupted() && interruptible && isBlocking()) {
            closeByInterrupt();
        }
    }

    private void closeByInterrupt() throws IOException {
        try {
            begin();
        } finally {
            end(false);
        }
    }

    /** Unlocks; a close that could not finish because of the caller is finished by it. */
    private void leave(SideLock lock) {
        lock.unlock();
        if (closing) {
            finishClose(false);
        }
    }

    // ---- bind, connect

    @Override
    public DatagramChannel bind(SocketAddress local) throws IOException {
        readLock.lock();
        writeLock.lock();
        try {
            synchronized (stateLock) {
                ensureOpenForState();
                if (socket != null) {
                    throw new AlreadyBoundException();
                }
                shadow.bind(local);
                attach();
            }
        } finally {
            writeLock.unlock();
            leave(readLock);
        }
        return this;
    }

    /** Binds to the wildcard and an ephemeral port, as every operation on an unbound channel does. */
    private void bindImplicitly() throws IOException {
        synchronized (stateLock) {
            if (isOpen()) {
                bindIfUnbound();
                return;
            }
        }
        throw closed();
    }

    /** The caller holds the state's lock: a close that has begun waits for it, and gives back what is made here. */
    private void bindIfUnbound() throws IOException {
        if (socket == null) {
            if (shadow.getLocalAddress() == null) {
                shadow.bind(null);
            }
            attach();
        }
    }

    /** The shadow is bound: the stack gets the rest. */
    private void attach() throws IOException {
        final UdpSocket bound = stack.bind(new ShadowAddress(fdVal, (InetSocketAddress) shadow.getLocalAddress()));
        if (bound.isKernelOnly() && stack.isAccelerationRequired()) {
            bound.close();
            throw new SocketException("accel.require is set and this channel cannot be accelerated: " + bound.kernelReason() + ", "
                + bound.kernelReason().text() + "; " + bound.kernelReason().remedy());
        }
        if (bound.isKernelOnly()) {
            shadow.configureBlocking(isBlocking());
        } else {
            shadow.configureBlocking(false);
            receiveSide = new ReceiveSide(shadow, bound);
        }
        if (foreignSelector) {
            bound.leaveToKernel(Reason.FOREIGN_SELECTOR);
        }
        sendSide = new SendSide(this, bound);
        socket = bound;
        memberships.bound(bound);
        tellSelectors();
        resources.socket(bound);
    }

    @Override
    public DatagramChannel connect(SocketAddress to) throws IOException {
        return connect(to, true);
    }

    /** @param once whether a connected channel is refused, as the channel's own connect does and the adaptor's does not */
    DatagramChannel connect(SocketAddress to, boolean once) throws IOException {
        final InetSocketAddress peer = checkAddress(to);
        readLock.lock();
        writeLock.lock();
        try {
            synchronized (stateLock) {
                ensureOpenForState();
                if (remote != null) {
                    if (once) {
                        throw new AlreadyConnectedException();
                    }
                    shadow.disconnect();
                }
                if (peer.getPort() != 0) {
                    bindIfUnbound();
                }
                shadow.connect(peer);
                remote = (InetSocketAddress) shadow.getRemoteAddress();
                socket.connect((InetSocketAddress) shadow.getLocalAddress(), remote);
            }
        } finally {
            writeLock.unlock();
            leave(readLock);
        }
        return this;
    }

    private InetSocketAddress checkAddress(SocketAddress address) {
        final InetSocketAddress checked = Net.checkAddress(address);
        if (isOfOtherFamily(checked)) {
            throw new UnsupportedAddressTypeException();
        }
        return checked;
    }

    @Override
    public DatagramChannel disconnect() throws IOException {
        readLock.lock();
        writeLock.lock();
        try {
            synchronized (stateLock) {
                if (isOpen() && remote != null) {
                    shadow.disconnect();
                    remote = null;
                    socket.disconnect((InetSocketAddress) shadow.getLocalAddress());
                }
            }
        } finally {
            writeLock.unlock();
            leave(readLock);
        }
        return this;
    }

    @Override
    public boolean isConnected() {
        return remote != null && isOpen();
    }

    @Override
    public SocketAddress getRemoteAddress() throws IOException {
        ensureOpenForState();
        return remote;
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        ensureOpenForState();
        return shadow.getLocalAddress();
    }

    /** The peer, also after close: what the adaptor keeps telling. */
    InetSocketAddress lastRemote() {
        return remote;
    }

    @Override
    public DatagramSocket socket() {
        synchronized (stateLock) {
            if (adaptor == null) {
                adaptor = AccelDatagramSocket.create(this);
            }
            return adaptor;
        }
    }

    // ---- options and groups: the shadow's

    @Override
    public <T> DatagramChannel setOption(SocketOption<T> name, T value) throws IOException {
        answering().setOption(name, value);
        synchronized (stateLock) {
            // Before the bind it reads them all. A descriptor that is closing is not to be asked.
            if (socket != null && isOpen()) {
                socket.readOptions();
            }
        }
        if (MULTICAST_OPTIONS.contains(name)) {
            routingChanged();
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return answering().getOption(name);
    }

    /** Who answers for this channel, once its arguments are found to be right: the shadow of a closed one may still be open. */
    DatagramChannel answering() {
        return isOpen() ? shadow : ClosedChannel.of(family);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return shadow.supportedOptions();
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface on) throws IOException {
        return memberships.join(group, on);
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        return memberships.join(group, on, source);
    }

    /** An option of the shadow has been changed on another way than {@link #setOption}. */
    void routingChanged() {
        final UdpSocket bound = socket;
        if (bound != null) {
            bound.routingChanged();
        }
    }

    Memberships memberships() {
        return memberships;
    }

    // ---- mode and close

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        readLock.lock();
        writeLock.lock();
        try {
            synchronized (stateLock) {
                ensureOpenForState();
                if (receiveSide == null) {
                    shadow.configureBlocking(block);
                }
            }
        } finally {
            writeLock.unlock();
            leave(readLock);
        }
    }

    /** Wakes blocked threads, of which the last finishes the close; waits for the short operations of a non-blocking channel. */
    @Override
    protected void implCloseSelectableChannel() throws IOException {
        closing = true;
        memberships.invalidate();
        if (!isBlocking()) {
            finishClose(true);
            return;
        }
        synchronized (stateLock) {
            if (blockedReader != null) {
                blockedReader.wakeup();
            }
            if (receiveSide == null) {
                shadow.close();
            }
        }
        finishClose(false);
    }

    /**
     * Gives everything back, unless a selector still holds the channel (it calls {@link #kill}) or a thread is inside (it comes here
     * when it leaves).
     */
    private void finishClose(boolean wait) {
        boolean again = true;
        while (again && !isRegistered() && enter(readLock, wait)) {
            try {
                again = !releaseBesideReaders(wait);
            } finally {
                readLock.unlock();
            }
            // Who left the write side meanwhile found the read side taken, and went away.
            again &= writeLock.isFree();
        }
    }

    /** @return false: a writer is inside */
    private boolean releaseBesideReaders(boolean wait) {
        if (!enter(writeLock, wait)) {
            return false;
        }
        try {
            synchronized (stateLock) {
                release();
            }
        } finally {
            writeLock.unlock();
        }
        return true;
    }

    private static boolean enter(SideLock lock, boolean wait) {
        if (wait) {
            lock.lock();
            return true;
        }
        return lock.tryLockPatiently();
    }

    private void release() {
        if (!released && !isRegistered()) {
            released = true;
            resources.free();
        }
    }

    // ---- what selectors ask

    /**
     * Whether a receive would find something on the fast path; the kernel's part a selector learns from its epoll. True while somebody
     * is receiving: what that thread leaves behind nobody would tell of. Another selector that looks at the same time is no receiver.
     */
    boolean hasPending() {
        final ReceiveSide side = receiveSide;
        if (side == null) {
            return false;
        }
        if (!readLock.tryLockToLook()) {
            return true;
        }
        try {
            return isOpen() && side.hasPending();
        } finally {
            leave(readLock);
        }
    }

    /** A selector of ours watches this channel. */
    void addKey(FastKey key) {
        synchronized (stateLock) {
            fastKeys = Arrays.copyOf(fastKeys, fastKeys.length + 1);
            fastKeys[fastKeys.length - 1] = key;
        }
    }

    void removeKey(FastKey key) {
        synchronized (stateLock) {
            fastKeys = Arrays.stream(fastKeys).filter(k -> k != key).toArray(FastKey[]::new);
        }
    }

    private void tellSelectors() {
        for (final FastKey key : fastKeys) {
            key.changed();
        }
    }

    /** Whether the kernel had no room for the last datagram that went through it. */
    boolean isSendBlocked() {
        return sendBlocked;
    }

    /** The kernel had no room: selectors watch for it from now on. */
    void sendBlocked() {
        sendBlocked = true;
        tellSelectors();
    }

    void sendUnblocked() {
        sendBlocked = false;
    }

    @Override
    public void kill() {
        if (closing) {
            finishClose(true);
        }
    }

    @Override
    public FileDescriptor getFD() {
        return fd;
    }

    @Override
    public int getFDVal() {
        return fdVal;
    }

    /** Only selectors that are not ours ask this: they watch the shadow's descriptor, so the kernel must have everything from now on. */
    @Override
    public int translateInterestOps(int ops) {
        final UdpSocket bound = socket;
        if (bound != null) {
            bound.leaveToKernel(Reason.FOREIGN_SELECTOR);
        }
        foreignSelector = true;
        return shadowImpl.translateInterestOps(ops);
    }

    @Override
    public boolean translateAndUpdateReadyOps(int ops, SelectionKeyImpl key) {
        return translate(ops, key.nioReadyOps(), key);
    }

    @Override
    public boolean translateAndSetReadyOps(int ops, SelectionKeyImpl key) {
        return translate(ops, 0, key);
    }

    private static boolean translate(int ops, int initial, SelectionKeyImpl key) {
        final int interest = key.nioInterestOps();
        final int before = key.nioReadyOps();
        int ready = initial;
        if ((ops & Net.POLLNVAL) != 0) {
            return false;
        }
        if ((ops & (Net.POLLERR | Net.POLLHUP)) != 0) {
            ready = interest;
        } else {
            ready |= (ops & Net.POLLIN) != 0 ? interest & SelectionKey.OP_READ : 0;
            ready |= (ops & Net.POLLOUT) != 0 ? interest & SelectionKey.OP_WRITE : 0;
        }
        key.nioReadyOps(ready);
        return (ready & ~before) != 0;
    }
}
