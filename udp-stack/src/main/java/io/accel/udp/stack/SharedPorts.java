package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.udp.route.BoundSocket;
import io.accel.udp.route.SocketInventory;
import io.accel.udp.socket.UdpSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sockets whose port others may bind too (SO_REUSEADDR, SO_REUSEPORT). The kernel decides which of several sockets gets a datagram (the
 * last that bound, or by a hash of the addresses), so one is steered to us only while nobody shares its port. A socket of this stack
 * is noticed when it binds, and by other stacks' senders through the message medium; anybody else's by asking every second.
 */
final class SharedPorts {
    private static final Logger LOGGER = System.getLogger("io.accel");

    /** What is done to a socket that gets its port for itself, or has to share it. */
    interface Steering {
        /** Has datagrams for the socket come to its endpoint. */
        void steer(UdpSocket socket);

        /** Has the kernel get them all. */
        void unsteer(UdpSocket socket);

        /** Tells senders whether the kernel must decide. */
        void announceShared(UdpSocket socket, boolean shared);
    }

    private final SocketInventory inventory;
    private final Steering steering;
    /** Whether each is alone on its port, as far as known; null: not yet known. */
    private final Map<UdpSocket, Boolean> alone = new LinkedHashMap<>();

    SharedPorts(Steering steering, SocketInventory inventory) {
        this.steering = steering;
        this.inventory = inventory;
    }

    /** Steers a socket now and for good when nobody can share its port, else while nobody does. */
    void admit(UdpSocket socket) {
        if (!socket.options().mayShare()) {
            steering.steer(socket);
            return;
        }
        synchronized (this) {
            alone.put(socket, null);
            checkPort(socket.shadow().port());
        }
    }

    /** A socket that had its port for itself allows others now. */
    synchronized void mayShare(UdpSocket socket) {
        alone.putIfAbsent(socket, true);
    }

    synchronized void remove(UdpSocket socket) {
        if (Boolean.FALSE.equals(alone.remove(socket))) {
            steering.announceShared(socket, false);
        }
    }

    /** Once a second. */
    synchronized void check() {
        final Map<Integer, List<BoundSocket>> ports = new HashMap<>();
        alone.keySet().forEach(socket -> check(socket, ports.computeIfAbsent(socket.shadow().port(), this::onPort)));
    }

    private void checkPort(int port) {
        final List<BoundSocket> sockets = onPort(port);
        alone.keySet().stream().filter(socket -> socket.shadow().port() == port).forEach(socket -> check(socket, sockets));
    }

    private void check(UdpSocket socket, List<BoundSocket> onPort) {
        final boolean now = onPort != null && onPort.stream().noneMatch(other -> mayTakeFrom(other, socket));
        final Boolean before = alone.replace(socket, now);
        if (before != null && before == now) {
            return;
        }
        if (now) {
            if (before != null) {
                steering.announceShared(socket, false);
            }
            steering.steer(socket);
        } else {
            steering.announceShared(socket, true);
            steering.unsteer(socket);
        }
        socket.shared(!now);
    }

    /** Whether the kernel would give another socket what we would take for this one, or the other way round. */
    private static boolean mayTakeFrom(BoundSocket other, UdpSocket socket) {
        return other.inode() != SocketInventory.inode(socket.shadow().fd()) && socket.shadow().bound().overlaps(other.bound());
    }

    /** Null: the kernel does not tell. */
    private List<BoundSocket> onPort(int port) {
        try {
            return inventory.onPort(port);
        } catch (final IOException e) {
            LOGGER.log(Level.WARNING, "{0}, so port {1,number,#} stays with the kernel: {2}", Reason.SHARED_PORT, port, e.getMessage());
            return null;
        }
    }
}
