package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Channels and selectors that come and go leave descriptors, threads, files and mappings as they were. */
@Tag("contract")
class LeakTest {
    private static final int CYCLES = 2000;

    private static DatagramChannel open() throws IOException {
        return Pairing.ours().openDatagramChannel().bind(new InetSocketAddress(Contract.LOOPBACK, 0));
    }

    private static void cycle(DatagramChannel peer, int i) throws Exception {
        try (DatagramChannel channel = open()) {
            channel.send(Contract.bytes("to"), peer.getLocalAddress());
            Contract.receive(peer, ByteBuffer.allocate(9));
            peer.send(Contract.bytes("from"), channel.getLocalAddress());
            if (i % 2 == 0) {
                channel.receive(ByteBuffer.allocate(9));
            }
            if (i % 50 == 0) {
                channel.configureBlocking(false);
                try (Selector selector = Pairing.ours().openSelector()) {
                    channel.register(selector, SelectionKey.OP_READ);
                    selector.selectNow();
                }
            }
        }
    }

    @Test
    void cyclesLeaveNothing() throws Exception {
        try (DatagramChannel peer = open()) {
            for (int i = 0; i < 100; i++) {
                cycle(peer, i);
            }
            final int descriptors = Resources.descriptors();
            final int threads = Resources.threads();
            final long mappings = Resources.sharedMappings();
            for (int i = 0; i < CYCLES; i++) {
                cycle(peer, i);
            }
            assertThat(Resources.descriptors()).as("descriptors").isLessThanOrEqualTo(descriptors + 2);
            assertThat(Resources.threads()).as("threads").isLessThanOrEqualTo(threads + 3);
            assertThat(Resources.sharedMappings()).as("mappings").isLessThanOrEqualTo(mappings + 8);
        }
    }

    private static void groupCycle(DatagramChannel sender, DatagramChannel kernel, NetworkInterface lo, int i) throws Exception {
        final InetAddress group = InetAddress.getByName("239.255.14.7");
        try (DatagramChannel member = Pairing.ours().openDatagramChannel(StandardProtocolFamily.INET)) {
            member.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(kernel.getLocalAddress());
            final MembershipKey key = member.join(group, lo);
            sender.send(Contract.bytes("to"), new InetSocketAddress(group, Contract.addressOf(kernel).getPort()));
            Contract.receive(member, ByteBuffer.allocate(9));
            Contract.receive(kernel, ByteBuffer.allocate(9));
            if (i % 2 == 0) {
                key.drop();
            }
        }
    }

    @Test
    void membersOfGroupsLeaveNothing() throws Exception {
        final NetworkInterface lo = NetworkInterface.getByInetAddress(Contract.LOOPBACK);
        try (DatagramChannel sender = open(); DatagramChannel kernel = Pairing.jdk().openDatagramChannel(StandardProtocolFamily.INET)) {
            sender.setOption(StandardSocketOptions.IP_MULTICAST_IF, lo);
            kernel.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(new InetSocketAddress(0));
            kernel.join(InetAddress.getByName("239.255.14.7"), lo);
            for (int i = 0; i < 100; i++) {
                groupCycle(sender, kernel, lo, i);
            }
            final int descriptors = Resources.descriptors();
            final long mappings = Resources.sharedMappings();
            for (int i = 0; i < CYCLES / 4; i++) {
                groupCycle(sender, kernel, lo, i);
            }
            assertThat(Resources.descriptors()).as("descriptors").isLessThanOrEqualTo(descriptors + 2);
            assertThat(Resources.sharedMappings()).as("mappings").isLessThanOrEqualTo(mappings + 8);
        }
    }

    @Test
    void abandonedChannelsAreFreed() throws Exception {
        abandon(10);
        final int before = Resources.descriptors();
        final long mappings = Resources.sharedMappings();
        abandon(200);
        assertThat(Resources.descriptors()).isGreaterThan(before + 50);
        Eventually.holds("descriptors and mappings of unreachable channels are gone", () -> {
            System.gc();
            return Resources.descriptors() <= before && Resources.sharedMappings() <= mappings + 8;
        });
    }

    @Test
    void abandonedSelectorsAndTheirChannelsAreFreed() throws Exception {
        abandonInSelectors(5);
        final int before = Resources.descriptors();
        final long mappings = Resources.sharedMappings();
        abandonInSelectors(100);
        assertThat(Resources.descriptors()).isGreaterThan(before + 50);
        Eventually.holds("descriptors and mappings of unreachable selectors and channels are gone", () -> {
            System.gc();
            return Resources.descriptors() <= before && Resources.sharedMappings() <= mappings + 8;
        });
    }

    private static void abandonInSelectors(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            final Selector selector = Pairing.ours().openSelector();
            final DatagramChannel channel = open();
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            channel.send(Contract.bytes("x"), channel.getLocalAddress());
            if (i % 2 == 0) {
                assertThat(selector.selectNow()).isEqualTo(1);
            }
        }
    }

    private static void abandon(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            final DatagramChannel channel = open();
            channel.send(Contract.bytes("x"), channel.getLocalAddress());
            if (i % 2 == 0) {
                channel.receive(ByteBuffer.allocate(1));
            }
        }
    }
}
