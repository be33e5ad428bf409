package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.core.Reason;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several channels on one port: the kernel decides who gets what, whoever sends. */
@Tag(Contract.KERNEL_BEHIND)
class SharedPortContractTest extends Contract {
    private static final int SENDERS = 64;

    /** On a port that it shares if it can, and non-blocking. */
    private DatagramChannel sharing(DatagramChannel channel, SocketOption<Boolean> how, InetSocketAddress port) throws Exception {
        channel.setOption(how, true).bind(port);
        channel.configureBlocking(false);
        return channel;
    }

    @Test
    void withoutTheOptionThePortIsTaken() throws Exception {
        final DatagramChannel first = bound();
        assertThatThrownBy(() -> openPeer().bind(addressOf(first))).isInstanceOf(BindException.class)
            .hasMessageContaining("Address already in use");
        final DatagramChannel half = open().setOption(StandardSocketOptions.SO_REUSEADDR, true);
        assertThatThrownBy(() -> half.bind(addressOf(first))).isInstanceOf(BindException.class);
    }

    @Test
    void whatIsSentGoesToTheLastThatBound() throws Exception {
        final DatagramChannel first = sharing(open(), StandardSocketOptions.SO_REUSEADDR, new InetSocketAddress(NEAR, 0));
        final DatagramChannel sender = boundPeer();
        sender.send(bytes("alone"), addressOf(first));
        assertThat(receiveText(first)).isEqualTo("alone");
        final DatagramChannel second = sharing(open(), StandardSocketOptions.SO_REUSEADDR, addressOf(first));
        for (int i = 0; i < 10; i++) {
            sender.send(bytes("both " + i), addressOf(first));
            assertThat(receiveText(second)).isEqualTo("both " + i);
        }
        assertThat(first.receive(ByteBuffer.allocate(9))).isNull();
        second.close();
        sender.send(bytes("again"), addressOf(first));
        assertThat(receiveText(first)).isEqualTo("again");
        if (pairing.isFast()) {
            assertThat(shared(second)).as("received by the kernel's choice").isGreaterThanOrEqualTo(10);
            assertThat(((AccelDatagramChannel) sender).udpSocket().counters().fastSent).isGreaterThanOrEqualTo(1);
            // Over a wire nobody can know who shares the port at its other end.
            assertThat(shared(sender)).as("left to the kernel").isGreaterThanOrEqualTo(Network.HERE.isWire() ? 0 : 10);
        }
    }

    private static long shared(DatagramChannel channel) {
        return ((AccelDatagramChannel) channel).udpSocket().counters().count(Reason.SHARED_PORT);
    }

    @Test
    void theOptionMayBeSetWhenThePortIsBound() throws Exception {
        final DatagramChannel first = bound();
        first.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        final DatagramChannel second = sharing(open(), StandardSocketOptions.SO_REUSEADDR, addressOf(first));
        final DatagramChannel sender = boundPeer();
        sender.send(bytes("both"), addressOf(first));
        assertThat(receiveText(second)).isEqualTo("both");
    }

    /** Another provider's socket is noticed within the second that DESIGN states; this pairs ours with the kernel's in both orders. */
    @Test
    void anotherProvidersSocketSharesToo() throws Exception {
        final DatagramChannel first = sharing(open(), StandardSocketOptions.SO_REUSEADDR, new InetSocketAddress(NEAR, 0));
        final DatagramChannel second = sharing(openPeer(), StandardSocketOptions.SO_REUSEADDR, addressOf(first));
        final DatagramChannel sender = bound();
        Eventually.holds("the last that bound gets what is sent", () -> {
            sender.send(bytes("both"), addressOf(first));
            first.receive(ByteBuffer.allocate(9));
            return second.receive(ByteBuffer.allocate(9)) != null;
        });
        // Over a wire some that were sent before may be on their way yet; but what is sent from now on is not for the first.
        for (int i = 0; i < 10; i++) {
            sender.send(bytes("more " + i), addressOf(first));
            Eventually.holds("the one sent now", () -> {
                final ByteBuffer into = ByteBuffer.allocate(9);
                return second.receive(into) != null && text(into.flip()).startsWith("more");
            });
        }
        final ByteBuffer late = ByteBuffer.allocate(9);
        while (first.receive(late) != null) {
            assertThat(text(late.flip())).isEqualTo("both");
            late.clear();
        }
    }

    @Test
    void balancedByTheHashOfItsAddressesASenderStaysWithOneOfThem() throws Exception {
        final DatagramChannel first = sharing(open(), StandardSocketOptions.SO_REUSEPORT, new InetSocketAddress(NEAR, 0));
        final DatagramChannel second = sharing(open(), StandardSocketOptions.SO_REUSEPORT, addressOf(first));
        final int[] gotByFirst = new int[SENDERS];
        for (int i = 0; i < SENDERS; i++) {
            final DatagramChannel sender = boundPeer();
            for (int n = 0; n < 3; n++) {
                sender.send(bytes("x"), addressOf(first));
                gotByFirst[i] += Eventually.get("one of them has it", () -> first.receive(ByteBuffer.allocate(9)) != null
                    ? Integer.valueOf(1) : second.receive(ByteBuffer.allocate(9)) != null ? Integer.valueOf(0) : null);
            }
        }
        assertThat(Arrays.stream(gotByFirst).boxed()).containsOnly(0, 3).contains(0, 3);
    }
}
