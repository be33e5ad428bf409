package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.accel.core.Reason;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An echo between this transport and Netty's NIO transport, which is the JDK's, in all pairs; and the path that it took. */
@Tag("wire")
@Timeout(120)
class EchoTest {
    private static final int ROUNDS = 200;

    @BeforeEach
    void needANetwork() {
        assumeTrue(Network.refusal() == null, Network::refusal);
    }

    @Test
    void accelToAccel() throws InterruptedException {
        try (Loops servers = Loops.ofAccel(1); Loops clients = Loops.ofAccel(1)) {
            final Channel server = servers.bind(Network.SERVER, new Echo());
            final Channel client = pingPong(server, clients);
            assertPath((AccelDatagramChannel) client, !Network.KERNEL_ONLY);
            assertPath((AccelDatagramChannel) server, !Network.KERNEL_ONLY);
        }
    }

    /** In one loop: it never waits for another to be woken. */
    @Test
    void accelToItself() throws InterruptedException {
        try (Loops loops = Loops.ofAccel(1)) {
            final Channel server = loops.bind(Network.SERVER, new Echo());
            assertPath((AccelDatagramChannel) pingPong(server, loops), !Network.KERNEL_ONLY);
        }
    }

    @Test
    void nioToAccel() throws InterruptedException {
        try (Loops servers = Loops.ofAccel(1); Loops clients = Loops.ofNio(1)) {
            final Channel server = servers.bind(Network.SERVER, new Echo());
            pingPong(server, clients);
            assertPath((AccelDatagramChannel) server, Network.WIRE);
        }
    }

    @Test
    void accelToNio() throws InterruptedException {
        try (Loops servers = Loops.ofNio(1); Loops clients = Loops.ofAccel(1)) {
            final Channel server = servers.bind(Network.SERVER, new Echo());
            assertPath((AccelDatagramChannel) pingPong(server, clients), Network.WIRE);
        }
    }

    /** Each datagram is counted once, on its path and for its reason. */
    private static void assertPath(AccelDatagramChannel channel, boolean fast) {
        final ChannelPath path = channel.attr(ChannelPath.KEY).get();
        final Reason ofAll = path.kernelReason();
        assertThat(ofAll != null).isEqualTo(Network.KERNEL_ONLY);
        assertThat(Paths.fastReceived(channel)).isEqualTo(fast ? ROUNDS : 0);
        assertThat(Paths.fastSent(channel)).isEqualTo(fast ? ROUNDS : 0);
        if (ofAll != null) {
            assertThat(Paths.byKernel(channel, ofAll)).isEqualTo(2 * ROUNDS);
        } else {
            assertThat(Paths.byKernel(channel, Reason.KERNEL_SENDER)).isEqualTo(fast ? 0 : ROUNDS);
            assertThat(Paths.byKernel(channel, Reason.NO_LOCAL_PEER)).isEqualTo(fast ? 0 : ROUNDS);
        }
    }

    @Test
    void theAttributeTellsThePathAndTheReasons() throws InterruptedException {
        try (Loops servers = Loops.ofAccel(1); Loops clients = Loops.ofAccel(1)) {
            final Channel client = pingPong(servers.bind(Network.SERVER, new Echo()), clients);
            final Reason ofAll = Network.KERNEL_ONLY ? Reason.DISABLED : null;
            Paths.settle(client);
            final ChannelPath path = client.attr(ChannelPath.KEY).get();
            assertThat(path.kernelReason()).isEqualTo(ofAll);
            assertThat(path.fastReceived() + path.kernelReceived()).isEqualTo(ROUNDS);
            assertThat(path.fastSent() + path.kernelSent()).isEqualTo(ROUNDS);
            assertThat(path.reasons()).isEqualTo(ofAll == null ? Map.of() : Map.of(ofAll, 2L * ROUNDS));
            assertThat(path).hasToString(ofAll == null
                ? "fast rx=200 lent=" + (Network.LENDS ? 200 : 0) + " tx=200 kernel rx=0 tx=0 reasons={}"
                : "fast rx=0 lent=0 tx=0 kernel rx=200 tx=200 reasons={DISABLED=400}");
            assertThat(path.explain()).anySatisfy(line -> assertThat(line).contains(ofAll == null ? "200 fast" : "DISABLED"));
            client.close().sync();
            assertThat(client.attr(ChannelPath.KEY).get()).isSameAs(path);
            assertThat(path.explain()).containsExactly("closed");
        }
    }

    private static Channel pingPong(Channel server, Loops clients) throws InterruptedException {
        final Inbox inbox = new Inbox();
        final Channel client = clients.bind(Network.CLIENT, inbox);
        final InetSocketAddress to = (InetSocketAddress) server.localAddress();
        for (int i = 0; i < ROUNDS; i++) {
            final String text = "ping " + i + ".".repeat(i * 7);
            client.writeAndFlush(new DatagramPacket(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), to)).sync();
            final Inbox.Received answer = inbox.take();
            assertThat(answer.text()).isEqualTo(text);
            assertThat(answer.sender()).isEqualTo(to);
            assertThat(answer.recipient()).isEqualTo(client.localAddress());
        }
        assertThat(inbox.isEmpty()).isTrue();
        return client;
    }
}
