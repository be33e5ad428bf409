package io.accel.it.programs;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.nio.charset.StandardCharsets;

/** Sockets of java.net alone, as in a program older than java.nio: no channel, no selector. */
public final class Sockets {
    private static final int ROUNDS = 200;
    private static final int PATIENCE_MILLIS = 10_000;

    private Sockets() {
    }

    public static void main(String[] arguments) throws Exception {
        final InetSocketAddress loopback = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
        try (DatagramSocket client = new DatagramSocket(loopback); MulticastSocket server = new MulticastSocket(loopback)) {
            client.setSoTimeout(PATIENCE_MILLIS);
            server.setSoTimeout(PATIENCE_MILLIS);
            for (int round = 0; round < ROUNDS; round++) {
                exchange(client, server, "round " + round);
                exchange(server, client, "answer " + round);
            }
            Thread.currentThread().interrupt();
            exchange(client, server, "interrupted");
            System.out.println("interrupted=" + Thread.interrupted());
        }
        System.out.println("traffic=ok");
    }

    private static void exchange(DatagramSocket from, DatagramSocket to, String text) throws IOException {
        final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        from.send(new DatagramPacket(bytes, bytes.length, to.getLocalSocketAddress()));
        final DatagramPacket got = new DatagramPacket(new byte[64], 64);
        to.receive(got);
        final String received = new String(got.getData(), 0, got.getLength(), StandardCharsets.US_ASCII);
        if (!received.equals(text) || !got.getSocketAddress().equals(from.getLocalSocketAddress())) {
            throw new IOException("'" + text + "' arrived as '" + received + "' from " + got.getSocketAddress());
        }
    }
}
