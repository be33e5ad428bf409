package io.accel.tools.explain;

import io.accel.core.natives.JdkModules;
import io.accel.tools.ToolException;
import io.accel.udp.socket.KernelSocket;
import io.accel.udp.socket.ShadowAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;

/**
 * The kernel's socket behind one that is only thought of: at the address that was asked for, but on a port of the kernel's choice, since
 * the one that was asked for may be somebody's, or soon be. Made as the JDK makes a program's.
 */
final class DryShadow implements AutoCloseable {
    private static final String PACKAGE = "sun.nio.ch";

    private final DatagramChannel channel;
    private final ShadowAddress address;

    private DryShadow(DatagramChannel channel, ShadowAddress address) {
        this.channel = channel;
        this.address = address;
    }

    /**
     * Opens it.
     *
     * @param ofIpv4 whether the program asks for a channel of IPv4 alone, as it must to join its groups
     * @throws IOException in the kernel's words, as a program's bind would fail
     */
    static DryShadow open(InetSocketAddress local, boolean ofIpv4, boolean reuse) throws IOException {
        final DatagramChannel channel = ofIpv4 ? DatagramChannel.open(StandardProtocolFamily.INET) : DatagramChannel.open();
        try {
            if (reuse) {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            channel.bind(new InetSocketAddress(local.getAddress(), 0));
            final InetSocketAddress bound = (InetSocketAddress) channel.getLocalAddress();
            final InetAddress at = bound.getAddress();
            final int fd = descriptor(channel);
            return new DryShadow(channel, new ShadowAddress(fd, KernelSocket.of(fd),
                new InetSocketAddress(at, local.getPort() == 0 ? bound.getPort() : local.getPort())));
        } catch (final IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static int descriptor(DatagramChannel channel) throws ToolException {
        try {
            JdkModules.export(PACKAGE, DryShadow.class.getModule());
            return (int) Class.forName(PACKAGE + ".SelChImpl").getMethod("getFDVal").invoke(channel);
        } catch (final ReflectiveOperationException e) {
            throw new ToolException("this JDK does not tell a socket's descriptor: " + e, e);
        }
    }

    ShadowAddress address() {
        return address;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
