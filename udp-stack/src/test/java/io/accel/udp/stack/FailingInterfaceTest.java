package io.accel.udp.stack;

import static io.accel.udp.testing.Namespace.await;
import static io.accel.udp.testing.Namespace.ip;
import static io.accel.udp.testing.Namespace.vethToPeer;
import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.datapath.Datapath;
import io.accel.core.datapath.DatapathException;
import io.accel.core.natives.Errno;
import io.accel.core.pair.Pair;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterSpec;
import io.accel.core.vi.ForwardingVirtualInterface;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.address.IpAddress;
import io.accel.udp.path.Path;
import io.accel.udp.socket.ShadowAddress;
import io.accel.udp.socket.UdpSocket;
import io.accel.udp.testing.InNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which reason is told, and what is tried again, while an interface's VI fails or is opened anew. */
@InNamespace
class FailingInterfaceTest {
    private static final IpAddress PEER = IpAddress.ipv4(0x0A010002);

    private final List<Reason> reasonsAtOpen = new CopyOnWriteArrayList<>();
    private volatile boolean linkDown;
    private volatile DatapathException refusal;
    private volatile UdpSocket socket;
    private DatagramChannel shadow;

    /** A datapath in memory, whose sends fail and which refuses to open when it is told to. */
    private final class InMemory implements Datapath {
        @Override
        public String name() {
            return "afxdp";
        }

        @Override
        public VirtualInterface open(String ifName, Configuration configuration) throws DatapathException {
            final UdpSocket sending = socket;
            reasonsAtOpen.add(sending == null ? null : sending.resolve(PEER, 9).reason());
            if (refusal != null) {
                throw refusal;
            }
            return new ForwardingVirtualInterface(Pair.ethernet().first()) {
                @Override
                public int txPush(boolean more) {
                    final int pending = super.txPush(more);
                    return linkDown ? -Errno.ENETDOWN : pending;
                }

                @Override
                public Filter addFilter(FilterSpec spec, FilterMode mode) {
                    return new Taken(spec, mode);
                }
            };
        }
    }

    private record Taken(FilterSpec spec, FilterMode mode) implements Filter {
        @Override
        public void close() {
            // Nothing is installed.
        }
    }

    private UdpStack stack() throws IOException {
        vethToPeer();
        ip("neigh replace 10.1.0.2 lladdr 02:00:00:00:00:02 dev v0 nud permanent");
        return new UdpStack(Configuration.of(Map.of(Options.INTERFACES.property(), "v0:afxdp"), Map.of()), name -> new InMemory());
    }

    private UdpSocket bind(UdpStack stack) throws IOException {
        final Set<String> before = sockets();
        shadow = DatagramChannel.open(StandardProtocolFamily.INET);
        final List<String> opened = new ArrayList<>(sockets());
        opened.removeAll(before);
        assertThat(opened).hasSize(1);
        shadow.bind(new InetSocketAddress(InetAddress.getByName("10.1.0.1"), 0));
        socket = stack.bind(new ShadowAddress(Integer.parseInt(opened.get(0)), (InetSocketAddress) shadow.getLocalAddress()));
        return socket;
    }

    /** Descriptors of this process that are sockets. */
    private static Set<String> sockets() throws IOException {
        final Set<String> found = new HashSet<>();
        try (Stream<java.nio.file.Path> all = Files.list(java.nio.file.Path.of("/proc/self/fd"))) {
            for (final java.nio.file.Path each : all.toList()) {
                if (Files.isSymbolicLink(each) && Files.readSymbolicLink(each).toString().startsWith("socket:")) {
                    found.add(each.getFileName().toString());
                }
            }
        }
        return found;
    }

    @Test
    void aSendThatFindsItsViFailedBlamesNoFullRing() throws IOException {
        final UdpSocket sending = bind(stack());
        final Path path = sending.resolve(PEER, 9);
        assertThat(path.isFast()).as("%s", path.reason()).isTrue();
        linkDown = true;
        sending.send(path, ByteBuffer.allocate(10), false);
        assertThat(sending.send(path, ByteBuffer.allocate(10), false)).isFalse();
        sending.sentByKernel(path, 10);
        assertThat(sending.counters().count(Reason.INTERFACE_DOWN)).isEqualTo(1);
        assertThat(sending.counters().count(Reason.TX_RING_FULL)).isZero();
    }

    @Test
    void anotherMtuIsNoLinkThatIsDown() throws IOException {
        final UdpSocket sending = bind(stack());
        assertThat(sending.resolve(PEER, 9).maxPayload()).isEqualTo(1472);
        ip("link set v0 mtu 1400");
        await("the VI to be opened anew", () -> reasonsAtOpen.size() == 2);
        assertThat(reasonsAtOpen.get(1)).isEqualTo(Reason.INTERFACE_CHANGED);
        await("the fast path with the new MTU", () -> sending.resolve(PEER, 9).maxPayload() == 1372);
    }

    @Test
    void aLackOfPrivilegeIsNotTriedEverySecond() throws IOException {
        refusal = new DatapathException(Reason.NO_PRIVILEGE, "for the test");
        final UdpSocket sending = bind(stack());
        // At 0, 1 and 3 s, and then not before 7 s.
        final long start = System.nanoTime();
        await("the third attempt", () -> reasonsAtOpen.size() == 3);
        assertThat(System.nanoTime() - start).isGreaterThan(1_500_000_000L);
        assertThat(sending.resolve(PEER, 9).reason()).isEqualTo(Reason.NO_PRIVILEGE);
        refusal = null;
        ip("link set v0 mtu 1400");
        await("an attempt at once, as the device has changed", () -> sending.resolve(PEER, 9).isFast());
        assertThat(System.nanoTime() - start).isLessThan(6_500_000_000L);
    }
}
