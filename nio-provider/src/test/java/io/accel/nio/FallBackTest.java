package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.Reason;
import io.accel.udp.endpoint.ChannelCounters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.SelectorProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A port changes hands between programs with Accel and without, while others send to it. */
class FallBackTest {
    private DatagramChannel sender;
    private DatagramChannel receiver;
    private InetSocketAddress port;

    @BeforeEach
    void open() throws IOException {
        sender = bind(Pairing.ours(), new InetSocketAddress(Contract.LOOPBACK, 0));
        receiver = bind(Pairing.ours(), new InetSocketAddress(Contract.LOOPBACK, 0));
        port = (InetSocketAddress) receiver.getLocalAddress();
    }

    @AfterEach
    void close() throws IOException {
        sender.close();
        receiver.close();
    }

    private static DatagramChannel bind(SelectorProvider provider, SocketAddress local) throws IOException {
        final DatagramChannel channel = provider.openDatagramChannel().bind(local);
        channel.configureBlocking(false);
        return channel;
    }

    private static ChannelCounters counters(DatagramChannel channel) {
        return ((AccelDatagramChannel) channel).udpSocket().counters();
    }

    private static void exchange(DatagramChannel from, DatagramChannel to) throws Exception {
        from.send(Contract.bytes("x"), to.getLocalAddress());
        Contract.receive(to, ByteBuffer.allocate(9));
    }

    @Test
    void theReceiversPortGoesToAKernelProgramAndBack() throws Exception {
        for (int i = 0; i < 10; i++) {
            exchange(sender, receiver);
            receiver.close();
            try (DatagramChannel kernel = bind(Pairing.jdk(), port)) {
                exchange(sender, kernel);
                exchange(sender, kernel);
            }
            receiver = bind(Pairing.ours(), port);
        }
        exchange(sender, receiver);
        assertThat(counters(sender).fastSent).isEqualTo(11);
        assertThat(counters(sender).kernelSent).isEqualTo(20);
        assertThat(counters(sender).count(Reason.NO_LOCAL_PEER)).isEqualTo(20);
    }

    @Test
    void aKernelProgramsDatagramsAreReceivedAmongFastOnes() throws Exception {
        try (DatagramChannel kernel = bind(Pairing.jdk(), new InetSocketAddress(Contract.LOOPBACK, 0))) {
            for (int i = 0; i < 200; i++) {
                exchange(sender, receiver);
                exchange(kernel, receiver);
                exchange(receiver, kernel);
            }
        }
        assertThat(counters(receiver).fastReceived).isEqualTo(200);
        assertThat(counters(receiver).kernelReceived).isEqualTo(200);
        assertThat(counters(receiver).count(Reason.KERNEL_SENDER)).isEqualTo(200);
        assertThat(counters(receiver).count(Reason.NO_LOCAL_PEER)).isEqualTo(200);
    }

    @Test
    void aFloodOnTheFastPathDoesNotHideTheKernelsFirst() throws Exception {
        try (DatagramChannel kernel = bind(Pairing.jdk(), new InetSocketAddress(Contract.LOOPBACK, 0))) {
            exchange(sender, receiver);
            for (int i = 0; i < 100; i++) {
                sender.send(Contract.bytes("fast"), port);
            }
            kernel.send(Contract.bytes("kernel"), port);
            final ByteBuffer into = ByteBuffer.allocate(9);
            Eventually.holds("the kernel's datagram among those of a fast path that is never empty", () -> {
                sender.send(Contract.bytes("fast"), port);
                return kernel.getLocalAddress().equals(receiver.receive(into.clear()));
            });
        }
    }

    @Test
    void aFloodOnTheFastPathDoesNotHideTheKernels() throws Exception {
        try (DatagramChannel kernel = bind(Pairing.jdk(), new InetSocketAddress(Contract.LOOPBACK, 0))) {
            exchange(kernel, receiver);
            kernel.send(Contract.bytes("kernel"), port);
            final ByteBuffer into = ByteBuffer.allocate(9);
            int fast = 0;
            for (;;) {
                sender.send(Contract.bytes("x"), port);
                sender.send(Contract.bytes("x"), port);
                if (kernel.getLocalAddress().equals(receiver.receive(into.clear()))) {
                    break;
                }
                assertThat(++fast).as("fast datagrams before the kernel's").isLessThan(200);
            }
        }
    }

    @Test
    void aForeignSocketOnASharedPortIsNotStarved() throws Exception {
        final InetSocketAddress any = new InetSocketAddress(Contract.LOOPBACK, 0);
        try (DatagramChannel ours = shared(Pairing.ours(), any); DatagramChannel kernel = shared(Pairing.jdk(), ours.getLocalAddress())) {
            // The kernel gives a shared port's datagrams to the socket bound last; once a second we ask who is there.
            Eventually.holds("the kernel's socket hears", () -> {
                sender.send(Contract.bytes("x"), ours.getLocalAddress());
                return kernel.receive(ByteBuffer.allocate(9)) != null;
            });
            for (int i = 0; i < 50; i++) {
                while (kernel.receive(ByteBuffer.allocate(9)) != null) {
                    // what was sent meanwhile
                }
                sender.send(Contract.bytes("x"), ours.getLocalAddress());
                Contract.receive(kernel, ByteBuffer.allocate(9));
            }
        }
    }

    @Test
    void aSharedPortThatAForeignSocketHasAlreadyIsTheKernels() throws Exception {
        final InetSocketAddress any = new InetSocketAddress(Contract.LOOPBACK, 0);
        try (DatagramChannel kernel = shared(Pairing.jdk(), any); DatagramChannel ours = shared(Pairing.ours(), kernel.getLocalAddress())) {
            for (int i = 0; i < 20; i++) {
                sender.send(Contract.bytes("x"), ours.getLocalAddress());
                Eventually.holds("one of the two hears", () -> ours.receive(ByteBuffer.allocate(9)) != null
                    || kernel.receive(ByteBuffer.allocate(9)) != null);
            }
            assertThat(counters(sender).fastSent).isZero();
            assertThat(counters(sender).kernelSent).isEqualTo(20);
        }
    }

    private static DatagramChannel shared(SelectorProvider provider, SocketAddress local) throws IOException {
        final DatagramChannel channel = provider.openDatagramChannel().setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(local);
        channel.configureBlocking(false);
        return channel;
    }
}
