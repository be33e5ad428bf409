package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.config.InterfaceSelection;
import io.accel.core.datapath.DatapathException;
import io.accel.core.vi.NicDescription;
import io.accel.core.vi.Shortfall;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.IpVersion;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.ethernet.Flusher;
import io.accel.udp.flight.FlightEvents;
import io.accel.udp.path.Generation;
import io.accel.udp.route.LocalAddress;
import io.accel.udp.route.NetworkDevice;
import io.accel.udp.route.NetworkDevices;
import io.accel.udp.socket.UdpSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The interfaces that are named, or offered by their drivers: opened at the first bind that wants one, dropped when the link, the device or
 * the VI fails, opened again when they are back. Meanwhile the kernel carries their traffic, and the reason is kept.
 */
final class Interfaces {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private final Candidates candidates;
    private final Configuration configuration;
    private final DatapathSource datapaths;
    private final NetworkDevices devices;
    private final HostFirewall firewall;
    private final Generation generation;
    private final Flusher flusher = new Flusher();
    private final HostSources sources;
    private final Map<Integer, EthernetInterface> byIndex = new ConcurrentHashMap<>();
    private volatile EthernetInterface[] open = {};
    private final Map<String, OpenFailure> failures = new ConcurrentHashMap<>();
    /** What was said of the failures, in words; kept for the report. */
    private final Map<String, String> refusals = new TreeMap<>();
    /** What interfaces lacked of what was asked for when they were opened last, in words. */
    private final Map<String, String> shortfalls = new TreeMap<>();
    /** Members of clusters, and where they are. */
    private final Map<String, String> clusters = new HashMap<>();
    private final Map<Integer, Long> macs = new ConcurrentHashMap<>();
    private final Set<String> wanted = new HashSet<>();
    /** The versions of which nothing is steered to an interface, since the host's rules may apply. */
    private final Map<String, Set<IpVersion>> firewalled = new ConcurrentHashMap<>();
    private final Map<UdpSocket, Steering> steered = new HashMap<>();
    private final GroupSteering groupSteering;
    private final SteeringReasons reasons;
    private final Runnable onFailure;
    /** Since the last second. */
    private boolean repaired;
    /** What went through VIs that are closed: a report must not lose it. */
    private final Map<String, InterfaceTotals> closed = new HashMap<>();
    private final Map<String, NicDescription> closedNics = new HashMap<>();

    /** @param onFailure called by any thread that finds a VI failed: {@link #repair} is wanted */
    Interfaces(Configuration configuration, DatapathSource datapaths, NetworkDevices devices, HostFirewall firewall,
               Generation generation, HostSources sources, Audience audience, Runnable onFailure) {
        this.configuration = configuration;
        this.datapaths = datapaths;
        this.devices = devices;
        this.firewall = firewall;
        this.generation = generation;
        this.groupSteering = new GroupSteering(audience);
        this.candidates = new Candidates(configuration, datapaths);
        this.reasons = new SteeringReasons(devices, byIndex, failures, firewalled, groupSteering);
        this.sources = sources;
        this.onFailure = onFailure;
    }

    boolean isAnyConfigured() {
        return !candidates.all().isEmpty();
    }

    EthernetInterface byIndex(int ifIndex) {
        return byIndex.get(ifIndex);
    }

    /** Those that are open; not to be written. */
    EthernetInterface[] open() {
        return open;
    }

    /** Why an interface is not open. */
    Reason reason(String ifName) {
        final OpenFailure failure = failures.get(ifName);
        return failure == null ? Reason.NOT_ACCELERATED_INTERFACE : failure.reason();
    }

    /** MAC address of an open interface. */
    long mac(int ifIndex) {
        return macs.getOrDefault(ifIndex, 0L);
    }

    /**
     * Opens what a socket bound to this address could use.
     *
     * @return whether one of the interfaces is meant, open or not
     */
    synchronized boolean openFor(BoundAddress bound) {
        boolean any = false;
        for (final InterfaceSelection.Entry each : candidates.all()) {
            // One that does not exist is meant by nobody, and must be told of all the same; a cluster's place is known once it is open.
            if (!candidates.areOffered() && devices.byName(deviceName(each)) == null && wanted.add(each.interfaceName())) {
                reconcile(each);
            }
            final NetworkDevice device = devices.byName(deviceName(each));
            final boolean meant = bound.isWildcard() || device != null && isMeant(bound, devices, device);
            any |= meant;
            if (meant && wanted.add(each.interfaceName())) {
                reconcile(each);
            }
        }
        return any;
    }

    /** After a change of links or addresses. */
    synchronized void refresh() {
        candidates.discover();
        reconcileWanted();
        refreshSteering();
    }

    /** Once a second: what failed may be back, a VI may have failed without an event, and rules come and go without one. */
    synchronized void tick() {
        failures.replaceAll((name, failure) -> failure.ticked());
        boolean changed = false;
        boolean broken = !failures.isEmpty();
        for (final EthernetInterface each : open) {
            each.tick();
            broken |= !each.isUsable();
            changed |= !firewalledVersions(each).equals(firewalled.get(each.name()));
            sources.checkSettings(each.name());
        }
        final EthernetInterface[] before = open;
        repaired = false;
        if (broken) {
            reconcileWanted();
        }
        if (changed || open != before) {
            refreshSteering();
        } else {
            refreshGroups();
            retryRefused();
        }
    }

    /** Filters that others had taken come free without a word. Ends at a table that is still full: it is for all. */
    private void retryRefused() {
        Map<EthernetInterface, List<IpAddress>> addresses = null;
        for (final Steering each : steered.values()) {
            if (each.isRefused()) {
                addresses = addresses == null ? steerable() : addresses;
                refreshSteering(each, addresses);
                if (each.foundTableFull()) {
                    return;
                }
            }
        }
    }

    /** A VI has failed: its filters must not take more from the kernel. One that fails again within the second waits for the next. */
    synchronized void repair() {
        final EthernetInterface[] before = open;
        for (final EthernetInterface each : before) {
            dropIfBad(each.name(), devices.byName(each.name()));
        }
        if (!repaired) {
            repaired = true;
            reconcileWanted();
        }
        if (open != before) {
            refreshSteering();
        }
    }

    /** Sockets that hear a group come and go without a word. */
    private void refreshGroups() {
        refreshSteering(steered.values().stream().filter(Steering::hasGroups).toList());
    }

    private void reconcileWanted() {
        for (final InterfaceSelection.Entry each : candidates.all()) {
            if (wanted.contains(each.interfaceName())) {
                reconcile(each);
            }
        }
    }

    private void reconcile(InterfaceSelection.Entry each) {
        final String name = deviceName(each);
        final NetworkDevice device = devices.byName(name);
        dropIfBad(name, device);
        final OpenFailure failure = failures.get(name);
        if (currentOf(name) == null && (failure == null || failure.isDue(device))) {
            reopen(each, device);
        }
    }

    private void dropIfBad(String name, NetworkDevice device) {
        final EthernetInterface current = currentOf(name);
        if (current == null) {
            return;
        }
        if (device == null || !device.running() || device.ifIndex() != current.ifIndex()) {
            drop(current, Reason.INTERFACE_DOWN);
        } else if (!current.isUsable()) {
            drop(current, current.failure());
        } else if (device.mac() != mac(current.ifIndex()) || device.mtu() != current.mtu()) {
            drop(current, Reason.INTERFACE_CHANGED);
        }
    }

    private EthernetInterface currentOf(String name) {
        for (final EthernetInterface each : byIndex.values()) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        return null;
    }

    /** Where it is: of a cluster it is known once it was open. */
    private String deviceName(InterfaceSelection.Entry each) {
        return clusters.getOrDefault(each.interfaceName(), each.interfaceName());
    }

    private void reopen(InterfaceSelection.Entry each, NetworkDevice known) {
        final String name = deviceName(each);
        try {
            if (known != null || !InterfaceSelection.isCluster(name)) {
                checkRunning(name, known);
            }
            final VirtualInterface vi = datapaths.byName(each.datapath()).open(each.interfaceName(), configuration);
            final NetworkDevice device = known != null ? known : deviceOfCluster(each, vi);
            macs.put(device.ifIndex(), device.mac());
            final EthernetInterface made = new EthernetInterface(device.name(), device.ifIndex(), device.mtu(), vi, flusher,
                sources.by(device.ifIndex()));
            made.onFailure(onFailure);
            byIndex.put(device.ifIndex(), made);
            open = byIndex.values().toArray(EthernetInterface[]::new);
            failures.keySet().removeAll(List.of(name, device.name()));
            refusals.keySet().removeAll(List.of(name, device.name()));
            generation.advance();
            LOGGER.log(Level.INFO, "{0} is accelerated: {1}, {2}", each.interfaceName(), each.datapath(), vi.capabilities().mode());
            tellShortfall(each, vi);
            if (FlightEvents.on()) {
                FlightEvents.interfaceOpened(device.name(), each.datapath(), vi.capabilities().mode(),
                    vi.shortfall().map(Shortfall::reason).orElse(null));
            }
        } catch (final DatapathException e) {
            final OpenFailure before = failures.get(name);
            failures.put(name, OpenFailure.next(before, e.reason(), known));
            refusals.put(name, each.datapath() + " " + e.reason() + ": " + e.getMessage());
            if (before == null || before.reason() != e.reason()) {
                LOGGER.log(candidates.areOffered() ? Level.DEBUG : Level.WARNING, "{0} is not accelerated: {1}: {2}", name, e.reason(),
                    e.getMessage());
                if (FlightEvents.on()) {
                    FlightEvents.interfaceRefused(name, each.datapath(), e.reason(), e.getMessage());
                }
            }
        }
    }

    /** Once, and again when it changes: an interface may be opened often. */
    private void tellShortfall(InterfaceSelection.Entry each, VirtualInterface vi) {
        final String words = vi.shortfall().map(is -> each.datapath() + " " + is.reason() + ": " + is.message()).orElse(null);
        final String before = words == null ? shortfalls.remove(each.interfaceName()) : shortfalls.put(each.interfaceName(), words);
        if (words != null && !words.equals(before)) {
            LOGGER.log(Level.WARNING, "{0} is accelerated in part: {1}", each.interfaceName(), words);
        }
    }

    private static void checkRunning(String name, NetworkDevice device) throws DatapathException {
        if (device == null) {
            throw new DatapathException(Reason.NO_INTERFACE, "there is no interface " + name + "; correct accel.interfaces or create it");
        }
        if (!device.running()) {
            throw new DatapathException(Reason.INTERFACE_DOWN, name + " is down or has no carrier; 'ip link set " + name + " up'");
        }
    }

    private NetworkDevice deviceOfCluster(InterfaceSelection.Entry each, VirtualInterface vi) throws DatapathException {
        final String name = vi.capabilities().name();
        final NetworkDevice device = devices.byName(name);
        if (device == null || byIndex.containsKey(device.ifIndex())) {
            vi.close();
            throw device == null
                ? new DatapathException(Reason.NO_INTERFACE, each.interfaceName() + " is on an interface of another network namespace")
                : new DatapathException(Reason.QUEUE_TAKEN, name + " is open already: name it once in accel.interfaces, as itself or by one"
                    + " member of a cluster");
        }
        clusters.put(each.interfaceName(), name);
        return device;
    }

    private void drop(EthernetInterface gone, Reason reason) {
        failures.put(gone.name(), OpenFailure.next(null, reason, null));
        byIndex.remove(gone.ifIndex());
        open = byIndex.values().toArray(EthernetInterface[]::new);
        generation.advance();
        // Told when it is so: whoever sends from now on is sent by the kernel.
        LOGGER.log(Level.WARNING, "{0} has failed or changed, the kernel carries its traffic until it is opened again: {1}, {2}",
            gone.name(), reason, reason.text());
        if (FlightEvents.on()) {
            FlightEvents.interfaceLost(gone.name(), reason);
        }
        gone.drain();
        steered.values().forEach(s -> s.forget(gone));
        groupSteering.forget(gone);
        gone.close();
        closed.merge(gone.name(), InterfaceTotals.of(gone).failedBy(reason), InterfaceTotals::plus);
        gone.vi().nic().ifPresent(nic -> closedNics.put(gone.name(), nic));
    }

    /** What went through each interface that has been open, those that are closed now included. */
    Collection<InterfaceTotals> totals() {
        return totalsByName().values();
    }

    /** The same, by the interface's name. */
    synchronized Map<String, InterfaceTotals> totalsByName() {
        final Map<String, InterfaceTotals> totals = new TreeMap<>(closed);
        for (final EthernetInterface each : open) {
            totals.merge(each.name(), InterfaceTotals.of(each), InterfaceTotals::plus);
        }
        return totals;
    }

    /** The interfaces that are named or offered, as they are now. */
    synchronized List<InterfaceState> states() {
        return candidates.all().stream().map(each -> {
            final EthernetInterface current = currentOf(deviceName(each));
            final OpenFailure failure = failures.get(deviceName(each));
            return new InterfaceState(each.interfaceName(), each.datapath(), current, failure == null ? null : failure.reason(),
                current == null ? Map.of() : current.vi().levels());
        }).toList();
    }

    /** What is steered to the interfaces, and what is not that should be. */
    synchronized List<FilterState> filters() {
        return steered.values().stream().flatMap(each -> Stream.concat(each.states().stream(), groupSteering.shared(each).stream()))
            .sorted(Comparator.comparing(FilterState::netInterface).thenComparing(FilterState::stream)).toList();
    }

    /** Why interfaces are not open that should be, in words, by their names: the datapath, the reason, the remedy. */
    synchronized Map<String, String> refusals() {
        return new TreeMap<>(refusals);
    }

    /** What interfaces lack of what was asked for, in words, by their names: the datapath, the reason, the remedy. */
    synchronized Map<String, String> shortfalls() {
        return new TreeMap<>(shortfalls);
    }

    /** What the NICs behind the interfaces tell, where they do, by the interface's name; of one that is closed what it told last. */
    synchronized Map<String, NicDescription> nics() {
        final Map<String, NicDescription> nics = new TreeMap<>(closedNics);
        for (final EthernetInterface each : open) {
            each.vi().nic().ifPresent(nic -> nics.put(each.name(), nic));
        }
        return nics;
    }

    /** Whether datagrams to this address can come to one of the interface's. */
    static boolean isMeant(BoundAddress bound, NetworkDevices devices, NetworkDevice device) {
        return bound.isWildcard() || localAddresses(devices).stream().filter(each -> each.ifIndex() == device.ifIndex())
            .map(LocalAddress::ip).anyMatch(bound::covers);
    }

    /** The host's addresses that the kernel delivers to. */
    private static List<LocalAddress> localAddresses(NetworkDevices devices) {
        try {
            return devices.addresses().stream().filter(LocalAddress::isUsable).toList();
        } catch (final IOException e) {
            LOGGER.log(Level.WARNING, "the addresses of this host cannot be read, nothing is steered to it: {0}", e.getMessage());
            return List.of();
        }
    }

    // ---- filters

    /** Has the interfaces deliver to this socket what is for its address. */
    synchronized void steer(UdpSocket socket) {
        if (!candidates.all().isEmpty()) {
            final Steering steering = steering(socket);
            steering.unicast(true);
            refreshSteering(steering);
        }
    }

    /** Has the kernel get what comes for this socket's address, but what an interface takes in any case. */
    synchronized void unsteer(UdpSocket socket) {
        final Steering steering = clusters.isEmpty() ? steered.get(socket) : steering(socket);
        if (steering != null) {
            steering.unicast(false);
            refreshSteering(steering);
        }
    }

    /** Has the interfaces deliver to this socket what comes for its groups, as far as nobody else hears it. */
    synchronized void groups(GroupMember member) {
        if (!candidates.all().isEmpty()) {
            final Steering steering = steering(member.socket());
            steering.groups(member);
            refreshSteering(steering);
            groupSteering.retain(steered.values());
        }
    }

    /** Has the kernel get all that comes for this socket. */
    synchronized void remove(UdpSocket socket) {
        final Steering steering = steered.remove(socket);
        if (steering != null) {
            steering.clear();
            groupSteering.retain(steered.values());
        }
    }

    private Steering steering(UdpSocket socket) {
        return steered.computeIfAbsent(socket, each -> new Steering(each, groupSteering));
    }

    /** The socket's peer changed. */
    synchronized void connected(UdpSocket socket) {
        final Steering steering = steered.get(socket);
        if (steering != null) {
            refreshSteering(steering);
        }
    }

    private void refreshSteering() {
        refreshSteering(steered.values());
    }

    private void refreshSteering(Steering steering) {
        refreshSteering(List.of(steering));
    }

    private void refreshSteering(Collection<Steering> some) {
        if (!some.isEmpty()) {
            final Map<EthernetInterface, List<IpAddress>> addresses = steerable();
            some.forEach(each -> refreshSteering(each, addresses));
            if (groupSteering.hasChanged()) {
                // Others may share the filters that come or go.
                steered.values().stream().filter(groupSteering::hasChangedFor).forEach(each -> refreshSteering(each, addresses));
                groupSteering.tell();
            }
        }
    }

    private void refreshSteering(Steering steering, Map<EthernetInterface, List<IpAddress>> addresses) {
        addresses.forEach(steering::refresh);
        steering.socket().steeringReason(reasons.of(steering));
    }

    /** The addresses for which datagrams may be taken from each open interface: none where the host's rules may apply. */
    private Map<EthernetInterface, List<IpAddress>> steerable() {
        final Map<EthernetInterface, List<IpAddress>> addresses = new LinkedHashMap<>();
        final List<LocalAddress> local = localAddresses(devices);
        for (final EthernetInterface each : open) {
            final Set<IpVersion> blocked = firewalledVersions(each);
            firewalled.put(each.name(), blocked);
            addresses.put(each, local.stream().filter(a -> a.ifIndex() == each.ifIndex()).map(LocalAddress::ip)
                .filter(a -> !blocked.contains(a.version())).toList());
        }
        return addresses;
    }

    private Set<IpVersion> firewalledVersions(EthernetInterface each) {
        final Set<IpVersion> versions = EnumSet.noneOf(IpVersion.class);
        for (final IpVersion version : IpVersion.values()) {
            if (firewall.mayMatch(each.name(), version)) {
                versions.add(version);
            }
        }
        return versions;
    }
}
