package io.accel.core.shm;

import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Round trip and one-way rate between two processes, both spinning. Not a test: run {@code pong} or {@code sink} pinned to one
 * processor and {@code ping} or {@code blast} to another, with the same directory.
 */
public final class ShmBench {
    private static final int LENGTH = 88;
    private static final byte STOP = 1;

    private final ShmDomain domain;
    private final EventBatch events = new EventBatch(64);
    private final ByteBuffer payload = ByteBuffer.allocateDirect(LENGTH);
    private final ShmVirtualInterface vi;

    private ShmBench(String directory, String name) throws Exception {
        domain = ShmDomain.open(SharedDirectory.configuration(directory));
        vi = domain.openVi(Integer.getInteger("ring", 1 << 18));
        domain.publish(vi, name);
    }

    public static void main(String[] args) throws Exception {
        final String directory = args[1];
        final long n = args.length > 2 ? Long.parseLong(args[2]) : 0;
        switch (args[0]) {
            case "pong" -> new ShmBench(directory, "pong").pong();
            case "ping" -> new ShmBench(directory, "ping").ping(n);
            case "sink" -> new ShmBench(directory, "sink").sink();
            case "blast" -> new ShmBench(directory, "blast").blast(n, args.length > 3 ? Integer.parseInt(args[3]) : 1);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private int await(String name) {
        int peer = ShmDomain.ABSENT;
        while (peer < 0) {
            Thread.yield();
            peer = domain.lookup(name);
        }
        return peer;
    }

    private boolean send(int peer, MemoryRegion region, byte flag) {
        final long at = vi.txClaim(peer, LENGTH);
        if (at == VirtualInterface.NONE) {
            return false;
        }
        payload.put(0, flag);
        region.buffer().put(region.offset(at), payload, 0, LENGTH);
        vi.txInit(at, LENGTH, TxFlags.NONE);
        vi.txPush(false);
        return true;
    }

    private byte receive() {
        int n;
        do {
            n = vi.poll(events, 64);
        } while (n == 0);
        final MemoryRegion region = vi.memory()[events.region(n - 1)];
        payload.put(0, region.buffer(), region.offset(events.frame(n - 1)), LENGTH);
        vi.release(events);
        return payload.get(0);
    }

    private void pong() {
        final int peer = await("ping");
        final MemoryRegion region = domain.txRegion(peer);
        while (receive() != STOP) {
            send(peer, region, (byte) 0);
        }
        domain.close();
    }

    private void ping(long n) {
        final int peer = await("pong");
        final MemoryRegion region = domain.txRegion(peer);
        final long[] nanos = new long[8];
        for (int round = 0; round < nanos.length; round++) {
            final long start = System.nanoTime();
            for (long i = 0; i < n; i++) {
                send(peer, region, (byte) 0);
                receive();
            }
            nanos[round] = (System.nanoTime() - start) / n;
        }
        System.out.println("round trip ns by round: " + Arrays.toString(nanos));
        send(peer, region, STOP);
        domain.close();
    }

    private void sink() {
        long start = 0;
        long before = 0;
        boolean more = true;
        long next = 5_000_000;
        while (more) {
            final int n = vi.poll(events, 64);
            for (int i = 0; i < n; i++) {
                final MemoryRegion region = vi.memory()[events.region(i)];
                payload.put(0, region.buffer(), region.offset(events.frame(i)), LENGTH);
                more &= payload.get(0) != STOP;
            }
            vi.release(events);
            if (n > 0 && vi.received() > next) {
                final long now = System.nanoTime();
                System.out.printf("received %.2f M/s, lost %d%n", (vi.received() - before) * 1e3 / (now - start), vi.lostRingFull());
                start = now;
                before = vi.received();
                next = before + 10_000_000;
            }
        }
        domain.close();
    }

    private void blast(long n, int burst) {
        final int peer = await("sink");
        final MemoryRegion region = domain.txRegion(peer);
        for (long i = 0; i < n; i += burst) {
            for (int k = 0; k < burst; k++) {
                final long at = vi.txClaim(peer, LENGTH);
                if (at != VirtualInterface.NONE) {
                    region.buffer().put(region.offset(at), payload, 0, LENGTH);
                    vi.txInit(at, LENGTH, TxFlags.NONE);
                }
            }
            vi.txPush(false);
        }
        System.out.printf("sent %d, full %d%n", vi.transmitted(), vi.droppedRingFull());
        while (!send(peer, region, STOP)) {
            Thread.yield();
        }
        domain.close();
    }
}
