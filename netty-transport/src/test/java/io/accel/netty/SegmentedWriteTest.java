package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that stand for several datagrams, which only Netty's native transports send on Linux. */
@Tag("wire")
class SegmentedWriteTest {
    private static final int SEGMENT = 1_200;

    private final Inbox inbox = new Inbox();
    private Loops loops;
    private Channel to;
    private Channel from;

    @BeforeEach
    void open() throws InterruptedException {
        assumeTrue(Network.refusal() == null, Network::refusal);
        loops = Loops.ofAccel(1);
        to = loops.bind(Network.SERVER, inbox);
        from = loops.bind(Network.CLIENT, new Inbox());
    }

    @AfterEach
    void close() {
        if (loops != null) {
            loops.close();
        }
    }

    /** Letters that tell where in the message they are. */
    private static ByteBuf message(int bytes) {
        final ByteBuf data = Unpooled.directBuffer(bytes);
        for (int i = 0; i < bytes; i++) {
            data.writeByte('a' + i / 100 % 26);
        }
        return data;
    }

    private void assertComesInSegments(ByteBuf message, Runnable send) throws InterruptedException {
        final String text = message.toString(StandardCharsets.UTF_8);
        send.run();
        for (int at = 0; at < text.length(); at += SEGMENT) {
            assertThat(inbox.take().text()).isEqualTo(text.substring(at, Math.min(at + SEGMENT, text.length())));
        }
        assertThat(inbox.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 10_000})
    void isCutIntoDatagrams(int bytes) throws InterruptedException {
        final ByteBuf data = message(bytes);
        assertComesInSegments(data, () -> from.writeAndFlush(new SegmentedDatagramPacket(data, SEGMENT, address(to))));
        assertThat(data.refCnt()).isZero();
        if (!Network.KERNEL_ONLY) {
            assertThat(Paths.fastSent((AccelDatagramChannel) from)).isEqualTo((bytes + SEGMENT - 1) / SEGMENT);
        }
    }

    @Test
    void aMessageOfSeveralBuffersIsCutAcrossThem() throws InterruptedException {
        final ByteBuf data = Unpooled.wrappedBuffer(message(500), message(5_000), message(7));
        assertComesInSegments(data, () -> from.writeAndFlush(new SegmentedDatagramPacket(data, SEGMENT, address(to))));
    }

    @Test
    void othersBeforeAndAfterKeepTheirOrder() throws InterruptedException {
        from.write(new DatagramPacket(message(3), address(to)));
        from.write(new SegmentedDatagramPacket(message(3 * SEGMENT), SEGMENT, address(to)));
        from.writeAndFlush(new DatagramPacket(message(4), address(to))).sync();
        assertThat(inbox.take().text()).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(inbox.take().text()).hasSize(SEGMENT);
        }
        assertThat(inbox.take().text()).hasSize(4);
    }

    private static InetSocketAddress address(Channel of) {
        return (InetSocketAddress) of.localAddress();
    }
}
