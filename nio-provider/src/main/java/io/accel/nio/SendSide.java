package io.accel.nio;

import io.accel.udp.address.IpAddress;
import io.accel.udp.path.Path;
import io.accel.udp.socket.UdpSocket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.agrona.collections.Object2ObjectHashMap;

/**
 * What one send does: the fast path where the destination has one, else the shadow, which also answers everything unusual with the
 * JDK's own exceptions. Belongs to the holder of the channel's write lock.
 */
final class SendSide {
    /** A destination that is not remembered costs a question to the kernel per datagram, some 40 µs. */
    private static final int MAX_TARGETS = 65_536;

    private final AccelDatagramChannel channel;
    private final DatagramChannel shadow;
    private final UdpSocket socket;
    private final Object2ObjectHashMap<InetSocketAddress, Target> targets = new Object2ObjectHashMap<>();
    private InetSocketAddress lastAddress;
    private Target lastTarget;

    SendSide(AccelDatagramChannel channel, UdpSocket socket) {
        this.channel = channel;
        this.shadow = channel.shadow();
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
    static boolean isSendable(SocketAddress to) {
        return to instanceof InetSocketAddress isa && isa.getPort() != 0 && !isa.isUnresolved();
    }

    /** Sends to an address that is {@link #isSendable}; bytes sent, 0 when the shadow could not queue it. */
    int send(ByteBuffer src, InetSocketAddress to) throws IOException {
        final Path path = pathTo(target(to));
        final int bytes = src.remaining();
        if (path.isFast() && socket.send(path, src)) {
            return bytes;
        }
        final int n = shadow.send(src, to);
        sentByKernel(path, n, bytes);
        return n;
    }

    /** Sends to the connected peer. */
    int write(ByteBuffer src, InetSocketAddress peer) throws IOException {
        final int bytes = src.remaining();
        if (bytes == 0) {
            return shadow.write(src);
        }
        final Path path = pathTo(target(peer));
        if (path.isFast() && socket.send(path, src)) {
            return bytes;
        }
        final int n = shadow.write(src);
        sentByKernel(path, n, bytes);
        return n;
    }

    /** Sends one datagram made of several buffers to the connected peer. */
    long write(ByteBuffer[] srcs, int from, int count, InetSocketAddress peer) throws IOException {
        long bytes = 0;
        for (int i = from; i < from + count; i++) {
            bytes += srcs[i].remaining();
        }
        if (bytes == 0 || bytes > UdpSocket.MAX_DATAGRAM || count > UdpSocket.MAX_BUFFERS) {
            return shadow.write(srcs, from, count);
        }
        final Path path = pathTo(target(peer));
        if (path.isFast() && socket.send(path, srcs, from, count, (int) bytes)) {
            return bytes;
        }
        final long n = shadow.write(srcs, from, count);
        sentByKernel(path, n, (int) bytes);
        return n;
    }

    private void sentByKernel(Path path, long sent, int bytes) {
        if (sent == 0 && bytes > 0) {
            channel.sendBlocked();
        } else {
            socket.sentByKernel(path, bytes);
        }
    }

    /** By identity first, as programs mostly send to one address object again and again. */
    private Target target(InetSocketAddress isa) {
        return isa == lastAddress ? lastTarget : find(isa);
    }

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

    private Path pathTo(Target target) {
        Path path = target.path;
        if (path == null || !path.isCurrent()) {
            path = target.port != 0 && socket.canSendTo(target.address) ? socket.resolve(target.address, target.port) : socket.refused();
            target.path = path;
        }
        return path;
    }
}
