package io.accel.it.programs;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends numbered datagrams to a group: {@code GROUP PORT DEVICE TTL COUNT}; with count 0 until standard input has a line. It sends in
 * trains with a pause after each, so that receivers with ordinary buffers can keep up.
 */
public final class GroupSpeaker {
    private static final int TRAIN = 32;
    private static final long PAUSE_NANOS = 300_000;

    private GroupSpeaker() {
    }

    /** Of the channels of a group. */
    static ProtocolFamily family(InetAddress group) {
        return group instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    public static void main(String[] args) throws IOException {
        final InetSocketAddress to = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        final long count = Long.parseLong(args[4]);
        final ByteBuffer datagram = ByteBuffer.allocateDirect(64);
        try (DatagramChannel channel = DatagramChannel.open(family(to.getAddress()))) {
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName(args[2]))
                .setOption(StandardSocketOptions.IP_MULTICAST_TTL, Integer.parseInt(args[3]));
            System.out.println("speaking");
            long sent = 0;
            while (count == 0 ? System.in.available() == 0 : sent < count) {
                datagram.clear().putLong(0, sent);
                channel.send(datagram, to);
                if (++sent % TRAIN == 0) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
            System.out.println("sent " + sent);
        }
    }
}
