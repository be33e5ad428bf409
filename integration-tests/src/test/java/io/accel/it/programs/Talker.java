package io.accel.it.programs;

import io.accel.nio.ReceiveTimestamp;
import io.accel.nio.TimestampedChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;

/**
 * A plain DatagramChannel that does what standard input says, one line in, one line out. Datagrams carry a pattern made of their length, so
 * that a receiver can tell whether they are intact.
 */
public final class Talker {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_600);
    private DatagramChannel channel;
    private Selector foreign;
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
            case "join" -> "joined " + channel.join(InetAddress.getByName(words[1]), NetworkInterface.getByName(words[2])).group();
            case "connect" -> "connected to " + channel.connect(address(words[1])).getRemoteAddress();
            case "disconnect" -> disconnect();
            case "foreign" -> foreign();
            case "guard" -> guard();
            case "send" -> "sent " + send(address(words[1]), Integer.parseInt(words[2]), words.length > 3 ? Integer.parseInt(words[3]) : 1);
            case "option" -> option(words[1], words.length > 2 ? words[2] : null);
            case "by" -> "sent " + sendBy(words[1], address(words[2]), Integer.parseInt(words[3]));
            case "burst" -> "sent " + burst(address(words[1]), words[2].split(","));
            case "lengths" -> lengths(Long.parseLong(words[1]), Integer.parseInt(words[2]));
            case "receive" -> receive(Long.parseLong(words[1]));
            case "reply" -> "sent " + send(last, Integer.parseInt(words[1]), 1);
            case "drain" -> drain(Long.parseLong(words[1]), words.length > 2 ? Long.parseLong(words[2]) : Long.MAX_VALUE);
            case "roundtrips" -> roundTrips(address(words[1]), Integer.parseInt(words[2]));
            case "record" -> record(Long.parseLong(words[1]));
            case "stamp" -> stamp();
            case "from" -> "from " + last;
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

    private String disconnect() throws IOException {
        channel.disconnect();
        return "disconnected";
    }

    /** Has a selector of the JDK's own watch the channel; needs sun.nio.ch exported. */
    private String foreign() throws IOException {
        try {
            final Class<?> ofJdk = Class.forName("sun.nio.ch.DefaultSelectorProvider");
            foreign = ((SelectorProvider) ofJdk.getMethod("get").invoke(null)).openSelector();
        } catch (final ReflectiveOperationException e) {
            throw new IOException("this JDK's own provider is not to be had", e);
        }
        channel.register(foreign, SelectionKey.OP_READ);
        foreign.selectNow();
        return "registered";
    }

    /** Sets a security manager that allows everything. */
    @SuppressWarnings("removal")
    private static String guard() {
        System.setSecurityManager(new SecurityManager() {
            @Override
            public void checkPermission(java.security.Permission permission) {
                // What matters is that there is one.
            }
        });
        return "guarded";
    }

    private int send(SocketAddress to, int bytes, int count) throws IOException {
        int sent = 0;
        for (int i = 0; i < count; i++) {
            fill(bytes);
            final int n = channel.isConnected() ? channel.write(buffer) : channel.send(buffer, to);
            sent += n == bytes && !buffer.hasRemaining() ? 1 : 0;
        }
        return sent;
    }

    /** {@code option NAME [VALUE]}, of those that the channel supports. */
    private String option(String name, String value) throws IOException {
        for (final SocketOption<?> each : channel.supportedOptions()) {
            if (each.name().equals(name)) {
                if (value != null) {
                    set(each, value);
                }
                return name + "=" + channel.getOption(each);
            }
        }
        return name + " is not supported";
    }

    @SuppressWarnings("unchecked")
    private void set(SocketOption<?> option, String value) throws IOException {
        if (option.type() == Boolean.class) {
            channel.setOption((SocketOption<Boolean>) option, Boolean.valueOf(value));
        } else {
            channel.setOption((SocketOption<Integer>) option, Integer.valueOf(value));
        }
    }

    /** One datagram by one of the ways that the API has; all but the first need a connected channel or a blocking one. */
    private int sendBy(String way, SocketAddress to, int bytes) throws IOException {
        fill(bytes);
        switch (way) {
            case "send" -> channel.send(buffer, to);
            case "write" -> channel.write(buffer);
            case "gather" -> channel.write(new ByteBuffer[] {buffer.slice(0, bytes / 2), buffer.slice(bytes / 2, bytes - bytes / 2)});
            default -> adaptorSend(to, bytes);
        }
        return 1;
    }

    private void adaptorSend(SocketAddress to, int bytes) throws IOException {
        final byte[] copy = new byte[bytes];
        buffer.get(copy);
        channel.configureBlocking(true);
        try {
            channel.socket().send(new DatagramPacket(copy, bytes, to));
        } finally {
            channel.configureBlocking(false);
        }
    }

    /** As fast as it goes, one of each length. */
    private int burst(SocketAddress to, String[] lengths) throws IOException {
        int sent = 0;
        for (final String length : lengths) {
            sent += send(to, Integer.parseInt(length), 1);
        }
        return sent;
    }

    /** Lengths of so many intact datagrams in the order in which they come. */
    private String lengths(long millis, int count) throws IOException {
        final StringJoiner lengths = new StringJoiner(",");
        final long start = System.nanoTime();
        for (int n = 0; n < count && System.nanoTime() - start < millis * 1_000_000;) {
            if (take()) {
                lengths.add(buffer.position() + (isIntact() ? "" : "!"));
                n++;
            }
        }
        return lengths.toString();
    }

    private void fill(int bytes) {
        buffer.clear().limit(bytes);
        for (int at = 0; at < bytes; at++) {
            buffer.put(at, pattern(bytes, at));
        }
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

    /** Everything that comes until nothing has for so long, whatever its order: who sent it, its length and its checksum. */
    private String record(long millis) throws IOException {
        final List<String> all = new ArrayList<>();
        for (long since = System.nanoTime(); System.nanoTime() - since < millis * 1_000_000;) {
            if (take()) {
                final CRC32 sum = new CRC32();
                sum.update(buffer.flip());
                all.add(last + " " + buffer.limit() + " " + Long.toHexString(sum.getValue()));
                since = System.nanoTime();
            } else {
                LockSupport.parkNanos(20_000);
            }
        }
        Collections.sort(all);
        return all.toString();
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

    /** The NIC's timestamp of what was received last: the state of its clock, and how many microseconds ago that was by ours. */
    private String stamp() {
        final ReceiveTimestamp stamp = new ReceiveTimestamp();
        if (!(channel instanceof TimestampedChannel stamped)) {
            return "no such channel";
        }
        if (!stamped.receiveTimestamp(stamp)) {
            return "no stamp";
        }
        return (stamp.isClockSet() ? "set " : "") + (stamp.isClockInSync() ? "in sync " : "")
            + ChronoUnit.MICROS.between(stamp.toInstant(), Instant.now());
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
