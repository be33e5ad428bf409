package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.udp.address.IpVersion;
import io.accel.udp.route.SocketInventory;
import io.accel.udp.socket.UdpSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Whether a socket that was disconnected hears everybody again. Linux forgets the former peer's port and its IPv4 address, but not its
 * IPv6 address, and until the next connect lets the socket hear no other over IPv6, nobody after an IPv4 peer
 * (net/ipv4/udp.c, {@code __udp_disconnect}; net/ipv6/udp.c, {@code compute_score}). A kernel that does otherwise tells so.
 */
final class FormerPeers {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private final SocketInventory inventory;

    FormerPeers(SocketInventory inventory) {
        this.inventory = inventory;
    }

    /** Whether the kernel must judge what comes over IPv6. @param socket it is not connected */
    boolean isKept(UdpSocket socket) {
        if (!socket.shadow().bound().takes(IpVersion.IPV6)) {
            return false;
        }
        final long inode = SocketInventory.inode(socket.shadow().fd());
        try {
            return inventory.onPort(socket.shadow().port()).stream()
                .noneMatch(each -> each.inode() == inode && each.remote().isAnyLocalAddress());
        } catch (final IOException e) {
            LOGGER.log(Level.WARNING, "{0}, as far as known, so port {1,number,#} stays with the kernel over IPv6: {2}", Reason.FORMER_PEER,
                socket.shadow().port(), e.getMessage());
            return true;
        }
    }
}
