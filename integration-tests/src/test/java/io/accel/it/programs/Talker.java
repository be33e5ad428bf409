package io.accel.it.programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * A plain DatagramChannel that does what standard input says, one line in, one line out. Datagrams carry a pattern made of their length, so
 * that a receiver can tell whether they are intact.
 */
public final class Talker {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
    private DatagramChannel channel;
    private SocketAddress last;
    private long received;
    private long damaged;

    private Talker() {
    }

    public static void main(String[] args) throws IOException {
        final Talker talker = new Talker();
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
            String answer;
            try {
                answer = talker.answer(line.split(" "));
            } catch (final IOException e) {
                answer = "error " + e;
            }
            System.out.println(answer);
        }
    }

    private String answer(String[] words) throws IOException {
        return switch (words[0]) {
            case "open" -> open(words);
            case "connect" -> "connected to " + channel.connect(address(words[1])).getRemoteAddress();
            case "send" -> "sent " + send(address(words[1]), Integer.parseInt(words[2]), words.length > 3 ? Integer.parseInt(words[3]) : 1);
            case "receive" -> receive(Long.parseLong(words[1]));
            case "reply" -> "sent " + send(last, Integer.parseInt(words[1]), 1);
            case "drain" -> drain(Long.parseLong(words[1]), words.length > 2 ? Long.parseLong(words[2]) : Long.MAX_VALUE);
            case "roundtrips" -> roundTrips(address(words[1]), Integer.parseInt(words[2]));
            case "close" -> close();
            default -> "what is " + words[0] + "?";
        };
    }

    /** {@code open HOST:PORT [reuse] [RCVBUF]} */
    private String open(String[] words) throws IOException {
        channel = DatagramChannel.open();
        for (int i = 2; i < words.length; i++) {
            if (words[i].equals("reuse")) {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            } else {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, Integer.parseInt(words[i]));
            }
        }
        channel.bind(address(words[1]));
        channel.configureBlocking(false);
        return "open";
    }

    private String close() throws IOException {
        channel.close();
        return "closed";
    }

    private int send(SocketAddress to, int bytes, int count) throws IOException {
        int sent = 0;
        for (int i = 0; i < count; i++) {
            buffer.clear().limit(bytes);
            for (int at = 0; at < bytes; at++) {
                buffer.put(at, pattern(bytes, at));
            }
            final int n = channel.isConnected() ? channel.write(buffer) : channel.send(buffer, to);
            sent += n == bytes && !buffer.hasRemaining() ? 1 : 0;
        }
        return sent;
    }

    private String receive(long millis) throws IOException {
        final long start = System.nanoTime();
        do {
            if (take()) {
                return buffer.position() + (isIntact() ? " bytes" : " damaged bytes");
            }
            LockSupport.parkNanos(20_000);
        } while (System.nanoTime() - start < millis * 1_000_000);
        return "nothing";
    }

    /** Receives until so many have come, or nothing for so long. */
    private String drain(long millis, long enough) throws IOException {
        received = 0;
        damaged = 0;
        long since = System.nanoTime();
        do {
            if (take()) {
                received++;
                damaged += isIntact() ? 0 : 1;
                since = System.nanoTime();
            }
        } while (received < enough && System.nanoTime() - since < millis * 1_000_000);
        return received + " received, " + damaged + " damaged";
    }

    /** One datagram after the other, each waited for 300 ms at most. */
    private String roundTrips(SocketAddress to, int count) throws IOException {
        int answered = 0;
        for (int i = 0; i < count; i++) {
            send(to, 100, 1);
            answered += receive(300).equals("100 bytes") ? 1 : 0;
        }
        return answered + " answered";
    }

    private boolean take() throws IOException {
        buffer.clear();
        final SocketAddress from = channel.receive(buffer);
        if (from != null) {
            last = from;
        }
        return from != null;
    }

    private boolean isIntact() {
        final int bytes = buffer.position();
        for (int at = 0; at < bytes; at++) {
            if (buffer.get(at) != pattern(bytes, at)) {
                return false;
            }
        }
        return true;
    }

    /** What {@code src/test/c/wire.c} sends as well. */
    private static byte pattern(int bytes, int at) {
        return (byte) (bytes * 7 + at * 31);
    }

    private static InetSocketAddress address(String text) {
        final int colon = text.lastIndexOf(':');
        final int port = Integer.parseInt(text.substring(colon + 1));
        return text.startsWith("*") ? new InetSocketAddress(port) : new InetSocketAddress(text.substring(0, colon), port);
    }
}
