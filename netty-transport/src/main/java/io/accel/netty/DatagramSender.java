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
 * JDK's own exceptions. The doorbell of what went fast may wait until {@link #flush}. The loop's thread's.
 */
final class DatagramSender {
    private final DatagramChannel shadow;
    private final UdpSocket socket;
    private final Destinations destinations;
    /** Of the last datagram whose doorbell may wait, or null. */
    private Path unflushed;
    /** Bytes of the segmented message under way that have been sent: the kernel had no room for the rest. */
    private int sentOfMessage;

    DatagramSender(Shadow shadow, UdpSocket socket) {
        this.shadow = shadow.channel();
        this.socket = socket;
        this.destinations = new Destinations(socket);
    }

    /**
     * Sends the readable bytes as one datagram, or as several; the indices stay.
     *
     * @param segment bytes of each datagram but the last; 0: there is one
     * @param to      null: the connected peer
     * @param more    whether another message follows before {@link #flush}
     * @return false: the kernel has no room now; the same message is to be sent again
     */
    boolean send(ByteBuf data, int segment, SocketAddress to, boolean more) throws IOException {
        final int length = data.readableBytes();
        if (segment <= 0 || segment >= length) {
            return sendOne(data, data.readerIndex(), length, to, more);
        }
        int done = sentOfMessage;
        sentOfMessage = 0;
        while (done < length) {
            final int part = Math.min(segment, length - done);
            if (!sendOne(data, data.readerIndex() + done, part, to, more || done + part < length)) {
                sentOfMessage = done;
                return false;
            }
            done += part;
        }
        return true;
    }

    /** Rings the doorbell for what has been sent with more to come. */
    void flush() {
        final Path last = unflushed;
        if (last != null) {
            unflushed = null;
            UdpSocket.flush(last);
        }
    }

    private boolean sendOne(ByteBuf data, int index, int length, SocketAddress to, boolean more) throws IOException {
        if (length == 0) {
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
            return shadow.send(whole(data, index, length), to) > 0;
        }
        final Path path = destinations.pathTo(peer == null ? (InetSocketAddress) to : peer);
        return path.isFast() && sendFast(path, data, index, length, more)
            || sendByKernel(path, data, index, length, peer == null ? to : null);
    }

    private boolean sendFast(Path path, ByteBuf data, int index, int length, boolean more) {
        if (unflushed != null && unflushed.ethernet() != path.ethernet()) {
            flush();
        }
        final int parts = data.nioBufferCount();
        final boolean sent;
        if (parts > 1 && length <= UdpSocket.MAX_DATAGRAM) {
            final ByteBuffer[] buffers = data.nioBuffers(index, length);
            sent = socket.send(path, buffers, 0, buffers.length, length, more);
        } else {
            sent = socket.send(path, whole(data, index, length), more);
        }
        // What did not go left nothing behind that waits, and what went without more took all with it.
        unflushed = sent && more ? path : null;
        return sent;
    }

    private boolean sendByKernel(Path path, ByteBuf data, int index, int length, SocketAddress to) throws IOException {
        // It must not overtake.
        flush();
        final ByteBuffer bytes = whole(data, index, length);
        try {
            final int sent = to == null ? shadow.write(bytes) : shadow.send(bytes, to);
            if (sent == 0) {
                return false;
            }
            socket.sentByKernel(path, length);
            return true;
        } catch (final IOException e) {
            socket.refusedByKernel(path, length, e);
            throw e;
        }
    }

    private static ByteBuffer whole(ByteBuf data, int index, int length) {
        return data.nioBufferCount() == 1 ? data.internalNioBuffer(index, length) : data.nioBuffer(index, length);
    }
}
