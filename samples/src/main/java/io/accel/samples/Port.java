package io.accel.samples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;

/**
 * A DatagramChannel together with the way to wait for its datagrams. Unconnected, it remembers who sent last and can answer; connected, it
 * uses read and write. One thread.
 */
final class Port implements AutoCloseable {
    /** Empty polls between two looks at the clock. */
    static final int POLLS_PER_CLOCK = 1024;

    private final Mode mode;
    private final DatagramChannel channel;
    private final Selector selector;
    private boolean connected;
    private SocketAddress sender;
    private long refusals;

    private Port(Mode mode, DatagramChannel channel, Selector selector) {
        this.mode = mode;
        this.channel = channel;
        this.selector = selector;
    }

    /** @param receiveBuffer bytes for SO_RCVBUF, 0 for the system's default */
    static Port open(InetSocketAddress local, Mode mode, int receiveBuffer) throws IOException {
        final DatagramChannel channel = DatagramChannel.open();
        if (receiveBuffer > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
        }
        try {
            channel.bind(local);
        } catch (final IOException e) {
            channel.close();
            throw new IOException("cannot bind to " + text(local) + ": " + e.getMessage(), e);
        }
        Selector selector = null;
        if (mode != Mode.BLOCKING) {
            channel.configureBlocking(false);
        }
        if (mode == Mode.SELECT || mode == Mode.SPIN_SELECT) {
            selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
        }
        return new Port(mode, channel, selector);
    }

    /** An address as HOST:PORT. */
    static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            final String host = inet.getAddress() == null ? inet.getHostString() : inet.getAddress().getHostAddress();
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
        }
        return String.valueOf(address);
    }

    SocketAddress local() throws IOException {
        return channel.getLocalAddress();
    }

    /** Whom the last datagram came from; null before the first. */
    SocketAddress sender() {
        return sender;
    }

    void connect(SocketAddress remote) throws IOException {
        channel.connect(remote);
        connected = true;
        sender = remote;
    }

    /** How often the peer's host said that nobody listens at the port. */
    long refusals() {
        return refusals;
    }

    /**
     * Receives one datagram into the cleared buffer. While spinning the clock is read once in {@value #POLLS_PER_CLOCK} empty polls, so
     * that a datagram that comes soon costs no clock at all.
     *
     * @param nanos how long to wait; a blocking receive does not look at it
     * @return its length, or -1 when the time is over
     */
    int receive(ByteBuffer into, long nanos) throws IOException {
        into.clear();
        if (mode == Mode.SELECT) {
            return receiveSelecting(into, nanos);
        }
        long since = 0;
        int polls = 0;
        while (true) {
            if (mode == Mode.SPIN_SELECT && selector.selectNow() > 0) {
                selector.selectedKeys().clear();
            }
            if (poll(into)) {
                return into.position();
            }
            if (++polls == POLLS_PER_CLOCK) {
                final long now = System.nanoTime();
                if (since == 0) {
                    since = now;
                } else if (now - since >= nanos) {
                    return -1;
                }
                polls = 0;
            }
        }
    }

    private int receiveSelecting(ByteBuffer into, long nanos) throws IOException {
        long since = 0;
        while (!poll(into)) {
            if (since == 0) {
                since = System.nanoTime();
            }
            final long left = nanos - (System.nanoTime() - since);
            if (left <= 0) {
                return -1;
            }
            selector.select(Math.max(1, left / 1_000_000));
            selector.selectedKeys().clear();
        }
        return into.position();
    }

    /** Receives what is there, without waiting unless the mode is blocking. An empty connected datagram counts as nothing. */
    boolean poll(ByteBuffer into) throws IOException {
        if (connected) {
            try {
                return channel.read(into) > 0;
            } catch (final PortUnreachableException e) {
                refusals++;
                return false;
            }
        }
        final SocketAddress from = channel.receive(into);
        if (from == null) {
            return false;
        }
        sender = from;
        return true;
    }

    /**
     * Sends the buffer's remaining bytes to the connected peer or the given one.
     *
     * @return false if the send buffer is full; the buffer is then untouched
     */
    boolean send(ByteBuffer message, SocketAddress to) throws IOException {
        final int bytes = message.remaining();
        if (!connected) {
            return channel.send(message, to) == bytes;
        }
        try {
            return channel.write(message) == bytes;
        } catch (final PortUnreachableException e) {
            refusals++;
            return false;
        }
    }

    /**
     * Sends HELLO until the peer answers, so that the two may be started in any order.
     *
     * @return whether it answered in time
     */
    boolean greet(SocketAddress peer, ByteBuffer scratch, int bytes, long nanos) throws IOException {
        final long deadline = System.nanoTime() + nanos;
        channel.configureBlocking(false);
        boolean answered = false;
        while (!answered && System.nanoTime() - deadline < 0) {
            Message.write(scratch, Message.HELLO, 0, bytes);
            send(scratch, peer);
            final long again = Math.min(deadline, System.nanoTime() + 50_000_000);
            while (!answered && System.nanoTime() - again < 0) {
                scratch.clear();
                answered = poll(scratch) && Message.sequence(scratch) == Message.HELLO;
                if (!answered) {
                    LockSupport.parkNanos(100_000);
                }
            }
        }
        if (mode == Mode.BLOCKING) {
            channel.configureBlocking(true);
        }
        return answered;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        if (selector != null) {
            selector.close();
        }
        channel.close();
    }
}
