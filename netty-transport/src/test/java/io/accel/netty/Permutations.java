package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.SocketTestPermutation;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What Netty's tests are run with: this transport with itself, and each way with NIO. */
final class Permutations extends SocketTestPermutation {
    static final Permutations OF_ACCEL = new Permutations();

    private final EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(NUM_THREADS, new DefaultThreadFactory("testsuite-accel", true), AccelIoHandler.newFactory());

    private final Queue<AccelDatagramChannel> channels = new ConcurrentLinkedQueue<>();

    private BootstrapFactory<Bootstrap> accel(SocketProtocolFamily family) {
        return () -> new Bootstrap().group(loops).channelFactory(() -> {
            final AccelDatagramChannel made = new AccelDatagramChannel(family);
            channels.add(made);
            return made;
        });
    }

    /** Whether the channels made since the last call went the way that the network has. */
    void assertPath() {
        long fast = 0;
        for (AccelDatagramChannel each = channels.poll(); each != null; each = channels.poll()) {
            fast += each.udpSocket() == null ? 0 : Math.min(each.udpSocket().counters().fastReceived, 1);
        }
        if (Network.KERNEL_ONLY) {
            assertThat(fast).isZero();
        } else {
            assertThat(fast).as("channels that received on the fast path").isPositive();
        }
    }

    private BootstrapFactory<Bootstrap> nio(SocketProtocolFamily family) {
        return () -> new Bootstrap().group(NIO_GROUP).channelFactory(() -> new NioDatagramChannel(family));
    }

    @Override
    public List<BootstrapComboFactory<Bootstrap, Bootstrap>> datagram(SocketProtocolFamily family) {
        final List<BootstrapFactory<Bootstrap>> both = List.of(accel(family), nio(family));
        final List<BootstrapComboFactory<Bootstrap, Bootstrap>> pairs = combo(both, both);
        // Netty's own with itself is not our business.
        return pairs.subList(0, pairs.size() - 1);
    }

    @Override
    public List<BootstrapFactory<Bootstrap>> datagramSocket() {
        return List.of(accel(null));
    }
}
