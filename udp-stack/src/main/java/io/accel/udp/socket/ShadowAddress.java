package io.accel.udp.socket;

import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import java.net.InetSocketAddress;

/**
 * What the kernel made of a bind: the shadow's descriptor and address.
 *
 * @param fd     the shadow's descriptor
 * @param kernel what the kernel told of it after the bind
 * @param local  where the kernel bound it
 */
public record ShadowAddress(int fd, KernelSocket kernel, InetSocketAddress local) {
    /** Asks the kernel for the rest. */
    public ShadowAddress(int fd, InetSocketAddress local) {
        this(fd, KernelSocket.of(fd), local);
    }

    public int port() {
        return local.getPort();
    }

    /** Where datagrams can arrive. */
    public BoundAddress bound() {
        return new BoundAddress(IpAddress.of(local.getAddress()).on(kernel.device()), kernel.takesIpv4(), kernel.takesIpv6());
    }
}
