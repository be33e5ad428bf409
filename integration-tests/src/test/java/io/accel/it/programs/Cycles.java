package io.accel.it.programs;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Opens and closes channels, each way of using one so many times, and says of each what it left: {@code Cycles LOCAL PEER COUNT},
 * where PEER is {@code address:port}, or {@code self} for another channel of this program.
 */
public final class Cycles implements AutoCloseable {
    private static final int SETTLE_MILLIS = 10_000;

    private final InetSocketAddress local;
    private final InetSocketAddress peer;
    private final DatagramChannel sink;
    private final Selector selector = Selector.open();
    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64);
    private volatile boolean started;
    private volatile Thread reader;

    private Cycles(InetAddress address, String to) throws IOException {
        local = new InetSocketAddress(address, 0);
        if (to.equals("self")) {
            sink = DatagramChannel.open().bind(local);
            sink.configureBlocking(false);
            peer = (InetSocketAddress) sink.getLocalAddress();
        } else {
            sink = null;
            final int colon = to.lastIndexOf(':');
            peer = new InetSocketAddress(InetAddress.getByName(to.substring(0, colon)), Integer.parseInt(to.substring(colon + 1)));
        }
    }

    private interface Way {
        void once() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        try (Cycles cycles = new Cycles(InetAddress.getByName(arguments[0]), arguments[1])) {
            final int count = Integer.parseInt(arguments[2]);
            boolean clean = true;
            for (final Map.Entry<String, Way> way : cycles.ways().entrySet()) {
                final String left = cycles.repeat(way.getValue(), count);
                System.out.println(way.getKey() + ": " + left);
                clean &= left.equals("nothing");
            }
            System.exit(clean ? 0 : 1);
        }
    }

    private Map<String, Way> ways() {
        final Map<String, Way> ways = new LinkedHashMap<>();
        ways.put("unbound", () -> DatagramChannel.open().close());
        ways.put("blocking", this::blocking);
        ways.put("non-blocking", this::nonBlocking);
        ways.put("registered", this::registered);
        ways.put("selector of its own", this::selectorOfItsOwn);
        ways.put("connected", this::connected);
        ways.put("joined", this::joined);
        ways.put("adaptor", this::adaptor);
        ways.put("closed during a select", this::closedDuringASelect);
        ways.put("closed under a reader", this::closedUnderAReader);
        ways.put("reader interrupted", this::readerInterrupted);
        return ways;
    }

    private String repeat(Way way, int count) throws Exception {
        for (int i = 0; i < count / 20 + 50; i++) {
            way.once();
        }
        final Held before = Held.now();
        for (int i = 0; i < count; i++) {
            way.once();
        }
        final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS);
        String more = Held.now().moreThan(before);
        while (!more.equals("nothing") && System.nanoTime() < deadline) {
            Thread.sleep(20);
            more = Held.now().moreThan(before);
        }
        return more;
    }

    private DatagramChannel bound() throws IOException {
        return DatagramChannel.open().bind(local);
    }

    private void exchange(DatagramChannel channel) throws IOException {
        channel.send(buffer.clear().limit(8), peer);
        if (sink != null) {
            drainSink();
            sink.send(buffer.clear().limit(8), channel.getLocalAddress());
        }
    }

    private void blocking() throws IOException {
        try (DatagramChannel channel = bound()) {
            exchange(channel);
            if (sink != null) {
                channel.receive(buffer.clear());
            }
        }
    }

    private void nonBlocking() throws IOException {
        try (DatagramChannel channel = bound()) {
            channel.configureBlocking(false);
            channel.receive(buffer.clear());
            exchange(channel);
        }
    }

    private void registered() throws IOException {
        try (DatagramChannel channel = bound()) {
            channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            exchange(channel);
            selector.selectNow();
            selector.selectedKeys().clear();
        }
        selector.selectNow();
    }

    private void selectorOfItsOwn() throws IOException {
        try (DatagramChannel channel = bound(); Selector own = Selector.open()) {
            channel.configureBlocking(false).register(own, SelectionKey.OP_READ);
            own.selectNow();
        }
    }

    private void connected() throws IOException {
        try (DatagramChannel channel = bound()) {
            channel.connect(peer);
            channel.write(buffer.clear().limit(8));
            channel.disconnect();
            exchange(channel);
        }
    }

    private void joined() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress(0))) {
            channel.join(InetAddress.getByName("239.1.2.3"), NetworkInterface.getByInetAddress(local.getAddress()));
            channel.send(buffer.clear().limit(8), peer);
        }
        drainSink();
    }

    private void drainSink() throws IOException {
        while (sink != null && sink.receive(buffer.clear()) != null) {
            continue;
        }
    }

    private void adaptor() throws IOException {
        try (DatagramChannel channel = bound()) {
            exchange(channel);
            if (sink != null) {
                channel.socket().setSoTimeout(1000);
                channel.socket().receive(new DatagramPacket(new byte[16], 16));
            }
        }
    }

    private void closedDuringASelect() throws Exception {
        final DatagramChannel channel = bound();
        channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        final Future<Integer> selecting = inWorker(() -> selector.select());
        channel.close();
        selector.wakeup();
        selecting.get();
        selector.selectNow();
    }

    private void closedUnderAReader() throws Exception {
        final DatagramChannel channel = bound();
        final Future<Integer> reading = inWorker(() -> receiveUntilClosed(channel));
        channel.close();
        reading.get();
    }

    private void readerInterrupted() throws Exception {
        final DatagramChannel channel = bound();
        reader = null;
        final Future<Integer> reading = inWorker(() -> {
            reader = Thread.currentThread();
            final int closed = receiveUntilClosed(channel);
            Thread.interrupted();
            return closed;
        });
        while (reader == null) {
            Thread.onSpinWait();
        }
        reader.interrupt();
        reading.get();
        if (channel.isOpen()) {
            throw new AssertionError("an interrupt must close the channel");
        }
    }

    private static int receiveUntilClosed(DatagramChannel channel) throws IOException {
        try {
            channel.receive(ByteBuffer.allocate(16));
            return 1;
        } catch (final ClosedChannelException e) {
            // Asynchronously, or before it began to read, which JDK 25 tells apart.
            return 0;
        }
    }

    /** Returns when the worker has been at it long enough to be blocked, most times. */
    private <T> Future<T> inWorker(Callable<T> work) {
        started = false;
        final Future<T> future = worker.submit(() -> {
            started = true;
            return work.call();
        });
        while (!started) {
            Thread.onSpinWait();
        }
        final long until = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(60);
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        return future;
    }

    @Override
    public void close() throws IOException {
        worker.shutdown();
        selector.close();
        if (sink != null) {
            sink.close();
        }
    }
}
