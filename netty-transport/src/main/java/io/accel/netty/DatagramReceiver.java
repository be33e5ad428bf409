package io.accel.netty;

import io.accel.udp.address.SourceCache;
import io.accel.udp.endpoint.LentFrame;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.socket.ShadowWatch;
import io.accel.udp.socket.UdpSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * What one read does: the fast path, then the shadow when there is reason to look. A datagram of the fast path stays in its frame where
 * that can be lent; any other is copied into a buffer of the program's allocator and loses what that has no room for. The loop's thread's.
 */
final class DatagramReceiver {
    private final Shadow shadow;
    private final UdpSocket socket;
    private final UdpEndpoint endpoint;
    private final ShadowWatch watch;
    private final SourceCache sources = new SourceCache();

    DatagramReceiver(Shadow shadow, UdpSocket socket) {
        this.shadow = shadow;
        this.socket = socket;
        this.endpoint = socket.endpoint();
        this.watch = socket.watch();
    }

    /** The next datagram, the caller's to release; null: nothing there. */
    DatagramPacket receive(ByteBufAllocator allocator, ExtendedHandle handle, InetSocketAddress local) throws IOException {
        if (endpoint == null) {
            return receiveFromShadow(allocator, handle, local);
        }
        if (watch.isKernelsTurn()) {
            final DatagramPacket packet = receiveFromShadow(allocator, handle, local);
            if (packet != null) {
                return packet;
            }
        }
        if (endpoint.next()) {
            return take(allocator, handle, local);
        }
        return watch.isWorthReading() ? receiveFromShadow(allocator, handle, local) : null;
    }

    private DatagramPacket take(ByteBufAllocator allocator, ExtendedHandle handle, InetSocketAddress local) {
        InetSocketAddress from = null;
        LentFrame frame = null;
        try {
            from = sources.get(endpoint.sourceHigh(), endpoint.sourceLow(), endpoint.sourceScopedPort());
            // What the program wants cut is cut as always.
            frame = endpoint.length() <= handle.guess() ? endpoint.take() : null;
        } catch (final RuntimeException | Error e) {
            endpoint.keep();
            throw e;
        }
        return frame == null ? copy(allocator, handle, local, from) : inFrame(frame, allocator, handle, local, from);
    }

    private DatagramPacket inFrame(LentFrame frame, ByteBufAllocator allocator, ExtendedHandle handle, InetSocketAddress local,
        InetSocketAddress from) {
        DatagramPacket packet = null;
        try {
            handle.attemptedBytesRead(handle.guess());
            handle.lastBytesRead(frame.length());
            packet = new DatagramPacket(FrameByteBuf.of(frame, allocator), local, from);
        } finally {
            if (packet == null) {
                frame.release();
            }
        }
        watch.receivedFast();
        return packet;
    }

    private DatagramPacket copy(ByteBufAllocator allocator, ExtendedHandle handle, InetSocketAddress local, InetSocketAddress from) {
        ByteBuf data = null;
        DatagramPacket packet = null;
        try {
            data = handle.allocate(allocator);
            final int room = data.writableBytes();
            final int length = Math.min(endpoint.length(), room);
            final ByteBuffer to = data.internalNioBuffer(data.writerIndex(), length);
            to.put(to.position(), endpoint.region().buffer(), endpoint.offset(), length);
            packet = packet(data, length, handle, room, local, from);
        } finally {
            if (packet == null) {
                endpoint.keep();
                release(data);
            }
        }
        endpoint.consume();
        watch.receivedFast();
        return packet;
    }

    private DatagramPacket receiveFromShadow(ByteBufAllocator allocator, ExtendedHandle handle, InetSocketAddress local)
        throws IOException {
        final ByteBuf data = handle.allocate(allocator);
        DatagramPacket packet = null;
        try {
            final int room = data.writableBytes();
            final ByteBuffer to = data.internalNioBuffer(data.writerIndex(), room);
            final int start = to.position();
            final InetSocketAddress from = (InetSocketAddress) shadow.channel().receive(to);
            if (from != null) {
                packet = packet(data, to.position() - start, handle, room, local, from);
            }
        } finally {
            if (packet == null) {
                release(data);
            }
        }
        tell(packet != null);
        return packet;
    }

    private void tell(boolean received) {
        if (received) {
            socket.receivedFromKernel();
        }
        if (endpoint != null) {
            if (received) {
                watch.receivedFromKernel();
            } else {
                watch.foundEmpty();
            }
        }
    }

    private static DatagramPacket packet(ByteBuf data, int length, ExtendedHandle handle, int room, InetSocketAddress local,
                                         InetSocketAddress from) {
        handle.attemptedBytesRead(room);
        handle.lastBytesRead(length);
        return new DatagramPacket(data.writerIndex(data.writerIndex() + length), local, from);
    }

    private static void release(ByteBuf data) {
        if (data != null) {
            data.release();
        }
    }
}
