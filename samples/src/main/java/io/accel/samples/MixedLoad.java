package io.accel.samples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * TCP and UDP under load in one Selector object at each side: an echo server and a client with several connections and ports, each with one
 * message under way. Tells the rate of both protocols and the longest time in which either stood still.
 */
public final class MixedLoad {
    private MixedLoad() {
    }

    /** Runs it; {@code --help} tells the options. */
    public static void main(String[] args) {
        Sample.main("MixedLoad", arguments(), args, MixedLoad::run);
    }

    static Arguments arguments() {
        return new Arguments("MixedLoad", "TCP and UDP echo in one selector, server and client.")
            .option("role", "both", "server, client, both (in one JVM)")
            .option("bind", "127.0.0.1:9100", "where the server listens, TCP and UDP; the client's local addresses get any port")
            .option("to", "127.0.0.1:9100", "where the client finds the server")
            .option("tcp", "4", "TCP connections")
            .option("udp", "4", "UDP ports of the client")
            .option("size", "64", "bytes in a message, 16 to 1400")
            .option("seconds", "5", "how long the client runs; the server ends two seconds after the last message")
            .flag("json", "one line of JSON instead of text");
    }

    private enum Role { SERVER, CLIENT, BOTH }

    private static int run(Arguments arguments) throws IOException, InterruptedException {
        final Role role = arguments.choice("role", Role.class);
        final InetSocketAddress bind = arguments.address("bind");
        final InetSocketAddress to = arguments.address("to");
        final int tcp = arguments.integer("tcp", 0, 1000);
        final int udp = arguments.integer("udp", 0, 1000);
        final int bytes = arguments.integer("size", Message.MIN_BYTES, 1400);
        final long nanos = arguments.number("seconds", 1, 86_400) * 1_000_000_000;
        final boolean json = arguments.isSet("json");
        if (role == Role.SERVER) {
            try (MixedServer server = new MixedServer(bind, bytes)) {
                server.serve(30_000);
                System.out.println("MixedLoad server: " + server.served());
            }
            return 0;
        }
        final InetAddress local = role == Role.BOTH ? bind.getAddress() : null;
        if (role == Role.CLIENT) {
            return load(to, null, tcp, udp, bytes, nanos, json);
        }
        final ExecutorService executor = Executors.newSingleThreadExecutor();
        try (MixedServer server = new MixedServer(bind, bytes)) {
            final Future<?> serving = executor.submit(() -> {
                server.serve(30_000);
                return null;
            });
            final int status = load(server.address(), local, tcp, udp, bytes, nanos, json);
            serving.get();
            return status;
        } catch (final ExecutionException e) {
            throw new IOException("the server failed: " + e.getCause(), e.getCause());
        } finally {
            executor.shutdownNow();
        }
    }

    private static int load(InetSocketAddress server, InetAddress local, int tcp, int udp, int bytes, long nanos, boolean json)
        throws IOException {
        try (MixedClient client = new MixedClient(server, local, tcp, udp, bytes)) {
            client.run(nanos);
            System.out.println(client.report(nanos, json));
            return client.isSound() ? 0 : 1;
        }
    }
}
