package io.accel.it.programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** Plain DatagramChannels with names that do what standard input says, one line in, one line out: exceptions are answers. */
public final class Mesh {
    private final Map<String, DatagramChannel> channels = new TreeMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);

    private Mesh() {
    }

    public static void main(String[] args) throws IOException {
        final Mesh mesh = new Mesh();
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
            String answer;
            try {
                answer = mesh.answer(line.split(" "));
            } catch (final IOException e) {
                answer = e.toString();
            }
            System.out.println(answer);
        }
    }

    private String answer(String[] words) throws IOException {
        return switch (words[0]) {
            case "open" -> open(words[1], address(words[2]));
            case "connect" -> "connected as " + channels.get(words[1]).connect(address(words[2])).getLocalAddress();
            case "disconnect" -> "as " + channels.get(words[1]).disconnect().getLocalAddress();
            case "close" -> close(words[1]);
            case "send" -> send(channels.get(words[1]), address(words[2]), Integer.parseInt(words[3]));
            case "record" -> record(Long.parseLong(words[1]));
            default -> "what is " + words[0] + "?";
        };
    }

    private String open(String name, SocketAddress local) throws IOException {
        final DatagramChannel channel = DatagramChannel.open();
        channel.bind(local).configureBlocking(false);
        channels.put(name, channel);
        return "open";
    }

    private String close(String name) throws IOException {
        channels.remove(name).close();
        return "closed";
    }

    private String send(DatagramChannel channel, SocketAddress to, int bytes) throws IOException {
        buffer.clear().limit(bytes);
        return "sent " + (channel.isConnected() ? channel.write(buffer) : channel.send(buffer, to));
    }

    /** What comes to any channel until nothing has for so long, whatever its order: to whom, from whom, how long. */
    private String record(long millis) {
        final List<String> all = new ArrayList<>();
        for (long since = System.nanoTime(); System.nanoTime() - since < millis * 1_000_000;) {
            final int before = all.size();
            channels.forEach((name, channel) -> take(name, channel, all));
            if (all.size() > before) {
                since = System.nanoTime();
            } else {
                LockSupport.parkNanos(50_000);
            }
        }
        Collections.sort(all);
        return all.toString();
    }

    private void take(String name, DatagramChannel channel, List<String> all) {
        try {
            buffer.clear();
            final SocketAddress from = channel.receive(buffer);
            if (from != null) {
                all.add(name + "<-" + from + " " + buffer.position());
            }
        } catch (final IOException e) {
            all.add(name + "<-" + e);
        }
    }

    private static InetSocketAddress address(String text) {
        final int colon = text.lastIndexOf(':');
        final int port = Integer.parseInt(text.substring(colon + 1));
        return text.startsWith("*") ? new InetSocketAddress(port) : new InetSocketAddress(text.substring(0, colon), port);
    }
}
