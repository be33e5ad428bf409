package io.accel.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.MembershipKey;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import sun.nio.ch.Util;

/**
 * The channel as a socket: what {@link AccelDatagramChannel#socket()} answers. Has no socket of its own, so every method of both
 * superclasses is overridden; exceptions and their texts are those of the JDK's adaptor.
 *
 * <p>Any number of threads. A packet's monitor is held while its bytes are copied and never while waiting for a datagram, and no lock is
 * held while waiting for a packet's monitor: a program may hold it around {@code receive}.
 */
final class AccelDatagramSocket extends MulticastSocket {
    /** Virtual threads (JDK 19) brought a receive that passes on the interrupt's exception as it is. */
    private static final boolean INTERRUPT_SHOWS = Runtime.version().feature() >= 19;

    private final AccelDatagramChannel channel;
    private final ReentrantLock ttlLock = new ReentrantLock();
    private final PeerAddresses targets = new PeerAddresses();
    private volatile int timeoutMillis;

    private AccelDatagramSocket(AccelDatagramChannel channel) throws IOException {
        super(JdkInternals.noDelegate());
        this.channel = channel;
    }

    static DatagramSocket create(AccelDatagramChannel channel) {
        try {
            return new AccelDatagramSocket(channel);
        } catch (final IOException e) {
            throw new UncheckedIOException("a socket without a delegate opens nothing", e);
        }
    }

    // ---- addresses

    @Override
    public void bind(SocketAddress local) throws SocketException {
        final SocketAddress wanted = local == null ? new InetSocketAddress(0) : inet(local);
        try {
            channel.bind(wanted);
        } catch (final IOException | RuntimeException e) {
            throw translated(e);
        }
    }

    @Override
    public void connect(InetAddress address, int port) {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        try {
            reconnect(new InetSocketAddress(address, port));
        } catch (final SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void connect(SocketAddress to) throws SocketException {
        if (to == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        reconnect(inet(to));
    }

    /** Connected or not; a closed socket stays as it is. */
    private void reconnect(InetSocketAddress to) throws SocketException {
        if (isClosed() && !to.isUnresolved()) {
            return;
        }
        try {
            channel.connect(to, false);
        } catch (final ClosedChannelException closed) {
            assert isClosed() : closed;
        } catch (final IOException | RuntimeException e) {
            throw translated(e);
        }
    }

    private static InetSocketAddress inet(SocketAddress address) {
        if (address instanceof InetSocketAddress isa) {
            return isa;
        }
        throw new UnsupportedAddressTypeException();
    }

    @Override
    public void disconnect() {
        try {
            channel.disconnect();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isBound() {
        return channel.udpSocket() != null;
    }

    @Override
    public boolean isConnected() {
        return channel.lastRemote() != null;
    }

    @Override
    public InetAddress getInetAddress() {
        final InetSocketAddress peer = channel.lastRemote();
        return peer == null ? null : peer.getAddress();
    }

    @Override
    public int getPort() {
        final InetSocketAddress peer = channel.lastRemote();
        return peer == null ? -1 : peer.getPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return channel.lastRemote();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        try {
            return channel.getLocalAddress();
        } catch (final ClosedChannelException closed) {
            return null;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public InetAddress getLocalAddress() {
        if (isClosed()) {
            return null;
        }
        final SocketAddress local = getLocalSocketAddress();
        return local == null ? new InetSocketAddress(0).getAddress() : ((InetSocketAddress) local).getAddress();
    }

    @Override
    public int getLocalPort() {
        if (isClosed()) {
            return -1;
        }
        final SocketAddress local = getLocalSocketAddress();
        return local == null ? 0 : ((InetSocketAddress) local).getPort();
    }

    // ---- datagrams

    @Override
    public void send(DatagramPacket packet) throws IOException {
        ByteBuffer bytes = null;
        try {
            final InetSocketAddress target;
            synchronized (packet) {
                bytes = Util.getTemporaryDirectBuffer(packet.getLength());
                bytes.put(packet.getData(), packet.getOffset(), packet.getLength()).flip();
                target = target(packet);
            }
            channel.blockingSend(bytes, target);
        } catch (final AlreadyConnectedException e) {
            throw new IllegalArgumentException("Connected and packet address differ");
        } catch (final ClosedChannelException e) {
            throw closed(e);
        } finally {
            if (bytes != null) {
                Util.releaseTemporaryDirectBuffer(bytes);
            }
        }
    }

    /** A packet without an address goes to the peer, and is told so. */
    private InetSocketAddress target(DatagramPacket packet) throws ClosedChannelException {
        final InetAddress address = packet.getAddress();
        final InetSocketAddress peer = channel.lastRemote();
        if (address != null) {
            return PeerAddresses.is(peer, address, packet.getPort()) ? peer : targets.get(address, packet.getPort());
        }
        if (peer == null) {
            throw noAddress();
        }
        packet.setSocketAddress(peer);
        return peer;
    }

    private IllegalArgumentException noAddress() throws ClosedChannelException {
        if (ClosedChannel.isLookedAtBeforeAPacket()) {
            if (isClosed()) {
                throw new ClosedChannelException();
            }
            if (!channel.isBlocking()) {
                throw new IllegalBlockingModeException();
            }
        }
        return new IllegalArgumentException("Address not set");
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        final ByteBuffer bytes = Util.getTemporaryDirectBuffer(JdkInternals.capacity(packet));
        try {
            final InetSocketAddress sender =
                (InetSocketAddress) channel.blockingReceive(bytes, TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
            bytes.flip();
            synchronized (packet) {
                final int length = Math.min(bytes.limit(), JdkInternals.capacity(packet));
                bytes.get(packet.getData(), packet.getOffset(), length);
                JdkInternals.setLength(packet, length);
                packet.setSocketAddress(sender);
            }
            targets.put(sender);
        } catch (final ClosedByInterruptException e) {
            throw INTERRUPT_SHOWS ? e : closed(e);
        } catch (final ClosedChannelException e) {
            throw closed(e);
        } finally {
            Util.releaseTemporaryDirectBuffer(bytes);
        }
    }

    @Override
    @Deprecated
    public void send(DatagramPacket packet, byte ttl) throws IOException {
        ttlLock.lock();
        try {
            final int before = getTimeToLive();
            try {
                setTimeToLive(Byte.toUnsignedInt(ttl));
                send(packet);
            } finally {
                setTimeToLive(before);
            }
        } finally {
            ttlLock.unlock();
        }
    }

    // ---- options

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        checkOpen();
        if (millis < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        timeoutMillis = millis;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        checkOpen();
        return timeoutMillis;
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid send size");
        }
        set(StandardSocketOptions.SO_SNDBUF, size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid receive size");
        }
        set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return get(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setBroadcast(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_BROADCAST, on);
    }

    @Override
    public boolean getBroadcast() throws SocketException {
        return get(StandardSocketOptions.SO_BROADCAST);
    }

    @Override
    public void setTrafficClass(int tc) throws SocketException {
        set(StandardSocketOptions.IP_TOS, tc);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return get(StandardSocketOptions.IP_TOS);
    }

    @Override
    public <T> DatagramSocket setOption(SocketOption<T> name, T value) throws IOException {
        channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    private <T> void set(SocketOption<T> name, T value) throws SocketException {
        try {
            channel.setOption(name, value);
        } catch (final IOException e) {
            throw translated(e);
        }
    }

    private <T> T get(SocketOption<T> name) throws SocketException {
        try {
            return channel.getOption(name);
        } catch (final IOException e) {
            throw translated(e);
        }
    }

    // ---- multicast

    @Override
    @Deprecated
    public void setTTL(byte ttl) throws IOException {
        setTimeToLive(Byte.toUnsignedInt(ttl));
    }

    @Override
    @Deprecated
    public byte getTTL() throws IOException {
        return (byte) getTimeToLive();
    }

    @Override
    public void setTimeToLive(int ttl) throws IOException {
        ttlLock.lock();
        try {
            set(StandardSocketOptions.IP_MULTICAST_TTL, ttl);
        } finally {
            ttlLock.unlock();
        }
    }

    @Override
    public int getTimeToLive() throws IOException {
        ttlLock.lock();
        try {
            return get(StandardSocketOptions.IP_MULTICAST_TTL);
        } finally {
            ttlLock.unlock();
        }
    }

    @Override
    @Deprecated
    public void joinGroup(InetAddress group) throws IOException {
        Objects.requireNonNull(group);
        try {
            joinGroup(new InetSocketAddress(group, 0), null);
        } catch (final IllegalArgumentException e) {
            throw because("joinGroup failed", e);
        }
    }

    @Override
    @Deprecated
    public void leaveGroup(InetAddress group) throws IOException {
        Objects.requireNonNull(group);
        try {
            leaveGroup(new InetSocketAddress(group, 0), null);
        } catch (final IllegalArgumentException e) {
            throw because("leaveGroup failed", e);
        }
    }

    @Override
    public void joinGroup(SocketAddress address, NetworkInterface on) throws IOException {
        final InetAddress group = group(address);
        final NetworkInterface interfaceToUse = on != null ? on : getNetworkInterface();
        checkOpen();
        synchronized (this) {
            if (channel.memberships().find(group, interfaceToUse) != null) {
                throw new SocketException("Already a member of group");
            }
            channel.join(group, interfaceToUse);
        }
    }

    @Override
    public void leaveGroup(SocketAddress address, NetworkInterface on) throws IOException {
        final InetAddress group = group(address);
        final NetworkInterface interfaceToUse = on != null ? on : getNetworkInterface();
        checkOpen();
        synchronized (this) {
            final MembershipKey key = channel.memberships().find(group, interfaceToUse);
            if (key != null) {
                key.drop();
            } else {
                // The shadow knows why it cannot be left: no member at all, or one of a single source only.
                shadow().leaveGroup(address, interfaceToUse);
            }
        }
    }

    private static InetAddress group(SocketAddress address) throws SocketException {
        if (!(address instanceof InetSocketAddress isa)) {
            throw new IllegalArgumentException("Unsupported address type");
        }
        if (isa.isUnresolved()) {
            throw new IllegalArgumentException("Unresolved address");
        }
        if (!isa.getAddress().isMulticastAddress()) {
            throw new SocketException("Not a multicast address");
        }
        return isa.getAddress();
    }

    /** The shadow's adaptor remembers which address of the interface was named; a closed channel refuses first, though it may be open. */
    @Override
    @Deprecated
    public void setInterface(InetAddress address) throws SocketException {
        if (address != null && NetworkInterface.getByInetAddress(address) != null) {
            get(StandardSocketOptions.IP_MULTICAST_IF);
        }
        shadow().setInterface(address);
        channel.routingChanged();
    }

    @Override
    @Deprecated
    public InetAddress getInterface() throws SocketException {
        get(StandardSocketOptions.IP_MULTICAST_IF);
        return shadow().getInterface();
    }

    @Override
    public void setNetworkInterface(NetworkInterface on) throws SocketException {
        set(StandardSocketOptions.IP_MULTICAST_IF, on);
    }

    /** Where none is set, the JDK's placeholder with index 0, which only its own adaptor can make. */
    @Override
    public NetworkInterface getNetworkInterface() throws SocketException {
        final NetworkInterface on = get(StandardSocketOptions.IP_MULTICAST_IF);
        return on != null ? on : shadow().getNetworkInterface();
    }

    @Override
    @Deprecated
    public void setLoopbackMode(boolean disable) throws SocketException {
        set(StandardSocketOptions.IP_MULTICAST_LOOP, !disable);
    }

    @Override
    @Deprecated
    public boolean getLoopbackMode() throws SocketException {
        return !get(StandardSocketOptions.IP_MULTICAST_LOOP);
    }

    /** The JDK's adaptor of the shadow. */
    private MulticastSocket shadow() {
        return (MulticastSocket) channel.shadow().socket();
    }

    // ---- close

    @Override
    public void close() {
        try {
            channel.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public DatagramChannel getChannel() {
        return channel;
    }

    // ---- exceptions

    private void checkOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
    }

    private static SocketException closed(ClosedChannelException cause) {
        return because("Socket closed", cause);
    }

    private static SocketException because(String text, Exception cause) {
        final SocketException e = new SocketException(text);
        e.initCause(cause);
        return e;
    }

    /** A channel's exception in a socket's words; a runtime exception that has none is thrown as it is. */
    private static SocketException translated(Exception e) {
        if (e instanceof SocketException already) {
            return already;
        }
        final String text = SocketWords.of(e);
        if (text == null && e instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        return because(text != null ? text : e.getMessage(), e);
    }
}
