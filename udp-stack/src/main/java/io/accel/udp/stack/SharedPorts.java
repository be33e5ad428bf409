package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.udp.route.BoundSocket;
import io.accel.udp.route.SocketInventory;
import io.accel.udp.socket.UdpSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sockets whose port others may bind too (SO_REUSEADDR, SO_REUSEPORT). The kernel decides which of several sockets gets a datagram, so
 * one is steered to us only while nobody else is on the port, and that is asked again every second.
 */
final class SharedPorts {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private final SocketInventory inventory;
    private final Map<UdpSocket, Admission> admissions = new LinkedHashMap<>();

    SharedPorts() throws IOException {
        inventory = SocketInventory.open();
    }

    private static final class Admission {
        private final Runnable steer;
        private final Runnable unsteer;
        private boolean steered;

        Admission(Runnable steer, Runnable unsteer) {
            this.steer = steer;
            this.unsteer = unsteer;
        }

        void set(boolean now) {
            if (now != steered) {
                steered = now;
                (now ? steer : unsteer).run();
            }
        }
    }

    /** Steers a socket now and for good when nobody can share its port, else while nobody does. */
    void admit(UdpSocket socket, Runnable steer, Runnable unsteer) {
        if (!socket.options().mayShare()) {
            steer.run();
            return;
        }
        final Admission admission = new Admission(steer, unsteer);
        synchronized (this) {
            admissions.put(socket, admission);
            check(socket, admission);
            socket.shared(!admission.steered);
        }
    }

    synchronized void remove(UdpSocket socket) {
        admissions.remove(socket);
    }

    /** Once a second. */
    synchronized void check() {
        admissions.forEach(this::check);
    }

    private void check(UdpSocket socket, Admission admission) {
        final boolean alone = isAlone(socket);
        if (alone != admission.steered) {
            admission.set(alone);
            socket.shared(!alone);
        }
    }

    private boolean isAlone(UdpSocket socket) {
        try {
            final long ours = SocketInventory.inode(socket.shadow().fd());
            final List<BoundSocket> others = inventory.onPort(socket.shadow().port());
            others.removeIf(other -> other.inode() == ours);
            return others.isEmpty();
        } catch (final IOException e) {
            LOGGER.log(Level.WARNING, "{0}, so it stays with the kernel: {1}", Reason.SHARED_PORT, e.getMessage());
            return false;
        }
    }
}
