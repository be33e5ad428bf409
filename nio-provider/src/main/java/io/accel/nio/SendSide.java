package io.accel.nio;

import io.accel.udp.path.Path;
import io.accel.udp.socket.Destinations;
import io.accel.udp.socket.UdpSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * What one send does: the fast path where the destination has one, else the shadow, which also answers everything unusual with the
 * JDK's own exceptions. Belongs to the holder of the channel's write lock.
 */
final class SendSide {
    private final AccelDatagramChannel channel;
    private final DatagramChannel shadow;
    private final UdpSocket socket;
    private final Destinations destinations;

    SendSide(AccelDatagramChannel channel, UdpSocket socket) {
        this.channel = channel;
        this.shadow = channel.shadow();
        this.socket = socket;
        this.destinations = new Destinations(socket);
    }

    /** Sends to an address that is {@link Destinations#isSendable}; bytes sent, 0 when the shadow could not queue it. */
    int send(ByteBuffer src, InetSocketAddress to) throws IOException {
        final Path path = destinations.pathTo(to);
        final int bytes = src.remaining();
        if (path.isFast() && socket.send(path, src, false)) {
            return bytes;
        }
        try {
            final int n = shadow.send(src, to);
            sentByKernel(path, n, bytes);
            return n;
        } catch (final IOException e) {
            throw refused(path, bytes, e);
        }
    }

    /** Sends to the connected peer. */
    int write(ByteBuffer src, InetSocketAddress peer) throws IOException {
        final int bytes = src.remaining();
        if (bytes == 0) {
            return shadow.write(src);
        }
        final Path path = destinations.pathTo(peer);
        if (path.isFast() && socket.send(path, src, false)) {
            return bytes;
        }
        try {
            final int n = shadow.write(src);
            sentByKernel(path, n, bytes);
            return n;
        } catch (final IOException e) {
            throw refused(path, bytes, e);
        }
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
        final Path path = destinations.pathTo(peer);
        if (path.isFast() && socket.send(path, srcs, from, count, (int) bytes, false)) {
            return bytes;
        }
        try {
            final long n = shadow.write(srcs, from, count);
            sentByKernel(path, n, (int) bytes);
            return n;
        } catch (final IOException e) {
            throw refused(path, (int) bytes, e);
        }
    }

    private void sentByKernel(Path path, long sent, int bytes) {
        if (sent == 0 && bytes > 0) {
            channel.sendBlocked();
        } else {
            socket.sentByKernel(path, bytes);
        }
    }

    private IOException refused(Path path, int bytes, IOException answer) {
        socket.refusedByKernel(path, bytes, answer);
        return answer;
    }
}
