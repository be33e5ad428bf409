package io.accel.core.testing;

import io.accel.core.check.CheckedVirtualInterface;
import io.accel.core.config.Configuration;
import io.accel.core.datapath.DatapathException;
import io.accel.core.memory.Memory;
import io.accel.core.natives.Posix;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterSpec;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.Receiver;
import io.accel.core.vi.VirtualInterface;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** Drives a VI, and kernel sockets beside it, in a JVM of its own in a namespace; see {@link Agent}. A datapath adds how to open one. */
public abstract class ViAgent {
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final int BATCH = 64;

    private final Properties options = new Properties();
    private final EventBatch events = new EventBatch(BATCH);
    private final Map<String, Filter> filters = new HashMap<>();
    private final Map<Integer, DatagramChannel> kernel = new HashMap<>();
    private final List<Kept> retained = new ArrayList<>();
    private VirtualInterface bare;
    private CheckedVirtualInterface vi;

    /** Answers standard input, line by line, to its end. */
    protected final void serve() throws IOException {
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answer(line.split(" ")));
        }
    }

    /** Opens one, not yet checked. */
    protected abstract VirtualInterface open(String ifName, Configuration configuration) throws DatapathException;

    private record Kept(Receiver by, long token, long address, int length) {
    }

    /** Frames that are not where they belong (receive side, send side), spare ones, retained ones. */
    protected abstract String frames();

    /** Native calls so far: to receive, to send. */
    protected abstract String calls();

    /** What only this datapath has. */
    protected abstract String other(String[] command);

    /** What is open. */
    protected final CheckedVirtualInterface vi() {
        return vi;
    }

    private String answer(String[] c) {
        try {
            return switch (c[0]) {
                case "option" -> option(c[1], c[2]);
                case "open" -> openChecked(c[1]);
                case "close" -> close();
                case "filter" -> filter(c);
                case "unfilter" -> unfilter(c[1]);
                case "poll" -> poll(Integer.parseInt(c[1]), false);
                case "retain" -> poll(Integer.parseInt(c[1]), true);
                case "give" -> give();
                case "kept" -> kept();
                case "home" -> home();
                case "idle" -> idle();
                case "send" -> send(Integer.parseInt(c[1]), Integer.parseInt(c[2]), HexFormat.of().parseHex(c[3]));
                case "postpone" -> postpone(Integer.parseInt(c[1]), HexFormat.of().parseHex(c[2]));
                case "flush" -> flush();
                case "undo" -> undo(Integer.parseInt(c[1]));
                case "frames" -> frames();
                case "calls" -> calls();
                case "capabilities" -> vi.capabilities().maxRetained() + " " + vi.capabilities().txChecksums() + " "
                    + vi.capabilities().timestamps();
                case "drops" -> bare.drops().toString();
                case "stamp" -> stamp();
                case "prime" -> Boolean.toString(vi.prime());
                case "readable" -> readable();
                case "wake" -> wake();
                case "cycle" -> cycle(c[1], Integer.parseInt(c[2]));
                case "bind" -> bind(Integer.parseInt(c[1]));
                case "receive" -> receive(Integer.parseInt(c[1]));
                case "listen" -> listen(Integer.parseInt(c[1]));
                case "connect" -> connect(c[1], Integer.parseInt(c[2]), c[3]);
                case "transmit" -> transmit(Integer.parseInt(c[1]), c[2], Integer.parseInt(c[3]), c[4], Integer.parseInt(c[5]));
                default -> other(c);
            };
        } catch (final DatapathException e) {
            return e.reason() + " " + e.getMessage();
        } catch (final FilterRefusedException e) {
            return e.reason() + " " + e.getMessage();
        } catch (final IOException | RuntimeException | AssertionError e) {
            return "failed " + e;
        }
    }

    private String option(String name, String value) {
        options.setProperty(name, value);
        return "ok";
    }

    private String openChecked(String ifName) throws DatapathException {
        bare = open(ifName, new Configuration(options::getProperty));
        vi = new CheckedVirtualInterface(bare);
        return "ok " + vi.capabilities().mode();
    }

    private String close() {
        vi.close();
        vi.close();
        return "ok " + bare.drops();
    }

    /** Whether the next frame has a timestamp, and how far from this host's clock it is in milliseconds. */
    private String stamp() {
        final long start = System.nanoTime();
        while (vi.poll(events, 1) == 0 && System.nanoTime() - start < PATIENCE_NANOS) {
            Thread.onSpinWait();
        }
        final String answer = events.count() == 0 ? "nothing"
            : events.clock(0) + " " + Math.abs(System.currentTimeMillis() - events.timestamp(0) / 1_000_000);
        vi.release(events);
        return answer;
    }

    private String filter(String[] c) throws IOException, FilterRefusedException {
        final InetAddress local = InetAddress.getByName(c[1]);
        final int port = Integer.parseInt(c[2]);
        final FilterSpec spec = c.length == 3 ? FilterSpec.udpLocal(local, port)
            : FilterSpec.udpFull(local, port, InetAddress.getByName(c[3]), Integer.parseInt(c[4]));
        filters.put(c[2], vi.addFilter(spec, FilterMode.STEAL));
        return "ok";
    }

    private String unfilter(String port) {
        final Filter filter = filters.remove(port);
        filter.close();
        filter.close();
        return "ok";
    }

    /** The frames in hex, as many as were asked for, or fewer when nothing comes for a while. */
    private String poll(int wanted, boolean retain) {
        final StringBuilder text = new StringBuilder();
        final long start = System.nanoTime();
        int got = 0;
        while (got < wanted && System.nanoTime() - start < PATIENCE_NANOS) {
            for (final Receiver each : vi.receivers()) {
                got += poll(each, Math.min(BATCH, wanted - got), retain, text);
            }
        }
        return text.toString();
    }

    private int poll(Receiver from, int limit, boolean retain, StringBuilder text) {
        final int n = limit == 0 ? 0 : from.poll(events, limit);
        for (int i = 0; i < n; i++) {
            text.append(text.isEmpty() ? "" : " ").append(told(i));
            if (retain) {
                events.retain(i);
                retained.add(new Kept(from, events.token(i), events.frame(i), events.length(i)));
            }
        }
        if (limit > 0) {
            from.release(events);
        }
        return n;
    }

    /** The frame in hex; with what is special of it before: another type and its detail, and whether a frame goes on. */
    private String told(int i) {
        final String frame = hex(events.frame(i), events.length(i));
        final String type = events.type(i) == EventType.RX ? "" : events.type(i) + "/" + events.detail(i) + ":";
        return type + frame + ((events.flags(i) & EventBatch.FLAG_CONT) != 0 ? "+" : "");
    }

    private static String hex(long at, int length) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = Memory.getByte(at + i);
        }
        return HexFormat.of().formatHex(bytes);
    }

    private String give() {
        final int n = retained.size();
        retained.forEach(each -> each.by().releaseRetained(each.token()));
        retained.clear();
        vi.poll(events, BATCH);
        vi.release(events);
        return "ok " + n;
    }

    /** The retained frames, as they are now. */
    private String kept() {
        return retained.stream().map(each -> hex(each.address(), each.length())).collect(Collectors.joining(" "));
    }

    /** Gives the retained frames back one by one, also when the VI is closed: after each, whether the memory is still there. */
    private String home() throws IOException {
        final List<String> there = new ArrayList<>();
        for (final Kept each : retained) {
            each.by().releaseRetained(each.token());
            there.add(Boolean.toString(isMapped(retained.get(0).address())));
        }
        retained.clear();
        return String.join(" ", there);
    }

    private static boolean isMapped(long address) throws IOException {
        for (final String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            final String[] range = line.substring(0, line.indexOf(' ')).split("-");
            if (Long.compareUnsigned(address, Long.parseUnsignedLong(range[0], 16)) >= 0
                && Long.compareUnsigned(address, Long.parseUnsignedLong(range[1], 16)) < 0) {
                return true;
            }
        }
        return false;
    }

    /** What is there now, and nothing more: the number of frames. */
    private String idle() {
        final int n = vi.poll(events, BATCH);
        vi.release(events);
        return Integer.toString(n);
    }

    /** Sends a frame so many times, in bursts, each pushed at once; what the last push answered. */
    private String send(int count, int burst, byte[] frame) {
        int pushed = 0;
        int sent = 0;
        final long start = System.nanoTime();
        while (sent < count && System.nanoTime() - start < PATIENCE_NANOS) {
            int claimed = 0;
            while (claimed < burst && sent + claimed < count && put(frame)) {
                claimed++;
            }
            pushed = vi.txPush(false);
            sent += claimed;
        }
        return sent + " " + pushed;
    }

    private boolean put(byte[] frame) {
        final long at = vi.txClaim(0, frame.length);
        if (at == VirtualInterface.NONE) {
            return false;
        }
        for (int i = 0; i < frame.length; i++) {
            Memory.putByte(at + i, frame[i]);
        }
        vi.txInit(at, frame.length, TxFlags.NONE);
        return true;
    }

    /** Pushes frames one by one, saying each time that more will come: what the pushes answered. */
    private String postpone(int count, byte[] frame) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            put(frame);
            text.append(i == 0 ? "" : " ").append(vi.txPush(true));
        }
        return text.toString();
    }

    private String flush() {
        vi.txFlush();
        return "ok";
    }

    /** Claims frames, inits every other one and forgets all. */
    private String undo(int count) {
        final int before = vi.txSpace();
        for (int i = 0; i < count; i++) {
            final long at = vi.txClaim(0, 60);
            if (i % 2 == 0) {
                vi.txInit(at, 60, TxFlags.NONE);
            }
        }
        vi.txUndo();
        return before + " " + vi.txSpace();
    }

    /** Whether the wake-up descriptor is readable, or becomes so soon. */
    private String readable() {
        final long record = Memory.allocateAligned(16, Long.BYTES);
        final int epoll = Posix.epollCreate();
        Posix.epollCtl(epoll, 1, vi.capabilities().wakeFd(), 1, 0);
        final int n = Posix.epollWait(epoll, record, 1, 200_000_000);
        Posix.close(epoll);
        Memory.freeAligned(record);
        return Integer.toString(n);
    }

    private String wake() {
        vi.wake();
        vi.wake();
        return vi.prime() + " " + vi.prime();
    }

    /** Opens and closes many times: descriptors and mappings before and after. */
    private String cycle(String ifName, int times) throws DatapathException, IOException {
        openChecked(ifName);
        vi.close();
        final String before = held();
        for (int i = 0; i < times; i++) {
            openChecked(ifName);
            vi.close();
        }
        return before + " " + held();
    }

    private static String held() throws IOException {
        final String[] fds = new File("/proc/self/fd").list();
        long buffers = 0;
        for (final String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            if (line.contains("bpf") || line.contains("[xsk]") || line.contains("socket:")) {
                buffers++;
            }
        }
        return (fds == null ? -1 : fds.length) + ":" + buffers;
    }

    private String bind(int port) throws IOException {
        final DatagramChannel channel = DatagramChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
        channel.bind(new InetSocketAddress(port)).configureBlocking(false);
        kernel.put(port, channel);
        return "ok";
    }

    /** The payload of the next datagram that a kernel socket has. */
    private String receive(int port) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocate(65536);
        final long start = System.nanoTime();
        while (System.nanoTime() - start < PATIENCE_NANOS) {
            if (kernel.get(port).receive(buffer) != null) {
                return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
            }
        }
        return "nothing";
    }

    /** Accepts one TCP connection and sends back what it reads. */
    private String listen(int port) throws IOException {
        final ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(port));
        final Thread thread = new Thread(() -> {
            try (server; SocketChannel peer = server.accept()) {
                final ByteBuffer buffer = ByteBuffer.allocate(1024);
                while (peer.read(buffer) >= 0) {
                    buffer.flip();
                    peer.write(buffer);
                    buffer.clear();
                }
            } catch (final IOException e) {
                // The peer finds no echo, and its assertion tells.
                System.err.println("listen " + port + ": " + e);
            }
        }, "listen " + port);
        thread.setDaemon(true);
        thread.start();
        return "ok";
    }

    private static String connect(String to, int port, String text) throws IOException {
        try (SocketChannel peer = SocketChannel.open(new InetSocketAddress(to, port))) {
            final byte[] sent = text.getBytes(StandardCharsets.UTF_8);
            peer.write(ByteBuffer.wrap(sent));
            final ByteBuffer answer = ByteBuffer.allocate(sent.length);
            while (answer.hasRemaining() && peer.read(answer) >= 0) {
                continue;
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }

    private String transmit(int port, String to, int toPort, String text, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            kernel.get(port).send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), new InetSocketAddress(to, toPort));
        }
        return "ok";
    }
}
