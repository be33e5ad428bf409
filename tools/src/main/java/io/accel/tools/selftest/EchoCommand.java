package io.accel.tools.selftest;

import io.accel.tools.ToolException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The other end of a self-test, on the kernel's sockets: sends every datagram back. */
@Command(name = "echo", mixinStandardHelpOptions = true,
    description = "The other end: sends every datagram back, by the kernel, until it is stopped. Needs no NIC and no privilege.")
public final class EchoCommand implements Callable<Integer> {
    /** Where it is unless told otherwise. */
    static final int PORT = 9107;
    private static final int LONGEST = 65_535;

    @Option(names = "--port", description = "UDP port (default: ${DEFAULT-VALUE})", defaultValue = "" + PORT)
    private int port;

    @Override
    public Integer call() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            bind(channel);
            System.out.println("echo at port " + port + " of every address; Ctrl-C ends it");
            final ByteBuffer buffer = ByteBuffer.allocateDirect(LONGEST);
            while (true) {
                final SocketAddress from = channel.receive(buffer.clear());
                try {
                    channel.send(buffer.flip(), from);
                } catch (final IOException e) {
                    System.err.println("could not answer " + from + ": " + e.getMessage());
                }
            }
        }
    }

    private void bind(DatagramChannel channel) throws IOException {
        try {
            channel.bind(new InetSocketAddress(port));
        } catch (final IOException e) {
            throw new ToolException("port " + port + " cannot be had (" + e.getMessage() + "); choose another with --port", e);
        }
    }
}
