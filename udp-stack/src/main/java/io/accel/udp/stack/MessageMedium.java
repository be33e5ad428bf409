package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.datapath.DatapathException;
import io.accel.core.shm.ShmDomain;
import io.accel.core.shm.ShmVirtualInterface;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.path.EndpointName;
import io.accel.udp.socket.UdpSocket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** The shm datapath as the stack uses it: opened for the first channel, or the reason why it could not be. */
final class MessageMedium {
    private static final Logger LOGGER = System.getLogger("io.accel");

    /** How to join the shared memory. */
    interface Opening {
        ShmDomain open(Configuration configuration) throws DatapathException;
    }

    private final Configuration configuration;
    private final Opening opening;
    /** By what name; null: by none at present. */
    private final Map<UdpSocket, String> published = new HashMap<>();
    private ShmDomain domain;
    private Reason reason;

    MessageMedium(Configuration configuration, Opening opening) {
        this.configuration = configuration;
        this.opening = opening;
        if (!InterfaceList.of(configuration).hasSharedMemory()) {
            reason = Reason.DISABLED;
        }
    }

    /** Null where it cannot be; then {@link #reason()} says why. */
    synchronized ShmDomain domain() {
        if (domain == null && reason == null) {
            try {
                domain = opening.open(configuration);
            } catch (final DatapathException e) {
                reason = e.reason();
                LOGGER.log(Level.WARNING, "shared memory is not used: {0}: {1}", e.reason(), e.getMessage());
            }
        }
        return domain;
    }

    synchronized boolean isOpen() {
        return domain != null;
    }

    /** Why a socket has no VI on it. */
    synchronized Reason reason() {
        return reason != null ? reason : Reason.DATAPATH_FAILED;
    }

    /** Why it is not open, or null where nobody has asked for it yet. */
    synchronized String reasonName() {
        return reason == null ? null : reason.name();
    }

    /** A VI for a socket, or null where there is no medium. @param receiveBytes SO_RCVBUF */
    ShmVirtualInterface openVi(int receiveBytes) {
        final ShmDomain medium = domain();
        if (medium == null) {
            return null;
        }
        try {
            final ShmVirtualInterface vi = medium.openVi(ShmDomain.DEFAULT_RING_BYTES);
            vi.receiveLimit(receiveBytes);
            return vi;
        } catch (final DatapathException e) {
            LOGGER.log(Level.WARNING, "a socket does without shared memory: {0}", e.getMessage());
            return null;
        }
    }

    /** Lets senders find a socket, under its peer's name alone while it is connected: others go by the kernel, which refuses them. */
    synchronized void publish(UdpSocket socket) {
        final ShmVirtualInterface vi = socket.endpoint().messages();
        if (vi == null || vi.isClosed()) {
            return;
        }
        try {
            final String name = name(socket);
            if (name != null) {
                vi.domain().publish(vi, name);
            }
            published.put(socket, name);
        } catch (final DatapathException e) {
            LOGGER.log(Level.WARNING, "a socket cannot be reached through shared memory: {0}", e.getMessage());
        }
    }

    synchronized void withdraw(UdpSocket socket) {
        final String name = published.remove(socket);
        if (name != null) {
            socket.endpoint().messages().domain().withdraw(socket.endpoint().messages(), name);
        }
    }

    /** The socket's peer has changed. */
    synchronized void connected(UdpSocket socket) {
        if (published.containsKey(socket)) {
            withdraw(socket);
            publish(socket);
        }
    }

    /** Has every sender leave the socket's port to the kernel, which alone knows who of those that share it gets what. */
    void announceShared(UdpSocket socket) {
        final ShmVirtualInterface vi = socket.endpoint().messages();
        if (vi == null || vi.isClosed()) {
            return;
        }
        try {
            domain().publish(vi, EndpointName.shared(socket.endpoint().localPort()));
        } catch (final DatapathException e) {
            LOGGER.log(Level.WARNING, "senders are not told that a port is shared, they find out within a second: {0}", e.getMessage());
        }
    }

    void withdrawShared(UdpSocket socket) {
        final ShmVirtualInterface vi = socket.endpoint().messages();
        if (vi != null) {
            domain().withdraw(vi, EndpointName.shared(socket.endpoint().localPort()));
        }
    }

    /** Null: nobody shall find it. */
    private static String name(UdpSocket socket) {
        final int port = socket.endpoint().localPort();
        final InetSocketAddress peer = socket.remote();
        if (peer == null) {
            final BoundAddress heard = socket.heard();
            return heard == null ? null : EndpointName.of(heard, port);
        }
        return EndpointName.connected(onDeviceOf(socket, socket.local()), port, onDeviceOf(socket, peer), peer.getPort());
    }

    private static IpAddress onDeviceOf(UdpSocket socket, InetSocketAddress address) {
        return IpAddress.of(address.getAddress()).on(socket.device());
    }

    void tick() {
        final ShmDomain medium;
        synchronized (this) {
            medium = domain;
        }
        if (medium != null) {
            medium.tick(System.nanoTime());
        }
    }

    /** Removes this process's files. Its mappings stay: threads may still be inside. */
    synchronized void leave() {
        if (domain != null) {
            domain.abandon();
        }
    }
}
