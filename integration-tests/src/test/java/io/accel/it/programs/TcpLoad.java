package io.accel.it.programs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Plain TCP: {@code server ADDRESS PORT} takes all that comes, {@code client ADDRESS PORT MILLIS} sends and prints megabits a second. */
public final class TcpLoad {
    private static final int CHUNK = 1 << 17;

    private TcpLoad() {
    }

    public static void main(String[] args) throws IOException {
        final InetSocketAddress address = new InetSocketAddress(args[1], Integer.parseInt(args[2]));
        if (args[0].equals("server")) {
            serve(address);
        } else {
            System.out.println(load(address, Long.parseLong(args[3]) * 1_000_000) + " Mbit/s");
        }
    }

    private static void serve(InetSocketAddress address) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(address)) {
            System.out.println("serving");
            while (true) {
                try (SocketChannel channel = server.accept()) {
                    while (channel.read(buffer.clear()) >= 0) {
                        continue;
                    }
                }
            }
        }
    }

    private static long load(InetSocketAddress address, long nanos) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        long bytes = 0;
        final long start = System.nanoTime();
        try (SocketChannel channel = SocketChannel.open(address)) {
            while (System.nanoTime() - start < nanos) {
                bytes += channel.write(buffer.clear());
            }
        }
        return bytes * 8 * 1000 / (System.nanoTime() - start);
    }
}
