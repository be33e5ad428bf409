package io.accel.core.afxdp;

import io.accel.core.config.Configuration;
import io.accel.core.memory.Memory;
import io.accel.core.testing.EthernetFrames;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterSpec;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * What the VI adds to the C floor, in the floor's own roles: ping, pong, tx, rx. Arguments: role, interface, own and peer MAC, own and peer
 * address, count, burst. UDP port 9000 both ways, 64 bytes of payload.
 */
public final class AfXdpBench {
    private static final int PORT = 9000;
    private static final int BATCH = 64;

    private final VirtualInterface vi;
    private final EventBatch events = new EventBatch(BATCH);
    private final byte[] frame;
    private final long template;

    private AfXdpBench(String[] a) throws Exception {
        vi = new AfXdpDatapath().open(a[1], Configuration.ofSystem());
        vi.addFilter(FilterSpec.udpLocal(InetAddress.getByName(a[4]), PORT), FilterMode.STEAL);
        frame = EthernetFrames.udp(a[2], a[3], a[4], PORT, a[5], PORT, "x".repeat(64));
        template = Memory.allocateAligned(frame.length, 64);
        for (int i = 0; i < frame.length; i++) {
            Memory.putByte(template + i, frame[i]);
        }
    }

    public static void main(String[] a) throws Exception {
        final AfXdpBench bench = new AfXdpBench(a);
        final long count = Long.parseLong(a[6]);
        final int burst = a.length > 7 ? Integer.parseInt(a[7]) : 32;
        switch (a[0]) {
            case "ping" -> {
                bench.ping(20_000);
                bench.ping((int) count);
            }
            case "tx" -> {
                bench.transmitAll(count / 8, burst);
                bench.transmitAll(count, burst);
            }
            default -> bench.receiveAll(a[0].equals("pong"));
        }
        bench.vi.close();
    }

    private void ping(int count) {
        final long[] nanos = new long[count];
        int lost = 0;
        for (int i = 0; i < count; i++) {
            final long start = System.nanoTime();
            transmit(1);
            while (receive() == 0) {
                if (System.nanoTime() - start > 100_000_000L) {
                    lost++;
                    break;
                }
            }
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        System.out.printf("vi rtt_ns p50 %d p90 %d p99 %d min %d lost %d%n",
            nanos[count / 2], nanos[count / 10 * 9], nanos[count / 100 * 99], nanos[0], lost);
    }

    private void transmitAll(long count, int burst) {
        final long start = System.nanoTime();
        for (long i = 0; i < count; i += burst) {
            transmit(burst);
        }
        System.out.printf("vi tx %d = %.0f pps%n", count, count * 1e9 / (System.nanoTime() - start));
    }

    private void transmit(int burst) {
        while (vi.txSpace() < burst) {
            vi.txPush(false);
        }
        for (int i = 0; i < burst; i++) {
            final long at = vi.txClaim(0, frame.length);
            Memory.copy(template, at, frame.length);
            vi.txInit(at, frame.length, TxFlags.NONE);
        }
        vi.txPush(false);
    }

    private int receive() {
        final int n = vi.poll(events, BATCH);
        if (n != 0) {
            vi.release(events);
        }
        return n;
    }

    private void receiveAll(boolean answer) {
        long last = System.nanoTime();
        long first = 0;
        long got = 0;
        long idle = 10_000_000_000L;
        while (System.nanoTime() - last < idle) {
            final int n = receive();
            if (n == 0) {
                continue;
            }
            for (int i = 0; answer && i < n; i++) {
                transmit(1);
            }
            last = System.nanoTime();
            if (got == 0) {
                first = last;
                idle = 1_500_000_000L;
            }
            got += n;
        }
        System.out.printf("vi rx %d = %.0f pps %s%n", got, got * 1e9 / (last - first + 1), ((AfXdpInterface) vi).drops());
    }
}
