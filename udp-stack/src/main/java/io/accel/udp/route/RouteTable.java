package io.accel.udp.route;

import io.accel.core.natives.Errno;
import java.io.IOException;
import java.net.InetAddress;

/**
 * The kernel's routing decision for one destination at a time (RTM_GETROUTE), rules, VRFs and multipath included. Any thread.
 *
 * <p>A path MTU learned from ICMP and a redirect change later answers without any event: whoever caches a route asks again after 1 s
 * of use, whatever {@link NetworkEvents#version()} says.
 */
public final class RouteTable implements AutoCloseable {
    private static final int TYPE = 0;
    private static final int IF_INDEX = 1;
    private static final int FLAGS = 2;
    private static final int MTU = 3;
    private static final int EXPIRES = 4;
    private static final int TABLE = 5;
    private static final int SOURCE = 6;
    private static final int GATEWAY = 8;
    private static final int HOP_LIMIT = 10;
    private static final int SLOTS = 11;

    private static final int HAS_SOURCE = 1;
    private static final int HAS_GATEWAY = 2;
    private static final int OTHER_FAMILY = 4;
    private static final int ENCAPSULATED = 8;
    private static final int MTU_LOCKED = 16;

    private static final int REQUEST = 32;

    private final NetworkDevices devices;
    private final NetlinkSocket socket;

    private RouteTable(NetworkDevices devices) throws IOException {
        this.devices = devices;
        this.socket = new NetlinkSocket(RouteNatives.openRoute(), REQUEST + SLOTS * Long.BYTES, "routes");
    }

    /** @param devices asked for names and MTUs; stays the caller's */
    public static RouteTable open(NetworkDevices devices) throws IOException {
        return new RouteTable(devices);
    }

    /** Never null: a destination without a route gives a {@link Route} whose type and errno say so. */
    public Route lookup(RouteQuery query) {
        final InetAddress destination = query.destination();
        final int family = NetlinkSocket.family(destination);
        final boolean bound = query.source() != null && !query.source().isAnyLocalAddress();
        if (bound && NetlinkSocket.family(query.source()) != family) {
            return Route.failed(Errno.ENETUNREACH);
        }
        synchronized (socket) {
            final int fd = socket.fd();
            final long request = socket.memory();
            final long answer = request + REQUEST;
            NetlinkSocket.writeAddress(request, destination);
            if (bound) {
                NetlinkSocket.writeAddress(request + REQUEST / 2, query.source());
            }
            final int error = RouteNatives.lookupRoute(fd, family, request, bound ? request + REQUEST / 2 : 0,
                query.sourcePort(), query.destinationPort(), query.tos(), query.device(), answer);
            return error < 0 ? Route.failed(-error) : read(answer, family, query, bound);
        }
    }

    /**
     * Whether the kernel would deliver on this host what comes in by a device: the look-up is the one that it does for a received packet
     * (net/ipv4/route.c, ip_route_input_slow), so that martian sources, rp_filter, accept_local, route_localnet and policy rules count as
     * they are set at this moment. What it refuses is logged where log_martians is set, as the packet itself would be.
     *
     * @throws IOException when it did not answer, for want of memory or time
     */
    public boolean isDelivered(int ifIndex, InetAddress source, InetAddress destination) throws IOException {
        synchronized (socket) {
            final int fd = socket.fd();
            final long request = socket.memory();
            final long answer = request + REQUEST;
            NetlinkSocket.writeAddress(request, destination);
            NetlinkSocket.writeAddress(request + REQUEST / 2, source);
            final int error = RouteNatives.lookupArrival(fd, NetlinkSocket.family(destination), request, request + REQUEST / 2, ifIndex,
                answer);
            if (isFailure(error)) {
                throw new IOException("the kernel did not tell a route: " + Errno.text(error));
            }
            return error >= 0 && RouteType.ofKernel((int) socket.slot(answer, TYPE)) == RouteType.LOCAL;
        }
    }

    /** Whether an error says nothing of routes. */
    private static boolean isFailure(int error) {
        return switch (-error) {
            case Errno.ENOMEM, Errno.ENOBUFS, Errno.EAGAIN, Errno.ETIMEDOUT, Errno.EMSGSIZE -> true;
            default -> false;
        };
    }

    private Route read(long answer, int family, RouteQuery query, boolean bound) {
        final int flags = (int) socket.slot(answer, FLAGS);
        final int ifIndex = (int) socket.slot(answer, IF_INDEX);
        final NetworkDevice device = ifIndex == 0 ? null : devices.byIndex(ifIndex);
        final boolean gateway = (flags & HAS_GATEWAY) != 0;
        final InetAddress source = (flags & HAS_SOURCE) != 0 ? socket.address(answer, SOURCE, family) : bound ? query.source() : null;
        return new Route(RouteType.ofKernel((int) socket.slot(answer, TYPE)), ifIndex, device == null ? "" : device.name(), source,
            gateway ? socket.address(answer, GATEWAY, family) : query.destination(), gateway,
            mtu((int) socket.slot(answer, MTU), device, family), socket.slot(answer, EXPIRES) != 0 && socket.slot(answer, MTU) != 0,
            (flags & MTU_LOCKED) != 0, hopLimit((int) socket.slot(answer, HOP_LIMIT), device, family),
            (flags & (OTHER_FAMILY | ENCAPSULATED)) != 0, (int) socket.slot(answer, TABLE), 0);
    }

    /** A metric above the device's MTU is the kernel's to fragment or refuse; frames of ours never exceed the device. */
    private static int mtu(int metric, NetworkDevice device, int family) {
        final int limit = device == null ? 0 : family == NetlinkSocket.AF_INET6 ? device.ipv6Mtu() : device.mtu();
        return metric == 0 || limit != 0 && limit < metric ? limit : metric;
    }

    /** As {@code ip6_dst_hoplimit} (net/ipv6/output_core.c) and {@code ip4_dst_hoplimit} (include/net/route.h). */
    private static int hopLimit(int metric, NetworkDevice device, int family) {
        return metric == 0 && family == NetlinkSocket.AF_INET6 && device != null ? device.hopLimit() : metric;
    }

    @Override
    public void close() {
        socket.close();
    }
}
