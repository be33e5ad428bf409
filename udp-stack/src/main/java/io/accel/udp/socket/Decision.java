package io.accel.udp.socket;

import io.accel.core.Reason;
import io.accel.udp.address.IpAddress;
import io.accel.udp.path.Path;

/**
 * How a socket's datagrams to one destination went when that was last asked.
 *
 * @param asked  what the kernel answered on the way to it
 * @param via    the Ethernet interface or {@code lo} for messages on this host; null: the kernel
 * @param reason why the kernel; null: it does not
 */
public record Decision(IpAddress destination, int port, Asked asked, String via, Reason reason) {
    static Decision of(IpAddress destination, int port, Path path, Asked asked) {
        final String via = !path.isFast() ? null : path.ethernet() != null ? path.ethernet().name() : "lo";
        return new Decision(destination, port, asked, via, path.reason());
    }
}
