package io.accel.udp.path;

import io.accel.core.Reason;
import io.accel.core.shm.ShmDomain;
import io.accel.udp.address.IpAddress;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.group.FanOut;
import io.accel.udp.group.GroupName;
import io.accel.udp.group.MulticastOptions;
import io.accel.udp.route.LocalAddress;
import io.accel.udp.route.NetworkDevice;
import io.accel.udp.route.NetworkDevices;
import io.accel.udp.route.Route;
import io.accel.udp.route.RouteQuery;
import io.accel.udp.route.RouteTable;
import io.accel.udp.route.RouteType;
import io.accel.udp.wire.HeaderTemplate;
import io.accel.udp.wire.Ipv4HeaderTemplate;
import io.accel.udp.wire.Ipv6HeaderTemplate;
import java.io.IOException;
import java.net.InetAddress;

/**
 * Decides how a socket's datagrams to a group go: which interface the kernel would choose, who on this host hears them, and whether they
 * leave it. Any thread; slow.
 *
 * <p>On the loopback interface, which IPv6 groups do not have, everybody is on this host: members of ours get a message, and where others
 * listen, the kernel gets a tagged copy. On another interface a frame of ours bypasses the kernel's loop-back, so that it is ours only
 * while no socket of this host needs that.
 */
public final class GroupResolver {
    /** RFC 1112 §6.4: an IPv4 group's low 23 bits go below this. */
    private static final long IPV4_GROUP_MAC = 0x0100_5E00_0000L;
    private static final long IPV4_GROUP_MAC_BITS = 0x007F_FFFF;
    /** RFC 2464 §7: an IPv6 group's low 32 bits go below this. */
    private static final long IPV6_GROUP_MAC = 0x3333_0000_0000L;
    private static final long IPV6_GROUP_MAC_BITS = 0xFFFF_FFFFL;
    private static final int[] NOBODY = {};

    private final NetworkDevices devices;
    private final RouteTable routes;
    private final PathPolicy policy;
    private final FlowLabels flowLabels = FlowLabels.ofHost();

    public GroupResolver(NetworkDevices devices, RouteTable routes, PathPolicy policy) {
        this.devices = devices;
        this.routes = routes;
        this.policy = policy;
    }

    /**
     * Decides.
     *
     * @param generation the socket's
     * @param fd         the shadow's descriptor, which is asked for its options
     * @param witness    is told by what it was decided
     */
    public Path resolve(Generation generation, int fd, SendingSocket socket, IpAddress group, int port, PathWitness witness) {
        final int seen = generation.get();
        try {
            final MulticastOptions options = MulticastOptions.of(fd, group.version());
            final Question question = new Question(generation, socket, group.unscoped(), port, witness);
            final Route route = group.isIpv4() ? ipv4Route(options, question) : ipv6Route(options, question, group.scope());
            witness.route(route);
            final NetworkDevice device = devices.byIndex(route.ifIndex());
            if (route.type() != RouteType.MULTICAST || device == null || route.source() == null) {
                return Path.kernel(generation, seen, Reason.NO_ROUTE);
            }
            // Whatever the answer says, the kernel rejects what is sent so (net/ipv6/route.c, fib6_is_reject).
            if (device.loopback() && !group.isIpv4()) {
                return Path.kernel(generation, seen, Reason.NO_ROUTE);
            }
            final boolean mayMatch = policy.firewallMayMatch(device.name(), group.version());
            witness.firewall(device.name(), group.version(), mayMatch);
            if (mayMatch) {
                return Path.kernel(generation, seen, Reason.FIREWALL);
            }
            return device.loopback() ? onLoopback(seen, question, route) : onWire(seen, question, route, options);
        } catch (final IOException e) {
            return Path.kernel(generation, seen, Reason.NO_ROUTE);
        }
    }

    private record Question(Generation generation, SendingSocket socket, IpAddress group, int port, PathWitness witness) {
    }

    /** The kernel's choice of interface and source, net/ipv4/udp.c udp_sendmsg: IP_MULTICAST_IF gives both what is not given. */
    private Route ipv4Route(MulticastOptions options, Question q) throws IOException {
        final IpAddress asked = options.interfaceAddress();
        final IpAddress source = q.socket.source().isWildcard() ? asked : q.socket.source();
        final InetAddress from = source.isWildcard() ? null : source.inetAddress();
        final int device = asked.isWildcard() ? q.socket.device() : deviceOf(asked.inetAddress());
        return routes.lookup(new RouteQuery(q.group.inetAddress(), from, q.socket.port(), q.port, q.socket.trafficClass(), device));
    }

    /** The kernel's choice, net/ipv6/udp.c udpv6_sendmsg: the socket's device, the destination's scope, IPV6_MULTICAST_IF. */
    private Route ipv6Route(MulticastOptions options, Question q, int scope) {
        final InetAddress from = q.socket.source().isWildcard() ? null : q.socket.source().inetAddress();
        final int device = q.socket.device() != 0 ? q.socket.device() : scope != 0 ? scope : options.interfaceIndex();
        return routes.lookup(new RouteQuery(q.group.inetAddress(), from, q.socket.port(), q.port, q.socket.trafficClass(), device));
    }

    /** The address that members are told: the socket's own, or the kernel's choice. */
    private static IpAddress source(Question q, Route route) {
        return (q.socket.source().isWildcard() ? IpAddress.of(route.source()) : q.socket.source()).on(route.ifIndex());
    }

    private int deviceOf(InetAddress address) throws IOException {
        for (final LocalAddress each : devices.addresses()) {
            if (each.address().equals(address)) {
                return each.ifIndex();
            }
        }
        return 0;
    }

    private Path onLoopback(int seen, Question q, Route route) {
        final ShmDomain messages = q.socket.messages();
        if (messages == null) {
            q.witness.messages(policy.messagesReason());
            return Path.kernel(q.generation, seen, policy.messagesReason());
        }
        q.witness.messages(null);
        final String name = GroupName.members(q.group, q.port, route.ifIndex());
        final int stripe = messages.stripe(name);
        final long version = messages.version(stripe);
        final int[] members = messages.lookupAll(name);
        if (members == null || members.length == 0) {
            final Reason reason = members == null ? Reason.DATAPATH_FAILED : Reason.NO_LOCAL_PEER;
            q.witness.receivers(0, reason);
            return Path.unpublished(q.generation, seen, reason, messages, stripe, version);
        }
        q.witness.receivers(members.length, null);
        final boolean copied = isHeardByKernel(q, route);
        final FanOut fanOut = new FanOut(q.group, q.port, route.ifIndex(), (int) version, members, source(q, route), copied,
            messages.tag());
        return onHost(seen, q, route, fanOut, messages, stripe, version);
    }

    private boolean isHeardByKernel(Question q, Route route) {
        final boolean heard = policy.isHeardByKernel(q.group, q.port, route.ifIndex());
        q.witness.audience(heard);
        return heard;
    }

    /** As to a unicast address of this host: what the kernel would cut nobody sees, what it would refuse is left to it. */
    private Path onHost(int seen, Question q, Route route, FanOut fanOut, ShmDomain messages, int stripe, long version) {
        return Path.group(q.generation, seen, null, null, false, q.socket.longestOnHost(route, q.group), fanOut, q.socket.port(), messages,
            stripe, version);
    }

    private Path onWire(int seen, Question q, Route route, MulticastOptions options) {
        final EthernetInterface out = policy.interfaceOf(route.ifIndex());
        final Reason closed = policy.whyNot(out, route.ifName());
        q.witness.netInterface(route.ifName(), closed);
        if (closed != null) {
            return Path.kernel(q.generation, seen, closed);
        }
        if (route.unsupported() || route.gateway()) {
            return Path.kernel(q.generation, seen, Reason.UNSUPPORTED_ROUTE);
        }
        final ShmDomain messages = options.loop() ? q.socket.messages() : null;
        final String name = GroupName.members(q.group, q.port, route.ifIndex());
        final int stripe = messages == null ? 0 : messages.stripe(name);
        final long version = messages == null ? 0 : messages.version(stripe);
        final int[] members = messages == null ? NOBODY : messages.lookupAll(name);
        if (members == null) {
            return Path.unpublished(q.generation, seen, Reason.DATAPATH_FAILED, messages, stripe, version);
        }
        if (options.loop() && isHeardByKernel(q, route)) {
            return messages == null ? Path.kernel(q.generation, seen, Reason.GROUP_SHARED)
                : Path.unpublished(q.generation, seen, Reason.GROUP_SHARED, messages, stripe, version);
        }
        final FanOut fanOut = new FanOut(q.group, q.port, route.ifIndex(), (int) version, members, source(q, route), false, 0);
        if (options.ttl() == 0) {
            return members.length == 0 ? Path.kernel(q.generation, seen, Reason.NO_LOCAL_PEER)
                : onHost(seen, q, route, fanOut, messages, stripe, version);
        }
        final HeaderTemplate template = template(q, source(q, route), policy.macOf(route.ifIndex()), options.ttl());
        final int maxPayload = Math.min(route.mtu(), out.vi().capabilities().mtu()) - SendingSocket.headersTo(q.group);
        return Path.group(q.generation, seen, out, template, q.socket.mtuDiscovery().dontFragment(route.mtuLocked()), maxPayload, fanOut,
            q.socket.port(), messages, stripe, version);
    }

    private HeaderTemplate template(Question q, IpAddress from, long mac, int ttl) {
        final IpAddress to = q.group;
        if (to.isIpv4()) {
            return new Ipv4HeaderTemplate(mac, IPV4_GROUP_MAC | to.ipv4() & IPV4_GROUP_MAC_BITS, from.ipv4(), q.socket.port(), to.ipv4(),
                q.port, ttl, q.socket.trafficClass());
        }
        return new Ipv6HeaderTemplate(mac, IPV6_GROUP_MAC | to.low() & IPV6_GROUP_MAC_BITS, from.high(), from.low(), q.socket.port(),
            to.high(), to.low(), q.port, ttl, q.socket.trafficClass(), flowLabels.of(from, q.socket.port(), to, q.port));
    }
}
