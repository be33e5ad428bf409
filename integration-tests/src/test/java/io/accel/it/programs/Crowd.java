package io.accel.it.programs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Many threads on what may be one VI, talking to an echo: {@code Crowd LOCAL PEER:PORT THREADS COUNT}. So many channels with a reader and a
 * writer of their own each; as many in which a reader blocks and nothing ever comes; and one thread that polls four more channels.
 */
public final class Crowd {
    /** On the way at once, for each channel. */
    private static final int WINDOW = 8;
    private static final int POLLED = 4;

    private final InetAddress local;
    private final SocketAddress peer;
    private final int count;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private Crowd(InetAddress local, SocketAddress peer, int count) {
        this.local = local;
        this.peer = peer;
        this.count = count;
    }

    public static void main(String[] arguments) throws Exception {
        final int colon = arguments[1].lastIndexOf(':');
        final InetSocketAddress peer = new InetSocketAddress(InetAddress.getByName(arguments[1].substring(0, colon)),
            Integer.parseInt(arguments[1].substring(colon + 1)));
        new Crowd(InetAddress.getByName(arguments[0]), peer, Integer.parseInt(arguments[3])).run(Integer.parseInt(arguments[2]));
        System.exit(0);
    }

    private void run(int pairs) throws Exception {
        final List<DatagramChannel> silent = new ArrayList<>();
        final List<Future<Void>> blocked = new ArrayList<>();
        final List<Future<Void>> working = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            final DatagramChannel nothingComes = open();
            silent.add(nothingComes);
            blocked.add(threads.submit(() -> blockForEver(nothingComes)));
            final DatagramChannel channel = open();
            final Semaphore window = new Semaphore(WINDOW);
            working.add(threads.submit(() -> read(channel, window)));
            working.add(threads.submit(() -> write(channel, window)));
        }
        working.add(threads.submit(this::poll));
        for (final Future<Void> each : working) {
            each.get(50, TimeUnit.SECONDS);
        }
        System.out.println("echoes: " + (pairs + POLLED) * (long) count);
        for (final DatagramChannel each : silent) {
            each.close();
        }
        int closed = 0;
        for (final Future<Void> each : blocked) {
            try {
                each.get(10, TimeUnit.SECONDS);
            } catch (final ExecutionException e) {
                closed += e.getCause() instanceof AsynchronousCloseException ? 1 : 0;
            }
        }
        System.out.println("blocked until closed: " + closed);
    }

    private DatagramChannel open() throws IOException {
        return DatagramChannel.open().bind(new InetSocketAddress(local, 0));
    }

    private static Void blockForEver(DatagramChannel channel) throws IOException {
        channel.receive(ByteBuffer.allocate(16));
        throw new AssertionError("nobody sends here");
    }

    private Void write(DatagramChannel channel, Semaphore window) throws Exception {
        final ByteBuffer out = ByteBuffer.allocateDirect(64);
        for (int i = 0; i < count; i++) {
            window.acquire();
            channel.send(out.clear().putInt(0, i), peer);
        }
        return null;
    }

    private Void read(DatagramChannel channel, Semaphore window) throws IOException {
        final ByteBuffer in = ByteBuffer.allocateDirect(64);
        for (int i = 0; i < count; i++) {
            channel.receive(in.clear());
            expect(in.getInt(0), i);
            window.release();
        }
        channel.close();
        return null;
    }

    /** One datagram on the way for each channel, and never a wait. */
    private Void poll() throws IOException {
        final DatagramChannel[] channels = new DatagramChannel[POLLED];
        final int[] next = new int[POLLED];
        final ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        for (int i = 0; i < POLLED; i++) {
            channels[i] = open();
            channels[i].configureBlocking(false);
            channels[i].send(buffer.clear().putInt(0, 0), peer);
        }
        int finished = 0;
        while (finished < POLLED) {
            for (int i = 0; i < POLLED; i++) {
                if (channels[i].isOpen() && channels[i].receive(buffer.clear()) != null) {
                    expect(buffer.getInt(0), next[i]);
                    if (++next[i] < count) {
                        channels[i].send(buffer.clear().putInt(0, next[i]), peer);
                    } else {
                        channels[i].close();
                        finished++;
                    }
                }
            }
            Thread.yield();
        }
        return null;
    }

    private static void expect(int got, int wanted) {
        if (got != wanted) {
            throw new AssertionError("number " + got + " instead of " + wanted);
        }
    }
}
