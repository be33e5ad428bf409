package io.accel.netty;

import io.accel.udp.socket.UdpSocket;
import io.accel.udp.stack.UdpStack;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.StringUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;

/**
 * Netty's DatagramChannel on the user-space stack, in an event loop of {@link AccelIoHandler}. As below java.nio it has two sockets: the
 * kernel's, its shadow, which stays the authority for addresses, options and errors, and one on the stack once it is bound. What comes
 * back from a read are datagrams of both; what cannot go fast goes through the shadow, with a reason that {@link ChannelPath} tells.
 */
public final class AccelDatagramChannel extends AbstractDatagramChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(true, 16);

    private final UdpStack stack;
    private final Shadow shadow;
    private final AccelDatagramChannelConfig config;
    private final Memberships memberships;
    private final List<DatagramPacket> burst = new ArrayList<>();

    private volatile UdpSocket socket;
    private volatile InetSocketAddress local;
    private volatile InetSocketAddress remote;
    private volatile IoRegistration registration;
    private DatagramReceiver receiver;
    private DatagramSender sender;
    private AccelIoOps ops = AccelIoOps.NONE;
    private boolean readPending;

    /** Of the system's default family, dual stack where there is IPv6. @throws UnsatisfiedLinkError when {@link Accel} is unavailable */
    public AccelDatagramChannel() {
        this(null);
    }

    /** @param family null: the system's default. @throws UnsatisfiedLinkError when {@link Accel} is unavailable */
    public AccelDatagramChannel(SocketProtocolFamily family) {
        Accel.ensureAvailability();
        stack = Accel.stack();
        shadow = Shadow.open(family);
        config = new AccelDatagramChannelConfig(this, shadow.channel());
        memberships = new Memberships(stack, shadow);
        stack.prepare();
    }

    /** The stack's side, or null while it is unbound. */
    UdpSocket udpSocket() {
        return socket;
    }

    // ---- state: any thread

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public DatagramChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return shadow.channel().isOpen();
    }

    @Override
    @SuppressWarnings("deprecation")
    public boolean isActive() {
        return isOpen() && (socket != null || isRegistered() && config.getOption(ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION));
    }

    @Override
    public boolean isConnected() {
        return remote != null && isOpen();
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    // ---- bind, connect, close: the loop's thread

    @Override
    protected void doBind(SocketAddress to) throws IOException {
        shadow.channel().bind(to);
        attach();
    }

    private void bindIfUnbound() throws IOException {
        if (socket == null) {
            doBind(null);
        }
    }

    /** The shadow is bound: the stack gets the rest. */
    private void attach() throws IOException {
        final UdpSocket bound = stack.bind(shadow.address());
        if (bound.isKernelOnly() && stack.isAccelerationRequired()) {
            bound.close();
            throw new SocketException("accel.require is set and this channel cannot be accelerated: " + bound.kernelReason() + ", "
                + bound.kernelReason().text() + "; " + bound.kernelReason().remedy());
        }
        receiver = new DatagramReceiver(shadow, bound);
        sender = new DatagramSender(shadow, bound);
        local = bound.local();
        socket = bound;
        lend(bound);
        attr(ChannelPath.KEY).set(new ChannelPath(this, bound));
        memberships.bound(bound);
        submit();
    }

    /** One at a time, so that the last to come takes the last value. */
    private synchronized void lend(UdpSocket bound) {
        if (!bound.isKernelOnly()) {
            bound.endpoint().lendUpTo(config.maxLentFrames());
        }
    }

    private void doConnect(SocketAddress to, SocketAddress from) throws IOException {
        boolean connected = false;
        try {
            if (from != null) {
                doBind(from);
            }
            if (to instanceof InetSocketAddress isa && !isa.isUnresolved() && isa.getPort() != 0) {
                bindIfUnbound();
            }
            shadow.channel().connect(to);
            final InetSocketAddress peer = (InetSocketAddress) shadow.channel().getRemoteAddress();
            socket.connect(shadow.local(), peer);
            local = socket.local();
            remote = peer;
            connected = true;
        } finally {
            if (!connected) {
                doClose();
            }
        }
    }

    @Override
    protected void doDisconnect() throws IOException {
        if (remote != null) {
            shadow.channel().disconnect();
            remote = null;
            socket.disconnect(shadow.local());
            local = socket.local();
        }
    }

    /** The loop lets go of it first, then the stack: the shadow's descriptor is in use until then. */
    @Override
    protected void doClose() throws IOException {
        doDeregister();
        memberships.close();
        final UdpSocket bound = socket;
        if (bound != null) {
            bound.close();
        }
        shadow.channel().close();
    }

    // ---- the loop

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isCompatible(DatagramUnsafe.class);
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        ((IoEventLoop) eventLoop()).register((DatagramUnsafe) unsafe()).addListener((Future<IoRegistration> made) -> {
            if (!made.isSuccess()) {
                promise.setFailure(made.cause());
                return;
            }
            registration = made.getNow();
            submit();
            promise.setSuccess();
        });
    }

    @Override
    protected void doDeregister() {
        final IoRegistration left = registration;
        if (left != null) {
            registration = null;
            left.cancel();
        }
    }

    /** What is wanted now, and that there is a socket on the stack, is the loop's to know. */
    private void submit() {
        final IoRegistration current = registration;
        if (current != null) {
            current.submit(ops);
        }
    }

    private void want(AccelIoOps wanted) {
        if (ops != wanted) {
            ops = wanted;
            submit();
        }
    }

    @Override
    protected void doBeginRead() {
        readPending = true;
        want(ops.with(AccelIoOps.READ));
    }

    /** Auto-read has been switched off. Any thread. */
    void clearReadPending() {
        if (isRegistered() && !eventLoop().inEventLoop()) {
            eventLoop().execute(this::stopReading);
        } else {
            stopReading();
        }
    }

    private void stopReading() {
        readPending = false;
        want(ops.without(AccelIoOps.READ));
    }

    // ---- write

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        if (message instanceof AddressedEnvelope<?, ?> envelope && envelope.content() instanceof ByteBuf) {
            if (envelope.recipient() instanceof InetSocketAddress to && to.isUnresolved()) {
                throw new UnresolvedAddressException();
            }
            return message;
        }
        throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(message)
            + " (expected: DatagramPacket, AddressedEnvelope<ByteBuf, SocketAddress>, ByteBuf)");
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) throws IOException {
        bindIfUnbound();
        try {
            for (int left = maxMessagesPerWrite(); left > 0 && !out.isEmpty(); left--) {
                try {
                    if (!send(out.current(), left > 1 && out.size() > 1)) {
                        break;
                    }
                    out.remove();
                } catch (final IOException | RuntimeException e) {
                    // The next one may go to another peer.
                    out.remove(e);
                }
            }
        } finally {
            sender.flush();
        }
        want(out.isEmpty() ? ops.without(AccelIoOps.WRITE) : ops.with(AccelIoOps.WRITE));
    }

    private boolean send(Object message, boolean more) throws IOException {
        if (message instanceof AddressedEnvelope<?, ?> envelope) {
            return sender.send((ByteBuf) envelope.content(), Segments.of(message), (SocketAddress) envelope.recipient(), more);
        }
        return sender.send((ByteBuf) message, 0, null, more);
    }

    // ---- options and groups

    /** How many frames the program may have. Any thread. */
    void lendingChanged() {
        final UdpSocket bound = socket;
        if (bound != null) {
            lend(bound);
        }
    }

    /** The shadow's options may have changed. Any thread. */
    void optionsChanged() {
        final UdpSocket bound = socket;
        if (bound != null && isOpen()) {
            bound.readOptions();
        }
    }

    /** An option of the shadow has changed that decides how datagrams to groups go. Any thread. */
    void groupOptionsChanged() {
        final UdpSocket bound = socket;
        if (bound != null) {
            bound.routingChanged();
        }
    }

    @Override
    void doJoin(InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        memberships.join(group, on, source);
    }

    @Override
    void doLeave(InetAddress group, NetworkInterface on, InetAddress source) {
        memberships.leave(group, on, source);
    }

    @Override
    void doBlock(InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        memberships.block(group, on, source);
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new DatagramUnsafe();
    }

    /** What the pipeline and the loop call. */
    private final class DatagramUnsafe extends AbstractUnsafe implements AccelIoHandle {
        @Override
        public int descriptor() {
            return shadow.fd();
        }

        @Override
        public UdpSocket udpSocket() {
            return socket;
        }

        @Override
        public void close() {
            close(voidPromise());
        }

        @Override
        public void connect(SocketAddress to, SocketAddress from, ChannelPromise promise) {
            if (!promise.setUncancellable() || !ensureOpen(promise)) {
                return;
            }
            final boolean wasActive = isActive();
            try {
                doConnect(to, from);
            } catch (final IOException | RuntimeException e) {
                promise.tryFailure(annotateConnectException(e, to));
                closeIfClosed();
                return;
            }
            promise.trySuccess();
            if (!wasActive && isActive()) {
                pipeline().fireChannelActive();
            }
        }

        /** Not while the kernel has no room: the loop tells when it has. */
        @Override
        protected void flush0() {
            if (!ops.contains(AccelIoOps.WRITE)) {
                super.flush0();
            }
        }

        @Override
        public void handle(IoRegistration from, IoEvent event) {
            final AccelIoOps ready = ((AccelIoEvent) event).ops();
            if (ops.contains(AccelIoOps.WRITE) && (ready.contains(AccelIoOps.WRITE) || ready.isFailure())) {
                super.flush0();
            }
            if (ops.contains(AccelIoOps.READ) && (ready.contains(AccelIoOps.READ) || ready.isFailure())) {
                read();
            }
        }

        /** A burst, as long as the program's allocator lets it be. */
        private void read() {
            final ExtendedHandle handle = (ExtendedHandle) recvBufAllocHandle();
            final ChannelPipeline pipeline = pipeline();
            handle.reset(config);
            Throwable failure = null;
            try {
                receiveBurst(handle);
            } catch (final IOException | RuntimeException | Error e) {
                failure = e;
            }
            // By index: an iterator would be garbage.
            for (int i = 0; i < burst.size(); i++) {
                readPending = false;
                pipeline.fireChannelRead(burst.get(i));
            }
            burst.clear();
            handle.readComplete();
            pipeline.fireChannelReadComplete();
            if (failure != null) {
                pipeline.fireExceptionCaught(failure);
                // A connected socket tells of unreachable ports in this way, and goes on.
                if (!(failure instanceof SocketException) && isOpen()) {
                    close(voidPromise());
                }
            }
            if (!readPending && !config.isAutoRead()) {
                stopReading();
            }
        }

        /** All before the first is handed out: a handler may close the channel, or move it to another loop. */
        private void receiveBurst(ExtendedHandle handle) throws IOException {
            boolean more = receiver != null;
            while (more) {
                final DatagramPacket packet = receiver.receive(config.getAllocator(), handle, local);
                if (packet == null) {
                    return;
                }
                burst.add(packet);
                handle.incMessagesRead(1);
                more = handle.continueReading(UncheckedBooleanSupplier.TRUE_SUPPLIER);
            }
        }
    }
}
