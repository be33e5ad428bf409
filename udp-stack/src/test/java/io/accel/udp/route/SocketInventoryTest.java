package io.accel.udp.route;

import static io.accel.udp.testing.Namespace.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.accel.udp.testing.InNamespace;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

@InNamespace
class SocketInventoryTest {
    private static final int PORT = 7447;
    private final SocketInventory inventory;

    SocketInventoryTest() throws IOException {
        inventory = SocketInventory.open();
    }

    private static void addresses() {
        ip("addr add 10.1.0.1/24 dev lo");
        ip("addr add 10.1.0.2/24 dev lo");
    }

    private static Inet4Address address(String text) throws IOException {
        return (Inet4Address) InetAddress.getByName(text);
    }

    private static DatagramChannel bind(StandardProtocolFamily family, String address) throws IOException {
        return DatagramChannel.open(family).setOption(StandardSocketOptions.SO_REUSEADDR, true)
            .bind(new InetSocketAddress(address, PORT));
    }

    private List<BoundSocket> hearing(String address) throws IOException {
        final Inet4Address to = address(address);
        return inventory.onPort(PORT).stream().filter(socket -> socket.receives(to)).toList();
    }

    @Test
    void aSocketOnOneAddress() throws IOException {
        addresses();
        assertThat(inventory.onPort(PORT)).isEmpty();
        try (DatagramChannel channel = bind(StandardProtocolFamily.INET, "10.1.0.1")) {
            assertThat(channel.isOpen()).isTrue();
            assertThat(hearing("10.1.0.1")).hasSize(1);
            assertThat(hearing("10.1.0.1").get(0).local()).isEqualTo(address("10.1.0.1"));
            assertThat(hearing("10.1.0.2")).isEmpty();
            assertThat(inventory.onPort(PORT + 1)).isEmpty();
        }
        assertThat(inventory.onPort(PORT)).isEmpty();
    }

    @Test
    void wildcardsOfBothFamilies() throws IOException {
        addresses();
        try (DatagramChannel channel = bind(StandardProtocolFamily.INET, "0.0.0.0")) {
            assertThat(channel.isOpen()).isTrue();
            assertThat(hearing("10.1.0.1")).hasSize(1);
            assertThat(hearing("239.1.2.3")).as("a group that it need not have joined").hasSize(1);
        }
        try (DatagramChannel channel = bind(StandardProtocolFamily.INET6, "::")) {
            assertThat(channel.isOpen()).isTrue();
            assertThat(hearing("10.1.0.1")).hasSize(1);
            assertThat(hearing("10.1.0.1").get(0).ipv6()).isTrue();
            assertThat(hearing("10.1.0.1").get(0).ipv6Only()).isFalse();
            assertThat(hearing("239.1.2.3")).hasSize(1);
            channel.connect(new InetSocketAddress("::1", 9));
            assertThat(hearing("10.1.0.1")).as("connected to IPv6").isEmpty();
            assertThat(inventory.onPort(PORT)).hasSize(1);
        }
        try (DatagramChannel channel = bind(StandardProtocolFamily.INET6, "10.1.0.2")) {
            assertThat(channel.isOpen()).isTrue();
            assertThat(hearing("10.1.0.1")).isEmpty();
            assertThat(hearing("10.1.0.2")).as("a mapped address").hasSize(1);
            assertThat(hearing("10.1.0.2").get(0).ipv6()).isTrue();
        }
    }

    @Test
    void onlyIpv6() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "needs python3");
        addresses();
        final Process python = new ProcessBuilder("python3", "-c", "import socket,sys\ns=socket.socket(socket.AF_INET6,socket.SOCK_DGRAM)\n"
            + "s.setsockopt(socket.IPPROTO_IPV6,socket.IPV6_V6ONLY,1)\ns.bind(('::'," + PORT + "))\nprint('up',flush=True)\n"
            + "sys.stdin.read()").redirectErrorStream(true).start();
        try {
            assertThat(python.inputReader().readLine()).isEqualTo("up");
            assertThat(inventory.onPort(PORT)).hasSize(1);
            assertThat(inventory.onPort(PORT).get(0).ipv6Only()).isTrue();
            assertThat(hearing("10.1.0.1")).isEmpty();
        } finally {
            python.destroy();
        }
    }

    @Test
    void anInodeTellsOurOwn() throws IOException {
        addresses();
        try (DatagramChannel ours = bind(StandardProtocolFamily.INET, "0.0.0.0")) {
            final long inode = hearing("10.1.0.1").get(0).inode();
            assertThat(inode).isEqualTo(inodeByProc(ours));
            try (DatagramChannel other = bind(StandardProtocolFamily.INET, "10.1.0.1")) {
                assertThat(other.isOpen()).isTrue();
                assertThat(hearing("10.1.0.1")).extracting(BoundSocket::inode).hasSize(2).contains(inode);
            }
        }
    }

    /** Every socket of this process, by /proc/self/fd: the one that the native look-up agrees with must be there. */
    private static long inodeByProc(DatagramChannel channel) throws IOException {
        assertThat(channel.isOpen()).isTrue();
        long found = 0;
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (final Path descriptor : descriptors.toList()) {
                final int fd = Integer.parseInt(descriptor.getFileName().toString());
                final long inode = SocketInventory.inode(fd);
                if (inode > 0) {
                    assertThat(Files.readSymbolicLink(descriptor).toString()).isEqualTo("socket:[" + inode + "]");
                    found = Files.readString(Path.of("/proc/self/net/udp")).contains(" " + inode + " ") ? inode : found;
                }
            }
        }
        return found;
    }

    @Test
    void manySockets() throws IOException {
        final DatagramSocket[] sockets = new DatagramSocket[500];
        for (int i = 0; i < sockets.length; i++) {
            sockets[i] = new DatagramSocket(null);
            sockets[i].setReuseAddress(true);
            sockets[i].bind(new InetSocketAddress("127.0." + i / 250 + "." + (i % 250 + 1), PORT));
        }
        assertThat(inventory.onPort(PORT)).hasSize(sockets.length);
        assertThat(hearing("127.0.1.1")).hasSize(1);
        assertThat(SocketInventory.inode(-1)).isEqualTo(-9);
        for (final DatagramSocket socket : sockets) {
            socket.close();
        }
    }
}
