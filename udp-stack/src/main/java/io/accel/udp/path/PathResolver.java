package io.accel.udp.path;

import io.accel.core.Reason;
import io.accel.core.shm.ShmDomain;
import io.accel.udp.address.IpAddress;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.route.Neighbour;
import io.accel.udp.route.NeighbourState;
import io.accel.udp.route.Neighbours;
import io.accel.udp.route.Route;
import io.accel.udp.route.RouteQuery;
import io.accel.udp.route.RouteTable;
import io.accel.udp.wire.HeaderTemplate;
import io.accel.udp.wire.Ipv4HeaderTemplate;
import io.accel.udp.wire.Ipv6HeaderTemplate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;

/** Decides how a socket's datagrams to a unicast destination go, as the kernel answers for route and next hop. Any thread; slow. */
public final class PathResolver {
    private static final String TTL_SETTING = "/proc/sys/net/ipv4/ip_default_ttl";
    /** The kernel's IPDEFTTL, linux/ip.h, for where the setting cannot be read. */
    private static final int USUAL_TTL = 64;

    private final Generation generation;
    private final RouteTable routes;
    private final Neighbours neighbours;
    private final PathPolicy policy;
    private final int ttl = defaultTtl();
    private final FlowLabels flowLabels = FlowLabels.ofHost();

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

    /** Decides. */
    public Path resolve(SendingSocket socket, IpAddress destination, int port) {
        return resolve(socket, destination, port, PathWitness.NONE);
    }

    /** Decides, and tells by what. */
    public Path resolve(SendingSocket socket, IpAddress destination, int port, PathWitness witness) {
        final int seen = generation.get();
        if (destination.isBroadcast() || destination.isWildcard()) {
            return Path.kernel(generation, seen, Reason.BROADCAST);
        }
        if (socket.device() != 0 && destination.scope() != 0 && destination.scope() != socket.device()) {
            return Path.kernel(generation, seen, Reason.NO_ROUTE);
        }
        final InetAddress bound = socket.source().isWildcard() ? null : socket.source().inetAddress();
        final Route route = routes.lookup(new RouteQuery(destination.inetAddress(), bound, socket.port(), port, socket.trafficClass(),
            destination.scope() != 0 ? destination.scope() : socket.device()));
        witness.route(route);
        final IpAddress to = destination.on(route.ifIndex());
        return switch (route.type()) {
            case LOCAL -> local(seen, route, socket, to, port, witness);
            case UNICAST -> remote(seen, route, socket, to, port, witness);
            case BROADCAST -> Path.kernel(generation, seen, Reason.BROADCAST);
            default -> Path.kernel(generation, seen, Reason.NO_ROUTE);
        };
    }

    private Path local(int seen, Route route, SendingSocket socket, IpAddress to, int port, PathWitness witness) {
        final ShmDomain messages = socket.messages();
        if (messages == null) {
            witness.messages(policy.messagesReason());
            return Path.kernel(generation, seen, policy.messagesReason());
        }
        witness.messages(null);
        if (isFirewalled("lo", to, witness)) {
            return Path.kernel(generation, seen, Reason.FIREWALL);
        }
        // The kernel tells a link-local sender's scope by the device that the destination is on (net/ipv6/ip6_input.c, ip6_rcv_core).
        final IpAddress from = source(route, socket, to).on(to.scope() != 0 ? to.scope() : route.ifIndex());
        // One stripe for all names of the port, read before the look-up: a change in between makes the answer stale at once.
        final int stripe = messages.stripe(EndpointName.dualStack(port));
        final long version = messages.version(stripe);
        if (messages.isPublished(EndpointName.shared(port))) {
            witness.receivers(0, Reason.SHARED_PORT);
            return Path.unpublished(generation, seen, Reason.SHARED_PORT, messages, stripe, version);
        }
        // As the kernel chooses: the connected, the bound to the address, the bound to all (net/ipv4/udp.c, compute_score).
        int peer = messages.lookup(EndpointName.connected(to, port, from, socket.port()));
        if (peer == ShmDomain.ABSENT) {
            peer = messages.lookup(EndpointName.exact(to, port));
        }
        if (peer == ShmDomain.ABSENT) {
            peer = messages.lookup(EndpointName.dualStack(port));
        }
        if (peer == ShmDomain.ABSENT) {
            peer = messages.lookup(EndpointName.wildcard(to.version(), port));
        }
        if (peer < 0) {
            final Reason reason = peer == ShmDomain.SHARED ? Reason.SHARED_PORT : Reason.NO_LOCAL_PEER;
            witness.receivers(0, reason);
            return Path.unpublished(generation, seen, reason, messages, stripe, version);
        }
        witness.receivers(1, null);
        return Path.message(generation, seen, messages, peer, from, socket.port(), socket.longestOnHost(route, to), stripe, version);
    }

    private boolean isFirewalled(String device, IpAddress to, PathWitness witness) {
        final boolean mayMatch = policy.firewallMayMatch(device, to.version());
        witness.firewall(device, to.version(), mayMatch);
        return mayMatch;
    }

    private Path remote(int seen, Route route, SendingSocket socket, IpAddress to, int port, PathWitness witness) {
        final EthernetInterface out = policy.interfaceOf(route.ifIndex());
        final Reason closed = policy.whyNot(out, route.ifName());
        witness.netInterface(route.ifName(), closed);
        if (closed != null) {
            return Path.kernel(generation, seen, closed);
        }
        if (route.unsupported()) {
            return Path.kernel(generation, seen, Reason.UNSUPPORTED_ROUTE);
        }
        if (isFirewalled(route.ifName(), to, witness)) {
            return Path.kernel(generation, seen, Reason.FIREWALL);
        }
        final Neighbour nextHop = neighbours.lookup(route.ifIndex(), route.nextHop());
        witness.neighbour(route, nextHop);
        if (!nextHop.state().usable() || nextHop.state() == NeighbourState.NOARP) {
            return Path.kernel(generation, seen, Reason.NEIGHBOUR_UNRESOLVED);
        }
        if (nextHop.state() == NeighbourState.STALE && neighbours.refresh(route.ifIndex(), route.nextHop()) < 0) {
            // Refused without CAP_NET_ADMIN: the kernel sends for a second, and confirms the next hop by that.
            return Path.kernel(generation, seen, Reason.NEIGHBOUR_REFRESH);
        }
        if (route.source() == null) {
            return Path.kernel(generation, seen, Reason.NO_ROUTE);
        }
        final IpAddress from = source(route, socket, to);
        final long mac = policy.macOf(route.ifIndex());
        final HeaderTemplate template = to.isIpv4()
            ? new Ipv4HeaderTemplate(mac, nextHop.mac(), from.ipv4(), socket.port(), to.ipv4(), port,
                route.hopLimit() != 0 ? route.hopLimit() : ttl, socket.trafficClass())
            : new Ipv6HeaderTemplate(mac, nextHop.mac(), from.high(), from.low(), socket.port(), to.high(), to.low(), port,
                route.hopLimit(), socket.trafficClass(), flowLabels.of(from, socket.port(), to, port));
        return Path.ethernet(generation, seen, out, template, socket.mtuDiscovery().dontFragment(route.mtuLocked()),
            Math.min(route.mtu(), out.vi().capabilities().mtu()) - SendingSocket.headersTo(to));
    }

    /** The socket's own, or the one that the kernel would choose; a local address answers for itself. */
    private static IpAddress source(Route route, SendingSocket socket, IpAddress to) {
        if (!socket.source().isWildcard()) {
            return socket.source();
        }
        return route.source() == null ? to : IpAddress.of(route.source());
    }
}
