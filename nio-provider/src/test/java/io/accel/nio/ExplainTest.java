package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.junit.jupiter.api.Test;

/** What a program can ask of its channels, on the fast path and on the kernel's. */
class ExplainTest {
    private static final boolean KERNEL_ONLY = "none".equals(System.getProperty("accel.interfaces"));

    @Test
    void aChannelOfTheJdksIsNotOurs() throws Exception {
        try (DatagramChannel channel = Pairing.jdk().openDatagramChannel()) {
            assertThat(Accel.isAccelerated(channel)).isFalse();
            assertThat(Accel.explain(channel)).singleElement().asString().startsWith("not a channel of Accel's: its provider is ")
                .endsWith("set -Djava.nio.channels.spi.SelectorProvider=io.accel.nio.AccelSelectorProvider");
        }
    }

    @Test
    void fromTheBindToTheClose() throws Exception {
        final DatagramChannel receiver = Pairing.ours().openDatagramChannel();
        assertThat(Accel.isAccelerated(receiver)).isFalse();
        assertThat(Accel.explain(receiver)).containsExactly("not bound yet: it is decided then");
        receiver.bind(new InetSocketAddress(Contract.LOOPBACK, 0)).configureBlocking(false);
        assertThat(Accel.isAccelerated(receiver)).isNotEqualTo(KERNEL_ONLY);
        try (DatagramChannel sender = Pairing.ours().openDatagramChannel().bind(new InetSocketAddress(Contract.LOOPBACK, 0))) {
            sender.send(Contract.bytes("x"), receiver.getLocalAddress());
            Contract.receive(receiver, ByteBuffer.allocate(9));
            if (KERNEL_ONLY) {
                assertThat(Accel.explain(sender)).containsExactly("by the kernel alone: DISABLED, an option turned this off; "
                    + "see accel.enabled and accel.interfaces");
            } else if (Network.HERE == Network.LOOPBACK) {
                final String to = "127.0.0.1:" + ((InetSocketAddress) receiver.getLocalAddress()).getPort();
                assertThat(Accel.explain(sender)).containsExactly("receives: on the fast path, 0 fast and 0 by the kernel",
                    "sends to " + to + ": by shared memory", "sent: 1 fast and 0 by the kernel");
                assertThat(Accel.explain(receiver)).contains("receives: on the fast path, 1 fast and 0 by the kernel");
            }
        }
        receiver.close();
        assertThat(Accel.isAccelerated(receiver)).isFalse();
        assertThat(Accel.explain(receiver)).containsExactly("closed");
    }

    @Test
    void theRestThatTheKernelCarriesHasAReasonWithARemedy() throws Exception {
        try (DatagramChannel sender = Pairing.ours().openDatagramChannel().bind(new InetSocketAddress(Contract.LOOPBACK, 0));
            DatagramChannel kernel = Pairing.jdk().openDatagramChannel().bind(new InetSocketAddress(Contract.LOOPBACK, 0))) {
            kernel.configureBlocking(false);
            sender.send(Contract.bytes("x"), kernel.getLocalAddress());
            Contract.receive(kernel, ByteBuffer.allocate(9));
            if (!KERNEL_ONLY && Network.HERE == Network.LOOPBACK) {
                assertThat(Accel.explain(sender)).contains("sent: 0 fast and 1 by the kernel", "1 by the kernel: NO_LOCAL_PEER, "
                    + "the local receiver is not accelerated; start the receiver with Accel too");
            }
        }
    }
}
