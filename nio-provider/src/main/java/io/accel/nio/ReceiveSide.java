package io.accel.nio;

import io.accel.core.memory.MemoryRegion;
import io.accel.udp.address.SourceCache;
import io.accel.udp.endpoint.ArrivalTime;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.socket.ShadowWatch;
import io.accel.udp.socket.UdpSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * What one receive does, whoever asks and however it waits: the fast path, then the shadow when there is reason to look. Belongs to
 * the holder of the channel's read lock; the shadow is non-blocking.
 */
final class ReceiveSide {
    /** Nothing was there. */
    static final int NONE = -1;

    private final DatagramChannel shadow;
    private final UdpSocket socket;
    private final UdpEndpoint endpoint;
    private final ShadowWatch watch;
    private final SourceCache sources = new SourceCache();
    private final ArrivalTime arrival = new ArrivalTime();
    private ByteBuffer scratch;

    ReceiveSide(DatagramChannel shadow, UdpSocket socket) {
        this.shadow = shadow;
        this.socket = socket;
        this.endpoint = socket.endpoint();
        this.watch = socket.watch();
    }

    /** Takes the next datagram into the buffer, which loses what does not fit; null: nothing there. */
    SocketAddress receive(ByteBuffer dst) throws IOException {
        if (watch.isKernelsTurn()) {
            final SocketAddress from = receiveFromShadow(dst);
            if (from != null) {
                return from;
            }
        }
        if (endpoint.next()) {
            return take(dst);
        }
        return watch.isWorthReading() ? receiveFromShadow(dst) : null;
    }

    /** As {@link #receive} over several buffers: bytes stored, or {@link #NONE}. */
    long read(ByteBuffer[] dsts, int from, int count) throws IOException {
        if (watch.isKernelsTurn()) {
            final long n = readFromShadow(dsts, from, count);
            if (n != NONE) {
                return n;
            }
        }
        if (endpoint.next()) {
            return take(dsts, from, count);
        }
        return watch.isWorthReading() ? readFromShadow(dsts, from, count) : NONE;
    }

    private SocketAddress take(ByteBuffer dst) {
        final SocketAddress from;
        try {
            copy(dst, 0, Math.min(endpoint.length(), dst.remaining()));
            from = sources.get(endpoint.sourceHigh(), endpoint.sourceLow(), endpoint.sourceScopedPort());
        } catch (final RuntimeException | Error e) {
            endpoint.keep();
            throw e;
        }
        arrival.set(endpoint.arrival());
        endpoint.consume();
        watch.receivedFast();
        return from;
    }

    private long take(ByteBuffer[] dsts, int from, int count) {
        final long n;
        try {
            n = scatter(dsts, from, count);
        } catch (final RuntimeException | Error e) {
            endpoint.keep();
            throw e;
        }
        arrival.set(endpoint.arrival());
        endpoint.consume();
        watch.receivedFast();
        return n;
    }

    /** When the NIC received the datagram that was taken last. */
    ArrivalTime arrival() {
        return arrival;
    }

    /** Whether a receive would find something on the fast path. */
    boolean hasPending() {
        return endpoint.hasPending();
    }

    private SocketAddress receiveFromShadow(ByteBuffer dst) throws IOException {
        final SocketAddress from = shadow.receive(dst);
        if (from == null) {
            watch.foundEmpty();
        } else {
            watch.receivedFromKernel();
            socket.receivedFromKernel();
            arrival.clear();
        }
        return from;
    }

    /** {@code DatagramChannel.receive} tells an empty datagram from none, {@code read} would not: the scatter goes by a peek. */
    private long readFromShadow(ByteBuffer[] dsts, int from, int count) throws IOException {
        final ByteBuffer whole = scratch();
        final SocketAddress sender = receiveFromShadow(whole);
        if (sender == null) {
            return NONE;
        }
        whole.flip();
        long n = 0;
        for (int i = from; i < from + count && whole.hasRemaining(); i++) {
            final int part = Math.min(whole.remaining(), dsts[i].remaining());
            dsts[i].put(dsts[i].position(), whole, whole.position(), part);
            dsts[i].position(dsts[i].position() + part);
            whole.position(whole.position() + part);
            n += part;
        }
        return n;
    }

    private ByteBuffer scratch() {
        if (scratch == null) {
            scratch = ByteBuffer.allocateDirect(UdpSocket.MAX_DATAGRAM);
        }
        return scratch.clear();
    }

    private long scatter(ByteBuffer[] dsts, int from, int count) {
        int done = 0;
        for (int i = from; i < from + count && done < endpoint.length(); i++) {
            final int part = Math.min(endpoint.length() - done, dsts[i].remaining());
            copy(dsts[i], done, part);
            done += part;
        }
        return done;
    }

    /** By buffer, not by address: a program's buffer may view memory whose arena is closed, and then this throws and all is as before. */
    private void copy(ByteBuffer dst, int start, int length) {
        final MemoryRegion region = endpoint.region();
        final int position = dst.position();
        dst.put(position, region.buffer(), endpoint.offset() + start, length);
        dst.position(position + length);
    }
}
