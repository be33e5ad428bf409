package io.accel.udp.path;

import io.accel.core.Reason;
import io.accel.core.shm.ShmDomain;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.route.MtuDiscovery;
import io.accel.udp.route.Neighbour;
import io.accel.udp.route.NeighbourState;
import io.accel.udp.route.Neighbours;
import io.accel.udp.route.Route;
import io.accel.udp.route.RouteQuery;
import io.accel.udp.route.RouteTable;
import io.accel.udp.wire.Ipv4Header;
import io.accel.udp.wire.Ipv4HeaderTemplate;
import io.accel.udp.wire.UdpHeader;
import io.accel.udp.wire.HeaderTemplate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;

/** Decides how a socket's datagrams to one destination go, by asking the kernel for the route and the next hop. Any thread; slow. */
public final class PathResolver {
    private static final String TTL_SETTING = "/proc/sys/net/ipv4/ip_default_ttl";
    /** The kernel's IPDEFTTL, linux/ip.h, for where the setting cannot be read. */
    private static final int USUAL_TTL = 64;
    private static final int HEADERS = Ipv4Header.BYTES + UdpHeader.BYTES;

    private final Generation generation;
    private final RouteTable routes;
    private final Neighbours neighbours;
    private final PathPolicy policy;
    private final int ttl = defaultTtl();

    public PathResolver(Generation generation, RouteTable routes, Neighbours neighbours, PathPolicy policy) {
        this.generation = generation;
        this.routes = routes;
        this.neighbours = neighbours;
        this.policy = policy;
    }

    private static int defaultTtl() {
        try {
            return Integer.parseInt(Files.readString(java.nio.file.Path.of(TTL_SETTING)).trim());
        } catch (final IOException | NumberFormatException e) {
            return USUAL_TTL;
        }
    }

    /** By the kernel until something changes. */
    public Path byKernel(Reason reason) {
        return Path.kernel(generation, generation.get(), reason);
    }

    /** By the kernel this time; asked again at the next. */
    public Path onceByKernel(Reason reason) {
        return Path.kernel(generation, generation.get() - 1, reason);
    }

    /**
     * Decides.
     *
     * @param source      the IPv4 address the socket is bound to, host order; 0: none
     * @param tos         IP_TOS of the socket
     * @param discovery   when its datagrams may be fragmented
     * @param destination IPv4 address, host order
     * @param messages    the message medium that the socket is on, or null
     */
    public Path resolve(int source, int sourcePort, int tos, MtuDiscovery discovery, int destination, int port, ShmDomain messages) {
        final int seen = generation.get();
        if (Ipv4.isMulticast(destination)) {
            return Path.kernel(generation, seen, Reason.MULTICAST);
        }
        if (destination == Ipv4.BROADCAST || destination == 0) {
            return Path.kernel(generation, seen, Reason.BROADCAST);
        }
        final InetAddress bound = source == 0 ? null : Ipv4.inetAddress(source);
        final Route route = routes.lookup(new RouteQuery(Ipv4.inetAddress(destination), bound, sourcePort, port, tos, 0));
        return switch (route.type()) {
            case LOCAL -> local(seen, route, source, sourcePort, discovery, destination, port, messages);
            case UNICAST -> remote(seen, route, source, sourcePort, tos, discovery, destination, port);
            case BROADCAST -> Path.kernel(generation, seen, Reason.BROADCAST);
            case MULTICAST -> Path.kernel(generation, seen, Reason.MULTICAST);
            default -> Path.kernel(generation, seen, Reason.NO_ROUTE);
        };
    }

    private Path local(int seen, Route route, int source, int sourcePort, MtuDiscovery discovery, int destination, int port,
                       ShmDomain messages) {
        if (messages == null) {
            return Path.kernel(generation, seen, policy.messagesReason());
        }
        if (policy.firewallMayMatch("lo")) {
            return Path.kernel(generation, seen, Reason.FIREWALL);
        }
        final int from = source != 0 ? source : Ipv4.toInt(route.source());
        final String wildcard = EndpointName.ipv4(0, port);
        // One stripe for all these names, read before the look-up: a change in between makes the answer stale at once.
        final int stripe = messages.stripe(wildcard);
        final long version = messages.version(stripe);
        if (messages.isPublished(EndpointName.shared(port))) {
            return Path.unpublished(generation, seen, Reason.SHARED_PORT, messages, stripe, version);
        }
        // As the kernel chooses: the connected, the bound to the address, the bound to all (net/ipv4/udp.c, compute_score).
        int peer = messages.lookup(EndpointName.connected(destination, port, from, sourcePort));
        if (peer == ShmDomain.ABSENT) {
            peer = messages.lookup(EndpointName.ipv4(destination, port));
        }
        if (peer == ShmDomain.ABSENT) {
            peer = messages.lookup(wildcard);
        }
        if (peer < 0) {
            final Reason reason = peer == ShmDomain.SHARED ? Reason.SHARED_PORT : Reason.NO_LOCAL_PEER;
            return Path.unpublished(generation, seen, reason, messages, stripe, version);
        }
        // The kernel refuses by the loopback device's MTU, 65,536 unless somebody changed it; otherwise it cuts, which nobody sees.
        final int longest = discovery == MtuDiscovery.DO ? route.mtu() - HEADERS : Integer.MAX_VALUE;
        return Path.message(generation, seen, messages, peer, from, longest, stripe, version);
    }

    private Path remote(int seen, Route route, int source, int sourcePort, int tos, MtuDiscovery discovery, int destination, int port) {
        final EthernetInterface out = policy.interfaceOf(route.ifIndex());
        if (out == null) {
            return Path.kernel(generation, seen, policy.interfaceReason(route.ifName()));
        }
        if (!out.isUsable()) {
            return Path.kernel(generation, seen, Reason.INTERFACE_DOWN);
        }
        if (route.unsupported()) {
            return Path.kernel(generation, seen, Reason.UNSUPPORTED_ROUTE);
        }
        if (policy.firewallMayMatch(route.ifName())) {
            return Path.kernel(generation, seen, Reason.FIREWALL);
        }
        final Neighbour nextHop = neighbours.lookup(route.ifIndex(), route.nextHop());
        if (!nextHop.state().usable() || nextHop.state() == NeighbourState.NOARP) {
            return Path.kernel(generation, seen, Reason.NEIGHBOUR_UNRESOLVED);
        }
        if (nextHop.state() == NeighbourState.STALE && neighbours.refresh(route.ifIndex(), route.nextHop()) < 0) {
            // Refused without CAP_NET_ADMIN: the kernel sends for a second, and confirms the next hop by that.
            return Path.kernel(generation, seen, Reason.NEIGHBOUR_REFRESH);
        }
        final int from = source != 0 ? source : Ipv4.toInt(route.source());
        final HeaderTemplate template = new Ipv4HeaderTemplate(policy.macOf(route.ifIndex()), nextHop.mac(), from, sourcePort,
            destination, port, ttl, tos);
        return Path.ethernet(generation, seen, out, template, discovery.dontFragment(route.mtuLocked()),
            Math.min(route.mtu(), out.vi().capabilities().mtu()) - HEADERS);
    }
}
