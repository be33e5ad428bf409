package io.accel.nio;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

/**
 * A receive with a time limit on a channel that the kernel serves: only the shadow's adaptor can do that. Belongs to the holder of the
 * channel's read lock; the packet is private, as a program's may be locked by a thread that waits for that lock.
 */
final class TimedShadowReceive {
    private final DatagramSocket shadow;
    private DatagramPacket packet = new DatagramPacket(new byte[0], 0);
    private InetSocketAddress last;

    TimedShadowReceive(DatagramSocket shadow) {
        this.shadow = shadow;
    }

    /**
     * Receives one datagram into the buffer, which loses what does not fit.
     *
     * @throws java.net.SocketTimeoutException when the time is up
     * @throws ClosedChannelException when the shadow is closed, or is closed meanwhile
     */
    InetSocketAddress receive(ByteBuffer dst, long timeoutNanos) throws IOException {
        if (packet.getData().length < dst.remaining()) {
            packet = new DatagramPacket(new byte[dst.remaining()], dst.remaining());
        }
        packet.setLength(dst.remaining());
        try {
            shadow.setSoTimeout((int) Math.max(TimeUnit.NANOSECONDS.toMillis(timeoutNanos), 1));
            shadow.receive(packet);
        } catch (final SocketException e) {
            if (e.getCause() instanceof ClosedChannelException closed) {
                throw closed;
            }
            if (shadow.isClosed()) {
                throw new ClosedChannelException();
            }
            throw e;
        }
        dst.put(packet.getData(), 0, packet.getLength());
        return sender(packet.getAddress(), packet.getPort());
    }

    private InetSocketAddress sender(InetAddress address, int port) {
        if (last == null || last.getAddress() != address || last.getPort() != port) {
            last = new InetSocketAddress(address, port);
        }
        return last;
    }
}
