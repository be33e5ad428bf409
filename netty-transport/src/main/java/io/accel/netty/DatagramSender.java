package io.accel.netty;

import io.accel.udp.path.Path;
import io.accel.udp.socket.Destinations;
import io.accel.udp.socket.UdpSocket;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NotYetConnectedException;

/**
 * What one write does: the fast path where the destination has one, else the shadow, which also refuses everything unusual with the
 * JDK's own exceptions. The loop's thread's.
 */
final class DatagramSender {
    private final DatagramChannel shadow;
    private final UdpSocket socket;
    private final Destinations destinations;

    DatagramSender(Shadow shadow, UdpSocket socket) {
        this.shadow = shadow.channel();
        this.socket = socket;
        this.destinations = new Destinations(socket);
    }

    /**
     * Sends the readable bytes as one datagram; the indices stay.
     *
     * @param to null: the connected peer
     * @return false: the kernel has no room now
     */
    boolean send(ByteBuf data, SocketAddress to) throws IOException {
        if (!data.isReadable()) {
            // As on the other transports of Netty: an empty datagram is not sent.
            return true;
        }
        final InetSocketAddress peer = socket.remote();
        if (peer == null && to == null) {
            throw new NotYetConnectedException();
        }
        if (peer != null && to != null && !to.equals(peer)) {
            throw new AlreadyConnectedException();
        }
        if (peer == null && !Destinations.isSendable(to)) {
            return shadow.send(whole(data), to) > 0;
        }
        final Path path = destinations.pathTo(peer == null ? (InetSocketAddress) to : peer);
        return path.isFast() && sendFast(path, data) || sendByKernel(path, data, peer == null ? to : null);
    }

    private boolean sendFast(Path path, ByteBuf data) {
        final int length = data.readableBytes();
        final int parts = data.nioBufferCount();
        if (parts == 1) {
            return socket.send(path, data.internalNioBuffer(data.readerIndex(), length));
        }
        if (parts > 1 && length <= UdpSocket.MAX_DATAGRAM) {
            final ByteBuffer[] buffers = data.nioBuffers(data.readerIndex(), length);
            return socket.send(path, buffers, 0, buffers.length, length);
        }
        return socket.send(path, whole(data));
    }

    private boolean sendByKernel(Path path, ByteBuf data, SocketAddress to) throws IOException {
        final ByteBuffer bytes = whole(data);
        final int length = bytes.remaining();
        final int sent = to == null ? shadow.write(bytes) : shadow.send(bytes, to);
        if (sent == 0) {
            return false;
        }
        socket.sentByKernel(path, length);
        return true;
    }

    private static ByteBuffer whole(ByteBuf data) {
        return data.nioBufferCount() == 1 ? data.internalNioBuffer(data.readerIndex(), data.readableBytes())
            : data.nioBuffer(data.readerIndex(), data.readableBytes());
    }
}
