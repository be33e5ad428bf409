package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.shm.ShmDomain;
import io.accel.core.shm.ShmVirtualInterface;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.endpoint.ChannelCounters;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.flight.FlightEvents;
import io.accel.udp.group.Membership;
import io.accel.udp.management.ManagementBeans;
import io.accel.udp.path.Generation;
import io.accel.udp.path.GroupResolver;
import io.accel.udp.path.PathResolver;
import io.accel.udp.route.Neighbours;
import io.accel.udp.route.NetworkChange;
import io.accel.udp.route.NetworkDevices;
import io.accel.udp.route.NetworkEvents;
import io.accel.udp.route.RouteQuery;
import io.accel.udp.route.RouteTable;
import io.accel.udp.route.SocketInventory;
import io.accel.udp.socket.ShadowAddress;
import io.accel.udp.socket.ShadowOptions;
import io.accel.udp.socket.ShadowWatch;
import io.accel.udp.socket.SocketText;
import io.accel.udp.socket.UdpSocket;
import io.accel.udp.socket.Watcher;
import io.accel.udp.state.StackView;
import io.accel.udp.tap.TapSwitch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;

/**
 * The user-space UDP/IP stack of one JVM: its message medium, its Ethernet interfaces, and the sockets bound to them. Interfaces open
 * at the first bind that wants them. Any thread.
 */
public final class UdpStack {
    private final Configuration configuration;
    private final Generation generation = new Generation();
    private final NetworkDevices devices;
    private final NetworkEvents events;
    private final MessageMedium messages;
    private final HostFirewall firewall;
    private final HostSources sources;
    private final Interfaces interfaces;
    private final RouteTable routes;
    private final SocketInventory inventory;
    private final Groups groups;
    private final PathResolver resolver;
    private final GroupResolver groupResolver;
    private final SharedPorts sharedPorts;
    private final FormerPeers formerPeers;
    private final Watcher watcher;
    private final SocketRegister register = new SocketRegister();
    private final StackCounters counters;
    /** Null: there is no file for it. */
    private final StatePublisher publisher;
    /** Null: there are no files for it. */
    private final TapSwitch taps;
    private final Runnable endOfFlightEvents;
    private final StackView view = new StackStates(this);
    private final ManagementBeans beans;
    private volatile Reason unavailable;

    /** @throws IOException when the kernel's tables cannot be read: nothing can be accelerated */
    public UdpStack(Configuration configuration) throws IOException {
        this(configuration, new Datapaths());
    }

    /** @param datapaths drives the named interfaces, by the datapath's name, in place of the built-in ones */
    public UdpStack(Configuration configuration, DatapathSource datapaths) throws IOException {
        this(configuration, datapaths, ShmDomain::open);
    }

    UdpStack(Configuration configuration, DatapathSource datapaths, MessageMedium.Opening opening) throws IOException {
        this.configuration = configuration;
        devices = NetworkDevices.open();
        events = NetworkEvents.open();
        messages = new MessageMedium(configuration, opening);
        firewall = new HostFirewall(configuration, devices);
        sources = new HostSources(devices);
        inventory = SocketInventory.open();
        final Audience audience = new Audience(messages, inventory);
        interfaces = new Interfaces(configuration, datapaths, devices, firewall, generation, sources, audience, this::callWatcher);
        groups = new Groups(messages, devices, interfaces, audience);
        final StackPolicy policy = new StackPolicy(messages, interfaces, firewall, audience);
        routes = RouteTable.open(devices);
        resolver = new PathResolver(generation, routes, Neighbours.open(), policy);
        groupResolver = new GroupResolver(devices, routes, policy);
        sharedPorts = new SharedPorts(new PortSteering(), inventory);
        formerPeers = new FormerPeers(inventory);
        counters = new StackCounters(configuration);
        publisher = counters.state().map(file -> new StatePublisher(file, new StateDocument(configuration))).orElse(null);
        endOfFlightEvents = FlightEvents.install(() -> view.totals().drops());
        beans = new ManagementBeans(view, configuration.get(Options.JMX));
        taps = counters.capture().map(TapSwitch::new).orElse(null);
        watcher = new Watcher(events.fd(), this::drainEvents, generation::advance, this::tick, interfaces::repair);
    }

    /** UDP channels that are opened from now on are the JDK's. */
    public void unavailable(Reason why) {
        unavailable = why;
        FlightEvents.unavailable(why, why.text());
    }

    /** That has passed: channels that are opened from now on are accelerated. */
    public void available() {
        unavailable = null;
    }

    /** Why such channels are the JDK's, or null: they are not. */
    Reason unavailable() {
        return unavailable;
    }

    /** What it does, for those who report. */
    public StackView view() {
        return view;
    }

    private void callWatcher() {
        watcher.call();
    }

    public Configuration configuration() {
        return configuration;
    }

    public Generation generation() {
        return generation;
    }

    public PathResolver resolver() {
        return resolver;
    }

    /** For destinations that are IPv4 groups. */
    public GroupResolver groupResolver() {
        return groupResolver;
    }

    /** The message medium, or null where there is none; opens it. */
    public ShmDomain messages() {
        return messages.domain();
    }

    /** A channel is opened: opens the message medium, so that the first bind needs no descriptor beside the socket's. */
    public void prepare() {
        messages.domain();
    }

    /** Whether the message medium is open. */
    public boolean isPrepared() {
        return messages.isOpen();
    }

    /** The Ethernet interfaces that are open now; not to be written. */
    public EthernetInterface[] ethernet() {
        return interfaces.open();
    }

    /** Why the message medium is not open, or null: no channel has wanted it yet. */
    String messagesReason() {
        return messages.reasonName();
    }

    Interfaces interfaces() {
        return interfaces;
    }

    HostFirewall firewall() {
        return firewall;
    }

    SocketInventory inventory() {
        return inventory;
    }

    /** Sockets that are open, and a bounded number of those that were. */
    public SocketRegister register() {
        return register;
    }

    /** Takes on a socket that the kernel has bound. Never throws because it cannot be accelerated: that is a reason. */
    public UdpSocket bind(ShadowAddress shadow) {
        final ShadowOptions options = ShadowOptions.read(shadow.fd());
        final Reason refusal = refusal(shadow);
        final UdpSocket socket;
        if (refusal != null) {
            socket = new UdpSocket(this, shadow, options, null, null, refusal);
        } else {
            final ShmVirtualInterface vi = messages.openVi(options.receiveBytes());
            final UdpEndpoint endpoint = new UdpEndpoint(shadow.bound(), shadow.port(), options.receiveBytes(), vi,
                vi == null ? null : sources.ofThisHost(shadow.bound()));
            socket = new UdpSocket(this, shadow, options, endpoint, new ShadowWatch(watcher, shadow.fd()), null);
            groups.bound(socket);
            sharedPorts.admit(socket);
        }
        register.opened(socket);
        if (FlightEvents.on()) {
            FlightEvents.channelOpened(SocketText.address(socket.local()), refusal);
        }
        return socket;
    }

    private Reason refusal(ShadowAddress shadow) {
        // A socket that is bound to a group hears it on every interface where it joins.
        final BoundAddress bound = shadow.bound();
        final boolean ethernet = interfaces.openFor(bound.address().isMulticast() ? bound.wildcard() : bound);
        if (messages.domain() == null && !ethernet) {
            return interfaces.isAnyConfigured() ? Reason.NOT_ACCELERATED_INTERFACE : messages.reason();
        }
        return null;
    }

    /** By both media. */
    private final class PortSteering implements SharedPorts.Steering {
        @Override
        public void steer(UdpSocket socket) {
            messages.publish(socket);
            interfaces.steer(socket);
        }

        @Override
        public void unsteer(UdpSocket socket) {
            UdpStack.this.unsteer(socket);
        }

        @Override
        public void announceShared(UdpSocket socket, boolean shared) {
            if (shared) {
                messages.announceShared(socket);
            } else {
                messages.withdrawShared(socket);
            }
        }
    }

    private void unsteer(UdpSocket socket) {
        messages.withdraw(socket);
        interfaces.unsteer(socket);
    }

    /** The socket's port may be shared from now on. */
    public void mayShare(UdpSocket socket) {
        sharedPorts.mayShare(socket);
    }

    /** The socket's shadow has connected; it takes its peer's datagrams only. The caller holds both of its sides. */
    public void connected(UdpSocket socket, InetSocketAddress peer) {
        if (!socket.isKernelOnly()) {
            groups.readdressed(socket);
            socket.endpoint().connect(IpAddress.of(peer.getAddress()).on(socket.device()), peer.getPort());
            interfaces.connected(socket);
            messages.connected(socket);
        }
    }

    /** The socket's shadow has disconnected. */
    public void disconnected(UdpSocket socket) {
        if (!socket.isKernelOnly()) {
            socket.hearsFormerPeerAlone(formerPeers.isKept(socket));
            socket.endpoint().disconnect();
            groups.readdressed(socket);
            interfaces.connected(socket);
            messages.connected(socket);
        }
    }

    /** Index of the interface on which the kernel joins a group when none is named (net/ipv4/igmp.c ip_mc_find_dev), or 0. */
    public int groupInterface(InetAddress group) {
        return routes.lookup(RouteQuery.to(group)).ifIndex();
    }

    /** The socket's shadow is about to join a group. */
    public void joining(UdpSocket socket, Membership membership) {
        groups.joining(socket, membership);
    }

    /** The socket's shadow has joined or left groups, or wants other sources: this is what it is a member of now. */
    public void memberships(UdpSocket socket, Collection<Membership> now) {
        groups.change(socket, now);
    }

    /** The kernel is to receive for this socket from now on. */
    public void leaveToKernel(UdpSocket socket) {
        sharedPorts.remove(socket);
        groups.leaveToKernel(socket);
        unsteer(socket);
        interfaces.remove(socket);
    }

    /** The socket's user has left it; its shadow closes next. */
    public void closed(UdpSocket socket) {
        if (socket.isKernelOnly()) {
            told(socket);
            return;
        }
        sharedPorts.remove(socket);
        groups.closed(socket);
        unsteer(socket);
        interfaces.remove(socket);
        socket.endpoint().abandon();
        told(socket);
        socket.watch().close();
        socket.endpoint().close();
    }

    /** Its counts are the last. */
    private void told(UdpSocket socket) {
        register.closed(socket);
        if (FlightEvents.on()) {
            final ChannelCounters counts = socket.counters();
            FlightEvents.channelClosed(SocketText.address(socket.local()),
                socket.remote() == null ? null : SocketText.address(socket.remote()), counts.fastReceived, counts.fastSent,
                counts.kernelReceived, counts.kernelSent);
        }
    }

    private void drainEvents() {
        final int changed = events.drain();
        if ((changed & ~NetworkChange.NEIGHBOUR_STATE) == 0) {
            return;
        }
        if ((changed & (NetworkChange.LINK | NetworkChange.ADDRESS | NetworkChange.OVERRUN)) != 0) {
            interfaces.refresh();
        }
        if ((changed & (NetworkChange.ADDRESS | NetworkChange.OVERRUN)) != 0) {
            sources.learnAddresses();
        }
        sources.forget();
        generation.advance();
    }

    private void tick() {
        messages.tick();
        interfaces.tick();
        sharedPorts.check();
        counters.update(register, this);
        if (publisher != null) {
            publisher.tick(this);
        }
        beans.tick();
        if (taps != null) {
            taps.tick();
        }
        generation.advance();
    }

    /** Gives everything back that other processes could see. At exit: sockets may still be in use by threads that are about to end. */
    public void leave() {
        endOfFlightEvents.run();
        watcher.close();
        beans.close();
        counters.close();
        messages.leave();
    }

    /** Whether a channel that cannot be accelerated must be refused. */
    public boolean isAccelerationRequired() {
        return configuration.get(Options.REQUIRE);
    }
}
