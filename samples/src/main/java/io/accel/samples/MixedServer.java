package io.accel.samples;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Iterator;

/** Echo for TCP and UDP on one port number, in one selector. One thread serves; the constructor binds. */
final class MixedServer implements AutoCloseable {
    private static final int BATCH = 32;
    /** After the first message, the server ends when nothing has come for so long. */
    private static final int LINGER_MILLIS = 2000;

    private final Selector selector;
    private final ServerSocketChannel listener;
    private final DatagramChannel datagrams;
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(Message.MAX_BYTES);
    private final int bytes;
    private long tcp;
    private long udp;

    MixedServer(InetSocketAddress local, int bytes) throws IOException {
        this.bytes = bytes;
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        datagrams = DatagramChannel.open();
        try {
            listener.bind(local).configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
            datagrams.bind(listener.getLocalAddress()).configureBlocking(false).register(selector, SelectionKey.OP_READ);
        } catch (final IOException e) {
            close();
            throw new IOException("cannot bind to " + Port.text(local) + ": " + e.getMessage(), e);
        }
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    String served() {
        return tcp + " TCP and " + udp + " UDP messages";
    }

    /** Serves until nothing comes any more. */
    void serve(long firstMillis) throws IOException {
        while (true) {
            final long before = tcp + udp;
            selector.select(before == 0 ? firstMillis : LINGER_MILLIS);
            final Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
            final boolean idle = !keys.hasNext();
            while (keys.hasNext()) {
                final SelectionKey key = keys.next();
                keys.remove();
                serve(key);
            }
            if (idle) {
                return;
            }
        }
    }

    private void serve(SelectionKey key) throws IOException {
        if (key.channel() == datagrams) {
            echoDatagrams();
        } else if (key.isAcceptable()) {
            final SocketChannel accepted = listener.accept();
            if (accepted != null) {
                accepted.setOption(StandardSocketOptions.TCP_NODELAY, true).configureBlocking(false)
                    .register(selector, SelectionKey.OP_READ, new Stream(accepted, bytes));
            }
        } else {
            serve(key, (Stream) key.attachment());
        }
    }

    private void serve(SelectionKey key, Stream stream) throws IOException {
        try {
            if (key.isWritable()) {
                stream.send(key);
            }
            if (key.isReadable() && stream.receive()) {
                stream.answer(key);
                tcp++;
            }
        } catch (final EOFException e) {
            key.channel().close();
        }
    }

    private void echoDatagrams() throws IOException {
        for (int i = 0; i < BATCH; i++) {
            datagram.clear();
            final SocketAddress sender = datagrams.receive(datagram);
            if (sender == null) {
                return;
            }
            datagram.flip();
            datagrams.send(datagram, sender);
            udp++;
        }
    }

    @Override
    public void close() throws IOException {
        for (final SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
        listener.close();
        datagrams.close();
    }
}
