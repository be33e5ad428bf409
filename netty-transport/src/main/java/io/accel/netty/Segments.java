package io.accel.netty;

import io.netty.channel.unix.SegmentedDatagramPacket;

/**
 * Into how long datagrams a message is to be cut: what Netty's native transports leave to the kernel (UDP_SEGMENT, udp(7)). The class that
 * asks for it is in netty-transport-native-unix-common, which a program need not have.
 */
final class Segments {
    private static final boolean ASKED_FOR = isClassThere();

    private Segments() {
    }

    /** Loaded with the class that it names. */
    private static final class Packet {
        private Packet() {
        }

        static int segment(Object message) {
            return message instanceof SegmentedDatagramPacket packet ? packet.segmentSize() : 0;
        }
    }

    private static boolean isClassThere() {
        try {
            Class.forName("io.netty.channel.unix.SegmentedDatagramPacket", false, Segments.class.getClassLoader());
            return true;
        } catch (final ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** Bytes of each datagram but the last; 0: the message is one datagram. */
    static int of(Object message) {
        return ASKED_FOR ? Packet.segment(message) : 0;
    }
}
