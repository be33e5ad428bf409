package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterSpec;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.group.Membership;
import io.accel.udp.socket.SocketText;
import io.accel.udp.socket.UdpSocket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The filters of one socket: one per interface and local address, full ones while it is connected, and one per group joined there.
 * Guarded by {@link Interfaces}.
 */
final class Steering {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private final UdpSocket socket;
    private final GroupSteering groupSteering;
    private final Map<EthernetInterface, Map<FilterSpec, Filter>> filters = new HashMap<>();
    private final Map<EthernetInterface, Map<FilterSpec, Reason>> refused = new HashMap<>();
    private boolean unicast;
    private GroupMember member;

    Steering(UdpSocket socket, GroupSteering groupSteering) {
        this.socket = socket;
        this.groupSteering = groupSteering;
    }

    UdpSocket socket() {
        return socket;
    }

    /** Whether datagrams to local addresses are to be taken. */
    void unicast(boolean now) {
        unicast = now;
    }

    boolean isUnicast() {
        return unicast;
    }

    /** Why the interface does not deliver what is for this socket's address, or null. */
    Reason refusal(EthernetInterface on) {
        return refused.getOrDefault(on, Map.of()).entrySet().stream().filter(each -> !each.getKey().local().isMulticastAddress())
            .map(Map.Entry::getValue).findFirst().orElse(null);
    }

    /** What interfaces take for the socket, and what they refused; a group that others hear was not even asked for. */
    List<FilterState> states() {
        final List<FilterState> states = new ArrayList<>();
        filters.forEach((on, installed) -> installed.forEach((spec, filter) ->
            states.add(FilterState.of(on.name(), spec, filter.mode().name(), socket, null))));
        refused.forEach((on, specs) -> specs.forEach((spec, reason) -> states.add(FilterState.of(on.name(), spec, null, socket, reason))));
        return states;
    }

    /** Whether a filter that is wanted could not be installed. */
    boolean isRefused() {
        return !refused.isEmpty();
    }

    /** Whether one was refused for want of room. */
    boolean foundTableFull() {
        return refused.values().stream().anyMatch(each -> each.containsValue(Reason.FILTER_TABLE_FULL));
    }

    /** The groups of this socket are to be taken, as they are when {@link #refresh} looks. */
    void groups(GroupMember of) {
        member = of;
    }

    boolean hasGroups() {
        return member != null && !member.wanted().isEmpty();
    }

    /** The groups that datagrams can reach it in. */
    Collection<Membership> groups() {
        return member == null ? List.of() : member.wanted().stream().filter(each -> member.isBoundFor(each.group())).toList();
    }

    /**
     * Makes the filters on an interface what they should be for its addresses now.
     *
     * @param localAddresses none of a version: nothing of it may be taken from it
     */
    void refresh(EthernetInterface on, List<IpAddress> localAddresses) {
        final Set<FilterSpec> desired = desired(on, localAddresses);
        if (hasGroups() && isFor(on)) {
            groupSteering.addTo(desired, on, member, localAddresses);
        }
        refused.computeIfPresent(on, (i, specs) -> specs.keySet().retainAll(desired) && specs.isEmpty() ? null : specs);
        if (desired.isEmpty() && !filters.containsKey(on)) {
            return;
        }
        // It stays with the interface when its last filter goes: what was taken before is still to be delivered.
        final Map<FilterSpec, Filter> installed = filters.computeIfAbsent(on, i -> {
            i.add(socket.endpoint());
            return new HashMap<>();
        });
        for (final FilterSpec spec : desired) {
            if (!installed.containsKey(spec)) {
                install(on, spec, installed);
            }
        }
        final boolean anyStale = installed.entrySet().removeIf(e -> {
            final boolean stale = !desired.contains(e.getKey());
            if (stale) {
                e.getValue().close();
            }
            return stale;
        });
        if (anyStale) {
            on.drain();
        }
    }

    private Set<FilterSpec> desired(EthernetInterface on, List<IpAddress> localAddresses) {
        final BoundAddress bound = socket.heard();
        final int port = socket.endpoint().localPort();
        final InetSocketAddress peer = socket.remote();
        final IpAddress connectedFrom = peer == null ? IpAddress.ANY_IPV6 : IpAddress.of(socket.local().getAddress());
        final Set<FilterSpec> specs = new HashSet<>();
        // Where the streams are somebody else's choice, who shares the port is as well.
        final boolean given = on.vi().capabilities().filterModes().isEmpty();
        if (!unicast && !given || bound == null || !isFor(on)) {
            return specs;
        }
        for (final IpAddress address : localAddresses) {
            if (bound.covers(address) && (connectedFrom.isWildcard() || isSame(connectedFrom, address))) {
                specs.add(peer == null ? FilterSpec.udpLocal(address.inetAddress(), port)
                    : FilterSpec.udpFull(address.inetAddress(), port, IpAddress.of(peer.getAddress()).inetAddress(), peer.getPort()));
            }
        }
        return specs;
    }

    boolean isFor(EthernetInterface on) {
        return socket.device() == 0 || socket.device() == on.ifIndex();
    }

    /** On one interface, where the scope tells nothing. */
    private static boolean isSame(IpAddress one, IpAddress other) {
        return one.high() == other.high() && one.low() == other.low();
    }

    private void install(EthernetInterface on, FilterSpec spec, Map<FilterSpec, Filter> installed) {
        try {
            if (spec.local().isMulticastAddress()) {
                installed.put(spec, groupSteering.install(on, spec));
                socket.watch().kernelFirst();
            } else {
                installed.put(spec, on.vi().addFilter(spec, FilterMode.STEAL));
            }
            refused.computeIfPresent(on, (i, specs) -> specs.remove(spec) != null && specs.isEmpty() ? null : specs);
        } catch (final FilterRefusedException e) {
            if (refused.computeIfAbsent(on, i -> new HashMap<>()).put(spec, e.reason()) != e.reason()) {
                LOGGER.log(Level.WARNING, "{0} gets no filter on {1}, the kernel receives for it: {2}: {3}",
                    SocketText.address(socket.local()), on.name(), e.reason(), e.getMessage());
            }
        }
    }

    /** Removes every filter. */
    void clear() {
        filters.forEach((on, installed) -> {
            installed.values().forEach(Filter::close);
            on.drain();
            on.remove(socket.endpoint());
        });
        filters.clear();
        refused.clear();
    }

    /** An interface is about to close, and its filters with it. */
    void forget(EthernetInterface gone) {
        refused.remove(gone);
        if (filters.remove(gone) != null) {
            gone.remove(socket.endpoint());
        }
    }
}
