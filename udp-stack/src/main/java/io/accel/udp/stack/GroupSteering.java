package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterSpec;
import io.accel.udp.address.IpAddress;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.group.Membership;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The filters for groups, each shared by all sockets that want it: installed for the first, removed with the last, and only while
 * nobody outside of this stack hears the group: XDP steals, and a NIC that replicates gives copies to other VIs, not to the kernel, whose
 * MAC filter ranks below. Guarded by {@link Interfaces}.
 */
final class GroupSteering {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private record Place(EthernetInterface on, FilterSpec spec) {
    }

    private static final class Shared {
        private final Filter filter;
        private int users;

        Shared(Filter filter) {
            this.filter = filter;
        }
    }

    private final Audience audience;
    private final Map<Place, Shared> installed = new HashMap<>();
    private final Map<Place, Boolean> refused = new HashMap<>();
    private final Map<Place, Boolean> untold = new LinkedHashMap<>();

    GroupSteering(Audience audience) {
        this.audience = audience;
    }

    /**
     * Adds the specs of the groups that may be taken from an interface for a socket.
     *
     * @param localAddresses of the interface; none of a version: nothing of that may be taken
     */
    void addTo(Set<FilterSpec> specs, EthernetInterface on, GroupMember member, List<IpAddress> localAddresses) {
        final int port = member.socket().endpoint().localPort();
        for (final Membership each : member.wanted()) {
            if (each.ifIndex() == on.ifIndex() && member.isBoundFor(each.group())
                && localAddresses.stream().anyMatch(address -> address.version() == each.group().version())) {
                final FilterSpec spec = FilterSpec.udpLocal(each.group().inetAddress(), port);
                if (mayTake(new Place(on, spec), each.group(), port)) {
                    specs.add(spec);
                }
            }
        }
    }

    private boolean mayTake(Place place, IpAddress group, int port) {
        final boolean shared = audience.isHeardOutside(group, port, place.on.ifIndex());
        final Boolean before = refused.put(place, shared);
        if (shared != Boolean.TRUE.equals(before)) {
            untold.put(place, shared);
        }
        return !shared;
    }

    /** Whether there is anything to {@link #tell}. */
    boolean hasChanged() {
        return !untold.isEmpty();
    }

    /** Whether it is of a group that this socket wants. */
    boolean hasChangedFor(Steering wanting) {
        return untold.keySet().stream().anyMatch(each -> isWanted(wanting, each));
    }

    /** Logs which groups others hear now, and which no longer: when the filters of all who want them are as it says. */
    void tell() {
        // A logger of the program's may open channels, which comes back to here.
        final Map<Place, Boolean> changed = new LinkedHashMap<>(untold);
        untold.clear();
        changed.forEach((place, shared) -> {
            final String local = place.spec.local().getHostAddress();
            final String port = Integer.toString(place.spec.localPort().getAsInt());
            if (shared) {
                LOGGER.log(Level.INFO, "udp {0}:{1} on {2} uses the kernel: {3}, {4}; {5}", local, port, place.on.name(),
                    Reason.GROUP_SHARED, Reason.GROUP_SHARED.text(), Reason.GROUP_SHARED.remedy());
            } else {
                LOGGER.log(Level.INFO, "udp {0}:{1} on {2} is accelerated again", local, port, place.on.name());
            }
        });
    }

    /** Why a group is not taken from an interface, or null: it is. */
    Reason refusal(EthernetInterface on, IpAddress group, int port) {
        final Place place = new Place(on, FilterSpec.udpLocal(group.inetAddress(), port));
        if (Boolean.TRUE.equals(refused.get(place))) {
            return Reason.GROUP_SHARED;
        }
        return installed.containsKey(place) ? null : Reason.FILTER_REFUSED;
    }

    /** The groups that are not taken for a socket since others hear them. */
    List<FilterState> shared(Steering wanting) {
        return refused.entrySet().stream().filter(each -> each.getValue() && isWanted(wanting, each.getKey()))
            .map(each -> FilterState.of(each.getKey().on.name(), each.getKey().spec, null, wanting.socket(), Reason.GROUP_SHARED)).toList();
    }

    /** Installs a filter, or shares the one that is there; each closes what it got. */
    Filter install(EthernetInterface on, FilterSpec spec) throws FilterRefusedException {
        final Place place = new Place(on, spec);
        Shared shared = installed.get(place);
        if (shared == null) {
            shared = new Shared(on.vi().addFilter(spec, modeOf(on)));
            installed.put(place, shared);
        }
        shared.users++;
        return new Use(place, shared);
    }

    /** Where the NIC replicates, groups cannot be had otherwise. */
    private static FilterMode modeOf(EthernetInterface on) {
        return on.vi().capabilities().filterModes().contains(FilterMode.REPLICATE) ? FilterMode.REPLICATE : FilterMode.STEAL;
    }

    /** Forgets what is known of groups that no socket wants any more. */
    void retain(Collection<Steering> wanting) {
        refused.keySet().removeIf(place -> wanting.stream().noneMatch(each -> isWanted(each, place)));
        untold.keySet().retainAll(refused.keySet());
    }

    private static boolean isWanted(Steering steering, Place place) {
        final IpAddress group = IpAddress.of(place.spec.local(), 0);
        return steering.socket().endpoint().localPort() == place.spec.localPort().getAsInt()
            && steering.groups().stream().anyMatch(each -> each.isOf(group, place.on.ifIndex()));
    }

    /** An interface is about to close, and its filters with it. */
    void forget(EthernetInterface gone) {
        installed.keySet().removeIf(place -> place.on == gone);
        refused.keySet().removeIf(place -> place.on == gone);
        untold.keySet().removeIf(place -> place.on == gone);
    }

    private final class Use implements Filter {
        private final Place place;
        private final Shared shared;
        private boolean closed;

        Use(Place place, Shared shared) {
            this.place = place;
            this.shared = shared;
        }

        @Override
        public FilterSpec spec() {
            return shared.filter.spec();
        }

        @Override
        public FilterMode mode() {
            return shared.filter.mode();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                if (--shared.users == 0) {
                    installed.remove(place, shared);
                    shared.filter.close();
                }
            }
        }
    }
}
