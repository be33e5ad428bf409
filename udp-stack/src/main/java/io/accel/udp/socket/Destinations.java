package io.accel.udp.socket;

import io.accel.udp.address.IpAddress;
import io.accel.udp.path.Path;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.agrona.collections.Object2ObjectHashMap;

/** The addresses that a socket sends to, each with the path that its datagrams take now. Belongs to the holder of the write side. */
public final class Destinations {
    /** A destination that is not remembered costs a question to the kernel per datagram, some 40 µs. */
    private static final int MAX_TARGETS = 65_536;

    private final UdpSocket socket;
    private final Object2ObjectHashMap<InetSocketAddress, Target> targets = new Object2ObjectHashMap<>();
    private InetSocketAddress lastAddress;
    private Target lastTarget;

    public Destinations(UdpSocket socket) {
        this.socket = socket;
    }

    /** An address that the program sends to, with what is known of it. */
    private static final class Target {
        private final InetAddress given;
        private final IpAddress address;
        private final int port;
        private Path path;

        Target(InetSocketAddress isa) {
            given = isa.getAddress();
            address = IpAddress.of(given);
            port = isa.getPort();
        }

        /** Whether it stands for an address that equals its own: the scope is no part of equality in the JDK. */
        boolean is(InetAddress equal) {
            return given == equal || !(equal instanceof Inet6Address six) || six.getScopeId() == ((Inet6Address) given).getScopeId();
        }
    }

    /** Whether a datagram can go to this address at all; if not, the shadow has the words for it. */
    public static boolean isSendable(SocketAddress to) {
        return to instanceof InetSocketAddress isa && isa.getPort() != 0 && !isa.isUnresolved();
    }

    /** How a datagram goes now. @param to the address of a peer, or one that {@link #isSendable} */
    public Path pathTo(InetSocketAddress to) {
        final Target target = to == lastAddress ? lastTarget : find(to);
        Path path = target.path;
        if (path == null || !path.isCurrent()) {
            path = target.port != 0 && socket.canSendTo(target.address) ? socket.resolve(target.address, target.port) : socket.refused();
            target.path = path;
        }
        return path;
    }

    /** After the look by identity: programs mostly send to one address object again and again. */
    private Target find(InetSocketAddress isa) {
        Target found = targets.get(isa);
        if (found == null || !found.is(isa.getAddress())) {
            if (targets.size() >= MAX_TARGETS) {
                targets.clear();
            }
            found = new Target(isa);
            targets.put(isa, found);
        }
        lastAddress = isa;
        lastTarget = found;
        return found;
    }
}
