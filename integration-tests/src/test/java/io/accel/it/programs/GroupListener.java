package io.accel.it.programs;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Hears a {@link GroupSpeaker} on several channels: {@code GROUP PORT DEVICE CHANNELS [churn]}. It says "hearing" at the first datagram.
 * When standard input has a line and all is quiet, it tells what each channel heard. With {@code churn} the first channel leaves and joins
 * all the time, and counts what comes after it has left and found nothing.
 */
public final class GroupListener {
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long STRAY_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final int HEARD_PER_STAY = 100;

    private final List<Ear> ears = new ArrayList<>();
    private final InetAddress group;
    private final NetworkInterface device;
    private long lastHeard = System.nanoTime();
    private boolean hearing;

    private GroupListener(String[] args) throws IOException {
        group = InetAddress.getByName(args[0]);
        device = NetworkInterface.getByName(args[2]);
        for (int i = 0; i < Integer.parseInt(args[3]); i++) {
            ears.add(new Ear(Integer.parseInt(args[1])));
        }
    }

    public static void main(String[] args) throws IOException {
        final GroupListener listener = new GroupListener(args);
        System.out.println("listening");
        if (args.length > 4) {
            listener.churn();
        }
        listener.listen();
        for (final Ear ear : listener.ears) {
            System.out.println(ear.told());
        }
        System.out.println("kernel drops=" + kernelDrops(Integer.parseInt(args[1])));
        for (final Ear ear : listener.ears) {
            ear.channel.close();
        }
    }

    private final class Ear {
        private final DatagramChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
        private final BitSet heard = new BitSet();
        private MembershipKey key;
        private long duplicates;
        private long strays;
        private long stays;

        Ear(int port) throws IOException {
            channel = DatagramChannel.open(GroupSpeaker.family(group));
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(new InetSocketAddress(port)).configureBlocking(false);
            key = channel.join(group, device);
        }

        boolean hear() throws IOException {
            if (channel.receive(buffer.clear()) == null) {
                return false;
            }
            final int number = (int) buffer.getLong(0);
            duplicates += heard.get(number) ? 1 : 0;
            heard.set(number);
            lastHeard = System.nanoTime();
            if (!hearing) {
                hearing = true;
                System.out.println("hearing");
            }
            return true;
        }

        String told() {
            return "heard=" + heard.cardinality() + " duplicates=" + duplicates + " strays=" + strays + " stays=" + stays;
        }
    }

    /** Until it is told to end and then all is quiet, or somebody goes on speaking. */
    private void listen() throws IOException {
        boolean over = false;
        long toldAt = 0;
        while (!over || System.nanoTime() - lastHeard < QUIET_NANOS && System.nanoTime() - toldAt < PATIENCE_NANOS) {
            for (final Ear ear : ears) {
                ear.hear();
            }
            if (!over && System.in.available() > 0) {
                over = true;
                toldAt = System.nanoTime();
                lastHeard = toldAt;
            }
        }
    }

    private void churn() throws IOException {
        final Ear restless = ears.get(0);
        while (System.in.available() == 0) {
            for (int i = 0; i < HEARD_PER_STAY && System.in.available() == 0;) {
                i += restless.hear() ? 1 : 0;
                for (final Ear ear : ears.subList(1, ears.size())) {
                    ear.hear();
                }
            }
            restless.key.drop();
            while (restless.hear()) {
                continue;
            }
            final long since = System.nanoTime();
            while (System.nanoTime() - since < STRAY_NANOS) {
                restless.strays += restless.hear() ? 1 : 0;
            }
            restless.key = restless.channel.join(group, device);
            restless.stays++;
        }
    }

    /** What the kernel dropped for want of room (or by a filter) on the sockets of this process. */
    private static long kernelDrops(int port) throws IOException {
        final Set<String> ours = new HashSet<>();
        for (final File fd : new File("/proc/self/fd").listFiles()) {
            final Path link = fd.toPath();
            if (Files.isSymbolicLink(link)) {
                ours.add(Files.readSymbolicLink(link).toString());
            }
        }
        final String hexPort = String.format(":%04X", port);
        long drops = 0;
        final List<String> sockets = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/udp")));
        sockets.addAll(Files.readAllLines(Path.of("/proc/net/udp6")));
        for (final String line : sockets) {
            final String[] field = line.trim().split("\\s+");
            if (field.length > 12 && field[1].endsWith(hexPort) && ours.contains("socket:[" + field[9] + "]")) {
                drops += Long.parseLong(field[12]);
            }
        }
        return drops;
    }
}
