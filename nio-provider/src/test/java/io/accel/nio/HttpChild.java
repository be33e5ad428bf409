package io.accel.nio;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

/** A program that knows nothing of us: the JDK's HTTP server and client, while datagrams flow. */
final class HttpChild {
    private static volatile boolean stop;

    private HttpChild() {
    }

    public static void main(String[] arguments) throws Exception {
        final InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        final HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        server.createContext("/", exchange -> {
            final byte[] answer = exchange.getRequestURI().getPath().getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        final Thread datagrams = new Thread(() -> exchangeDatagrams(loopback));
        datagrams.start();
        final HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i < 40; i++) {
            final URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + i);
            final String body = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()).body();
            if (!body.equals("/" + i)) {
                throw new AssertionError(body);
            }
        }
        stop = true;
        datagrams.join();
        server.stop(0);
        System.exit(0);
    }

    private static void exchangeDatagrams(InetAddress loopback) {
        try (DatagramChannel one = DatagramChannel.open().bind(new InetSocketAddress(loopback, 0));
            DatagramChannel two = DatagramChannel.open().bind(new InetSocketAddress(loopback, 0))) {
            final ByteBuffer buffer = ByteBuffer.allocateDirect(8);
            long n = 0;
            while (!stop) {
                one.send(buffer.clear(), two.getLocalAddress());
                two.receive(buffer.clear());
                n++;
            }
            System.out.println("datagrams " + n);
        } catch (final java.io.IOException e) {
            System.out.println("failed " + e);
        }
    }
}
