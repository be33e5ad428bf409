package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.UnavailableException;
import io.accel.core.config.Configuration;
import io.accel.core.config.Option;
import io.accel.core.config.Options;
import io.accel.core.shm.ShmDomain;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.IpVersion;
import io.accel.udp.group.Membership;
import io.accel.udp.path.Path;
import io.accel.udp.route.BoundSocket;
import io.accel.udp.route.NetworkDevice;
import io.accel.udp.route.NetworkDevices;
import io.accel.udp.route.SocketInventory;
import io.accel.udp.socket.ShadowAddress;
import io.accel.udp.socket.SocketText;
import io.accel.udp.socket.UdpSocket;
import io.accel.udp.state.DryStep;
import io.accel.udp.state.DryVerdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What would become of a socket, before there is one: the stack itself is asked, with the options of a program, on datapaths that are
 * looked at and not opened. Nobody can send to its sockets, whose shadows have neither the port nor the groups that they stand for, so
 * that nothing is taken from anybody and nothing is on a wire; only a stale next hop is confirmed, as by a send. Slow.
 */
public final class DryRun implements AutoCloseable {
    private final Configuration configuration;
    private final NetworkDevices devices;
    /** Null: the process would have none, for {@link #unavailable}. */
    private final UdpStack stack;
    private final Reason unavailable;

    /** @throws IOException when the kernel's tables cannot be read */
    public DryRun(Configuration configuration) throws IOException {
        this.configuration = configuration;
        Reason why = null;
        try {
            ProcessStack.check(configuration);
        } catch (final UnavailableException e) {
            why = e.reason();
        }
        unavailable = why;
        devices = why == null ? NetworkDevices.open() : null;
        stack = why == null ? new UdpStack(configuration, new LookedAtDatapaths(devices), ShmDomain::openUnnamed) : null;
    }

    /** A socket bound so. @param shadow of another port, with the address and port that are asked for, and the program's options */
    public DryVerdict bind(ShadowAddress shadow) throws IOException {
        final String question = "bind " + SocketText.address(shadow.local());
        if (stack == null) {
            return unavailable(question);
        }
        final DrySteps steps = new DrySteps(stack.firewall(), stack.interfaces());
        options(steps);
        final UdpSocket socket = stack.bind(shadow);
        final String refusal = port(steps, socket);
        interfaces(steps, socket);
        firewall(steps, socket);
        final List<String> via = filters(steps, socket);
        return new DryVerdict(question, steps.list(), socket.isKernelOnly() ? List.of() : via, socket.receiveReason(), refusal);
    }

    /** What such a socket sends. @param bytes of the payload */
    public DryVerdict send(ShadowAddress shadow, InetSocketAddress to, int bytes) {
        final String question = "udp " + SocketText.address(shadow.local()) + " -> " + SocketText.address(to);
        if (stack == null) {
            return unavailable(question);
        }
        final DrySteps steps = new DrySteps(stack.firewall(), stack.interfaces());
        options(steps);
        final UdpSocket socket = stack.bind(shadow);
        if (socket.isKernelOnly()) {
            interfaces(steps, socket);
        }
        final IpAddress destination = IpAddress.of(to.getAddress());
        final Path path = socket.canSendTo(destination) ? socket.resolve(destination, to.getPort(), steps) : socket.refused();
        final Reason reason = UdpSocket.reasonOf(path, bytes);
        if (path.isFast()) {
            steps.add("length", bytes + " bytes, at most " + path.maxPayload() + " go in one piece",
                bytes > path.maxPayload() ? Reason.EXCEEDS_MTU : null);
        }
        final String via = !path.isFast() || reason == Reason.EXCEEDS_MTU ? null : path.ethernet() == null ? "lo" : path.ethernet().name();
        return new DryVerdict(question, steps.list(), via == null ? List.of() : List.of(via), reason, null);
    }

    /** What such a socket receives as a member of a group. @param ifName null: the interface that the kernel chooses */
    public DryVerdict join(ShadowAddress shadow, InetAddress group, String ifName) throws IOException {
        final String asked = "join " + group.getHostAddress() + (ifName == null ? "" : "%" + ifName) + " at "
            + SocketText.address(shadow.local());
        if (stack == null) {
            return unavailable(asked);
        }
        final DrySteps steps = new DrySteps(stack.firewall(), stack.interfaces());
        options(steps);
        final NetworkDevice on = ifName == null ? devices.byIndex(stack.groupInterface(group)) : devices.byName(ifName);
        if (on == null) {
            return new DryVerdict(asked, steps.list(), List.of(), null, ifName == null ? "no route leads to the group: name an interface"
                : "there is no interface " + ifName);
        }
        steps.add("interface", on.name() + (ifName == null ? ", as the kernel chooses" : ""), null);
        final UdpSocket socket = stack.bind(shadow);
        interfaces(steps, socket);
        socket.memberships(List.of(Membership.ofAll(IpAddress.of(group, 0).unscoped(), on.ifIndex())));
        firewall(steps, socket);
        final List<String> via = filters(steps, socket).stream().filter(each -> each.equals(on.name())
            || each.equals("lo") && on.loopback()).toList();
        final Reason reason = socket.receiveReason();
        return new DryVerdict(asked, steps.list(), via, reason != null || !via.isEmpty() ? reason
            : stack.interfaces().reason(on.name()), null);
    }

    private DryVerdict unavailable(String question) {
        return new DryVerdict(question, List.of(new DryStep("process", unavailable.text(), unavailable)), List.of(), unavailable, null);
    }

    private void options(DrySteps steps) {
        final StringBuilder text = new StringBuilder();
        for (final Option<?> each : List.of(Options.PROFILE, Options.INTERFACES, Options.FIREWALL, Options.REQUIRE)) {
            text.append(text.isEmpty() ? "" : ", ").append(each.property()).append('=').append(configuration.get(each)).append(" (")
                .append(configuration.origin(each)).append(')');
        }
        steps.add("options", text.toString(), null);
    }

    /** @return what the kernel refuses, or null */
    private String port(DrySteps steps, UdpSocket socket) throws IOException {
        final ShadowAddress shadow = socket.shadow();
        final long own = SocketInventory.inode(shadow.fd());
        final List<BoundSocket> others = stack.inventory().onPort(shadow.port()).stream()
            .filter(each -> each.inode() != own && shadow.bound().overlaps(each.bound())).toList();
        if (others.isEmpty()) {
            steps.add("port", "nobody else has it", null);
            return null;
        }
        final List<String> users = others.stream().map(each -> "user " + each.user()).distinct().toList();
        final String shared = (others.size() == 1 ? "a socket" : others.size() + " sockets") + " of " + String.join(", ", users)
            + " on port " + shadow.port();
        steps.add("port", shared, socket.options().mayShare() ? Reason.SHARED_PORT : null);
        return socket.options().mayShare() ? null : "the address is in use by " + shared + "; where both allow it (SO_REUSEADDR), --reuse";
    }

    private void interfaces(DrySteps steps, UdpSocket socket) {
        final Reason messages = stack.messages() == null && stack.messagesReason() != null ? Reason.valueOf(stack.messagesReason()) : null;
        steps.messages(messages);
        for (final InterfaceState each : stack.interfaces().states()) {
            steps.netInterface(each.name(), each.reason(), each.open() != null
                ? each.datapath() + ", " + each.open().vi().capabilities().mode()
                : "not asked, as " + SocketText.address(socket.local()) + " is none of its addresses");
        }
    }

    private void firewall(DrySteps steps, UdpSocket socket) {
        for (final var each : stack.ethernet()) {
            for (final IpVersion version : IpVersion.values()) {
                if (socket.shadow().bound().takes(version)) {
                    steps.firewall(each.name(), version, stack.firewall().mayMatch(each.name(), version));
                }
            }
        }
    }

    /** @return what carries datagrams to the socket */
    private List<String> filters(DrySteps steps, UdpSocket socket) {
        final List<String> via = new ArrayList<>();
        if (stack.messages() != null) {
            via.add("lo");
        }
        for (final FilterState each : stack.interfaces().filters()) {
            steps.add("filter on " + each.netInterface(), each.stream() + (each.reason() == null ? ": " + each.mode() + "s it"
                : ": " + each.reason().text()), each.reason());
            if (each.reason() == null && !via.contains(each.netInterface())) {
                via.add(each.netInterface());
            }
        }
        return via;
    }

    /** Ends the stack. */
    @Override
    public void close() {
        if (stack != null) {
            stack.leave();
            devices.close();
        }
    }
}
