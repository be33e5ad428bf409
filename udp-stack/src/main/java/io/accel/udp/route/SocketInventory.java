package io.accel.udp.route;

import io.accel.core.natives.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The UDP sockets that share a port with one of ours, from the kernel (sock_diag): never take a datagram from a socket that is not
 * ours. Needs no privilege. The kernel walks its whole UDP table for each call: ask once a second, not per datagram. Any thread.
 */
public final class SocketInventory implements AutoCloseable {
    private static final int INODE = 0;
    private static final int FAMILY = 1;
    private static final int V6ONLY = 2;
    private static final int REMOTE_PORT = 3;
    private static final int DEVICE = 4;
    private static final int USER = 5;
    private static final int LOCAL = 6;
    private static final int REMOTE = 8;
    private static final int SLOTS = 10;
    private static final int ATTEMPTS = 4;

    private final NetlinkSocket socket;

    private SocketInventory() throws IOException {
        this.socket = new NetlinkSocket(RouteNatives.openInventory(), 32 * SLOTS * Long.BYTES, "sockets");
    }

    public static SocketInventory open() throws IOException {
        return new SocketInventory();
    }

    /** Inode of a socket's descriptor, by which {@link BoundSocket#inode()} is recognised, or negated errno. */
    public static long inode(int fd) {
        return RouteNatives.socketInode(fd);
    }

    /** Every UDP socket whose local port this is. */
    public List<BoundSocket> onPort(int port) throws IOException {
        synchronized (socket) {
            int count = 0;
            for (int i = 0; i < ATTEMPTS; i++) {
                final int max = socket.bytes() / (SLOTS * Long.BYTES);
                count = RouteNatives.sockets(socket.fd(), port, socket.memory(), max);
                if (count >= 0 && count <= max) {
                    final List<BoundSocket> sockets = new ArrayList<>(count);
                    for (int k = 0; k < count; k++) {
                        sockets.add(read(socket.memory() + (long) k * SLOTS * Long.BYTES));
                    }
                    return sockets;
                }
                if (count > max) {
                    socket.reserve(2 * count * SLOTS * Long.BYTES);
                } else if (count != -Errno.EINTR) {
                    break;
                }
            }
            throw new IOException("the kernel did not tell the sockets on port " + port + ": "
                + (count < 0 ? Errno.text(count) : "they grow faster than they can be read"));
        }
    }

    private BoundSocket read(long record) {
        final int family = (int) socket.slot(record, FAMILY);
        return new BoundSocket(socket.slot(record, INODE), family == NetlinkSocket.AF_INET6, socket.slot(record, V6ONLY) != 0,
            socket.address(record, LOCAL, family), socket.address(record, REMOTE, family), (int) socket.slot(record, REMOTE_PORT),
            (int) socket.slot(record, DEVICE), (int) socket.slot(record, USER));
    }

    @Override
    public void close() {
        socket.close();
    }
}
