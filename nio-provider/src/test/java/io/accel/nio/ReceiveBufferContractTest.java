package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SO_RCVBUF bounds by bytes what waits for a receiver, and a change counts for what comes after it. */
@Tag(Contract.ON_HOST)
class ReceiveBufferContractTest extends Contract {
    private static final int DATAGRAM = 1000;
    private static final int FLOOD = 2000;

    private DatagramChannel receiver;
    private DatagramChannel sender;

    @Test
    void aChangeTakesEffectInBothDirections() throws Exception {
        receiver = bound();
        receiver.configureBlocking(false);
        sender = boundPeer();
        final int small = keptWith(16_384);
        final int large = keptWith(180_000);
        final int smallAgain = keptWith(16_384);
        assertThat(large).isGreaterThan(4 * small);
        assertThat(smallAgain).isEqualTo(small);
    }

    @Test
    void theSmallestBufferTakesOneDatagramOfAnySize() throws Exception {
        receiver = bound();
        receiver.configureBlocking(false);
        sender = boundPeer();
        receiver.setOption(StandardSocketOptions.SO_RCVBUF, 1);
        for (int i = 0; i < 20; i++) {
            sender.send(ByteBuffer.allocate(65_507), addressOf(receiver));
            final ByteBuffer into = ByteBuffer.allocate(65_507);
            receive(receiver, into);
            assertThat(into.position()).isEqualTo(65_507);
        }
    }

    @Test
    void whatIsSetBeforeTheBindCounts() throws Exception {
        receiver = open();
        receiver.setOption(StandardSocketOptions.SO_RCVBUF, 16_384);
        receiver.bind(new InetSocketAddress(NEAR, 0));
        receiver.configureBlocking(false);
        sender = boundPeer();
        assertThat(kept()).isLessThan(16_384 * 2 / DATAGRAM + 2);
    }

    private int keptWith(int bytes) throws Exception {
        receiver.setOption(StandardSocketOptions.SO_RCVBUF, bytes);
        final int kept = kept();
        // The kernel takes it twice, since it charges a datagram with more than its bytes; who charges less keeps more.
        final int charged = 2 * receiver.getOption(StandardSocketOptions.SO_RCVBUF);
        assertThat(kept).as("with %d bytes", charged).isBetween(charged / (3 * DATAGRAM), charged / DATAGRAM + 2);
        return kept;
    }

    /** How many of a flood wait for the receiver. */
    private int kept() throws Exception {
        for (int i = 0; i < FLOOD; i++) {
            sender.send(ByteBuffer.allocate(DATAGRAM), addressOf(receiver));
        }
        final ByteBuffer into = ByteBuffer.allocate(DATAGRAM);
        receive(receiver, into);
        int kept = 1;
        while (receiver.receive(into.clear()) != null) {
            kept++;
        }
        return kept;
    }
}
