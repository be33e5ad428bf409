package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.shm.ShmVirtualInterface;
import io.accel.udp.endpoint.ChannelCounters;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two JVMs over shared memory; the other is killed at any instant. */
@Timeout(150)
class TwoProcessesTest {
    private static DatagramChannel open() throws Exception {
        return Pairing.ours().openDatagramChannel().bind(new InetSocketAddress(Contract.LOOPBACK, 0));
    }

    private static String port(DatagramChannel channel) throws Exception {
        return Integer.toString(((InetSocketAddress) channel.getLocalAddress()).getPort());
    }

    private static InetSocketAddress address(String port) {
        return new InetSocketAddress(Contract.LOOPBACK, Integer.parseInt(port));
    }

    private static ChannelCounters counters(DatagramChannel channel) {
        return ((AccelDatagramChannel) channel).udpSocket().counters();
    }

    @Test
    void payloadsComeBackWholeAndFast() throws Exception {
        try (DatagramChannel channel = open(); ChildJvm child = ChildJvm.start(EchoChild.class, List.of(), "0", "0")) {
            final InetSocketAddress to = address(child.line());
            final ByteBuffer buffer = ByteBuffer.allocateDirect(1000);
            final int count = 20_000;
            for (int i = 0; i < count; i++) {
                channel.send(Payload.fill(buffer.clear().limit(Payload.length(i)), i), to);
                assertThat(channel.receive(buffer.clear())).isEqualTo(to);
                assertThat(Payload.check(buffer.flip())).isEqualTo(i);
            }
            assertThat(counters(channel).fastSent).isEqualTo(count);
            assertThat(counters(channel).fastReceived).isEqualTo(count);
            assertThat(counters(channel).kernelReceived).isZero();
        }
    }

    @Test
    @Tag("slow")
    void aPeerKilledAtAnyInstantIsSurvivedAndItsSuccessorFound() throws Exception {
        final Random random = new Random(20_261_121);
        try (DatagramChannel channel = open()) {
            channel.configureBlocking(false);
            String childsPort = "0";
            long sent = 0;
            long received = 0;
            final ByteBuffer out = ByteBuffer.allocateDirect(1000);
            final ByteBuffer in = ByteBuffer.allocateDirect(65_507);
            for (int kill = 0; kill < 20; kill++) {
                try (ChildJvm child = ChildJvm.start(EchoChild.class, List.of(), childsPort, port(channel))) {
                    childsPort = child.line();
                    final InetSocketAddress to = address(childsPort);
                    // From the announced port on, its flood or an echo must be here within about a second.
                    final long announced = System.nanoTime();
                    final long end = announced + TimeUnit.SECONDS.toNanos(15);
                    long fromThisChild = 0;
                    final int exchanges = 200 + random.nextInt(5000);
                    for (int i = 0; fromThisChild < exchanges; i++) {
                        channel.send(Payload.fill(out.clear().limit(Payload.length(i)), i), to);
                        sent++;
                        if (channel.receive(in.clear()) != null) {
                            Payload.check(in.flip());
                            fromThisChild++;
                            received++;
                        }
                        assertThat(System.nanoTime()).as("the child of round " + kill + " is heard").isLessThan(end);
                    }
                    final Background<Void> killing = Background.start("killing", () -> {
                        child.kill();
                        return null;
                    });
                    while (!killing.isDone()) {
                        channel.send(Payload.fill(out.clear().limit(Payload.length(1)), 1), to);
                        sent++;
                        if (channel.receive(in.clear()) != null) {
                            Payload.check(in.flip());
                            received++;
                        }
                    }
                    killing.result();
                }
                // What it left in its ring is whole; then nothing more comes.
                while (channel.receive(in.clear()) != null) {
                    Payload.check(in.flip());
                    received++;
                }
            }
            assertThat(counters(channel).fastSent + counters(channel).kernelSent).as("datagrams sent").isEqualTo(sent);
            assertThat(counters(channel).fastReceived + counters(channel).kernelReceived).as("datagrams received").isEqualTo(received);
            assertThat(counters(channel).malformed).isZero();
            final ShmVirtualInterface vi = ((AccelDatagramChannel) channel).udpSocket().endpoint().messages();
            assertThat(vi.transmitted() + vi.droppedRingFull() + vi.droppedPeerGone() + vi.droppedRefused()).as("sent = published + drops")
                .isEqualTo(counters(channel).fastSent);
            assertThat(vi.corruptRings()).isZero();
            assertThat(counters(channel).fastReceived).as("mostly through shared memory").isGreaterThan(received / 2);
        }
    }
}
