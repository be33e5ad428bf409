package io.accel.samples;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** Messages of one fixed size over a non-blocking TCP connection, one under way at a time. */
final class Stream {
    private final SocketChannel channel;
    private final ByteBuffer in;
    private final ByteBuffer out;

    Stream(SocketChannel channel, int bytes) {
        this.channel = channel;
        in = ByteBuffer.allocateDirect(bytes);
        out = ByteBuffer.allocateDirect(bytes);
        out.limit(0);
    }

    /** The message that is complete when {@link #receive} says so; to be used until the next receive. */
    ByteBuffer message() {
        return in;
    }

    /** @return whether a whole message is there now */
    boolean receive() throws IOException {
        if (!in.hasRemaining()) {
            in.clear();
        }
        if (channel.read(in) < 0) {
            throw new EOFException("the other side closed the connection");
        }
        return !in.hasRemaining();
    }

    /** Starts sending the message just received. */
    void answer(SelectionKey key) throws IOException {
        out.clear();
        out.put(0, in, 0, in.capacity());
        send(key);
    }

    /** Starts sending a new message. */
    void start(SelectionKey key, long sequence) throws IOException {
        Message.write(out, sequence, 0, out.capacity());
        send(key);
    }

    /** Sends what is left, and asks for the write event only while something is. */
    void send(SelectionKey key) throws IOException {
        channel.write(out);
        key.interestOps(out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }
}
