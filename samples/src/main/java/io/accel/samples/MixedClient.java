package io.accel.samples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The load: connections and ports in one selector, each with one message under way. One thread. */
final class MixedClient implements AutoCloseable {
    private static final long RESEND_NANOS = 100_000_000;

    /** What one protocol achieved. */
    private static final class Progress {
        private long messages;
        private long last;
        private long longestGap;

        void advance(long now) {
            messages++;
            pause(now);
            last = now;
        }

        void pause(long now) {
            longestGap = Math.max(longestGap, now - last);
        }
    }

    /** A UDP port with the message it waits for. */
    private static final class Question {
        private final DatagramChannel channel;
        private long sequence;
        private long sentAt;

        Question(DatagramChannel channel) {
            this.channel = channel;
        }
    }

    private final Selector selector = Selector.open();
    private final List<Question> questions = new ArrayList<>();
    private final List<SelectionKey> streams = new ArrayList<>();
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(Message.MAX_BYTES);
    private final int bytes;
    private final Progress tcp = new Progress();
    private final Progress udp = new Progress();
    private long resent;
    private long corrupt;

    /** @param local where the UDP ports are bound; null for the wildcard */
    MixedClient(InetSocketAddress server, InetAddress local, int connections, int ports, int bytes) throws IOException {
        this.bytes = bytes;
        try {
            for (int i = 0; i < connections; i++) {
                final SocketChannel channel = SocketChannel.open(server);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true).configureBlocking(false);
                streams.add(channel.register(selector, SelectionKey.OP_READ, new Stream(channel, bytes)));
            }
            for (int i = 0; i < ports; i++) {
                final DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(local, 0)).connect(server);
                final Question question = new Question(channel);
                channel.configureBlocking(false).register(selector, SelectionKey.OP_READ, question);
                questions.add(question);
            }
        } catch (final IOException e) {
            close();
            throw new IOException("cannot connect to " + Port.text(server) + ": " + e.getMessage(), e);
        }
    }

    /** Keeps both protocols busy for so long. */
    void run(long nanos) throws IOException {
        final long start = System.nanoTime();
        tcp.last = start;
        udp.last = start;
        for (final SelectionKey key : streams) {
            ((Stream) key.attachment()).start(key, 0);
        }
        for (final Question question : questions) {
            ask(question, start);
        }
        long now = start;
        while (now - start < nanos) {
            selector.select(10);
            now = System.nanoTime();
            final Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
            while (keys.hasNext()) {
                final SelectionKey key = keys.next();
                keys.remove();
                if (key.attachment() instanceof Stream stream) {
                    continueStream(key, stream, now);
                } else {
                    takeAnswer((Question) key.attachment(), now);
                }
            }
            askAgain(now);
        }
        tcp.pause(now);
        udp.pause(now);
    }

    private void continueStream(SelectionKey key, Stream stream, long now) throws IOException {
        if (key.isWritable()) {
            stream.send(key);
        }
        if (key.isReadable() && stream.receive()) {
            if (!Message.isIntact(stream.message(), bytes, bytes)) {
                corrupt++;
            }
            tcp.advance(now);
            stream.start(key, Message.sequence(stream.message()) + 1);
        }
    }

    private void takeAnswer(Question question, long now) throws IOException {
        datagram.clear();
        final int length;
        try {
            length = question.channel.read(datagram);
        } catch (final PortUnreachableException e) {
            return;
        }
        if (length < Message.MIN_BYTES || Message.sequence(datagram) != question.sequence) {
            return;
        }
        if (!Message.isIntact(datagram, length, bytes)) {
            corrupt++;
        }
        udp.advance(now);
        question.sequence++;
        ask(question, now);
    }

    private void ask(Question question, long now) throws IOException {
        Message.write(datagram, question.sequence, 0, bytes);
        question.sentAt = now;
        try {
            question.channel.write(datagram);
        } catch (final PortUnreachableException e) {
            resent++;
        }
    }

    private void askAgain(long now) throws IOException {
        for (int i = 0; i < questions.size(); i++) {
            final Question question = questions.get(i);
            if (now - question.sentAt >= RESEND_NANOS) {
                resent++;
                ask(question, now);
            }
        }
    }

    /** Whether every protocol that was asked for made progress and nothing came back wrong. */
    boolean isSound() {
        return corrupt == 0 && (streams.isEmpty() || tcp.messages > 0) && (questions.isEmpty() || udp.messages > 0);
    }

    String report(long nanos, boolean json) {
        final long tcpRate = Math.round(tcp.messages * 1e9 / nanos);
        final long udpRate = Math.round(udp.messages * 1e9 / nanos);
        if (json) {
            return new Json().put("program", "MixedLoad").put("tcp_messages", tcp.messages).put("tcp_rate", tcpRate)
                .put("tcp_longest_gap_ns", tcp.longestGap).put("udp_messages", udp.messages).put("udp_rate", udpRate)
                .put("udp_longest_gap_ns", udp.longestGap).put("udp_resent", resent).put("corrupt", corrupt).toString();
        }
        return String.format("TCP: %d a second over %d connections, longest pause %.3f ms%n"
            + "UDP: %d a second over %d ports, longest pause %.3f ms, %d sent again%n%d corrupt", tcpRate, streams.size(),
            tcp.longestGap / 1e6, udpRate, questions.size(), udp.longestGap / 1e6, resent, corrupt);
    }

    @Override
    public void close() throws IOException {
        for (final SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
