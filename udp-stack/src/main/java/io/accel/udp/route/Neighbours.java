package io.accel.udp.route;

import java.io.IOException;
import java.net.InetAddress;

/** The kernel's neighbour table (ARP and ND), which alone resolves. Any thread. */
public final class Neighbours implements AutoCloseable {
    static final int STATE = 0;
    static final int MAC = 1;
    static final int IF_INDEX = 2;
    static final int FAMILY = 3;
    static final int ADDRESS = 4;
    static final int SLOTS = 6;

    private static final int REQUEST = 16;

    private final NetlinkSocket socket;

    private Neighbours() throws IOException {
        this.socket = new NetlinkSocket(RouteNatives.openRoute(), REQUEST + SLOTS * Long.BYTES, "neighbours");
    }

    public static Neighbours open() throws IOException {
        return new Neighbours();
    }

    /** The entry of a next hop on an interface; state NONE without one, or where the kernel refused to tell. */
    public Neighbour lookup(int ifIndex, InetAddress nextHop) {
        synchronized (socket) {
            final int fd = socket.fd();
            final long request = socket.memory();
            final long answer = request + REQUEST;
            NetlinkSocket.writeAddress(request, nextHop);
            final int error = RouteNatives.lookupNeighbour(fd, ifIndex, NetlinkSocket.family(nextHop), request, answer);
            return error < 0 ? Neighbour.ABSENT
                : new Neighbour(socket.slot(answer, MAC), NeighbourState.ofKernel((int) socket.slot(answer, STATE)));
        }
    }

    /**
     * Tells the kernel that the entry is in use (NTF_USE): it makes and resolves a missing one, and confirms a stale one, as if it had
     * sent a packet itself.
     *
     * @return 0, or negated errno: EPERM without CAP_NET_ADMIN, when a datagram sent through the kernel does the same
     */
    public int refresh(int ifIndex, InetAddress nextHop) {
        synchronized (socket) {
            final int fd = socket.fd();
            NetlinkSocket.writeAddress(socket.memory(), nextHop);
            return RouteNatives.useNeighbour(fd, ifIndex, NetlinkSocket.family(nextHop), socket.memory());
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
