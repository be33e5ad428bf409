package io.accel.udp.stack;

import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.path.Generation;
import io.accel.udp.path.SourceVerdicts;
import io.accel.udp.route.LocalAddress;
import io.accel.udp.route.NetworkDevices;
import io.accel.udp.route.RouteQuery;
import io.accel.udp.route.RouteTable;
import io.accel.udp.route.RouteType;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whose datagrams the kernel would take: its own answer (docs/adr/0007). Changes of routes, rules and addresses are announced; the
 * settings that count are not, and are looked at.
 */
final class HostSources {
    private static final Logger LOGGER = System.getLogger("io.accel");
    private static final String[] DEPENDS_ON = {"rp_filter", "accept_local", "route_localnet"};
    private static final String ALL = "all";
    private static final int LOOPBACK = 127;
    private static final IpAddress LOOPBACK_IPV6 = new IpAddress(0, 1, 0);
    private static final int PEERS_OF_AN_INTERFACE_BITS = 13;
    private static final int PEERS_OF_A_SOCKET_BITS = 4;

    private final NetworkDevices devices;
    private final RouteTable routes;
    /** What has been an address of this host: a datagram may be read long after its sender's address is gone. */
    private final Set<IpAddress> ours = ConcurrentHashMap.newKeySet();
    private final Generation generation = new Generation();
    private final Map<String, String> settings = new HashMap<>();

    /** @param devices stays the caller's */
    HostSources(NetworkDevices devices) throws IOException {
        // One of its own: whoever polls must not wait for a sender that looks up its route.
        routes = RouteTable.open(devices);
        this.devices = devices;
        learnAddresses();
    }

    /** For what comes in over IPv4 by a device. */
    SourceVerdicts by(int ifIndex) {
        return new SourceVerdicts((source, destination) ->
            routes.isDelivered(ifIndex, source.inetAddress(), unicast(ifIndex, destination)), generation, PEERS_OF_AN_INTERFACE_BITS);
    }

    /**
     * The kernel judges a source alike whatever the group (net/ipv4/route.c, ip_mc_validate_source). It must not be asked with the group,
     * since its answer then is also whether somebody is a member at this moment, of whose changes nobody tells.
     */
    private InetAddress unicast(int ifIndex, int destination) throws IOException {
        final IpAddress address = IpAddress.ipv4(destination);
        if (!address.isMulticast()) {
            return address.inetAddress();
        }
        for (final LocalAddress each : devices.addresses()) {
            if (each.ifIndex() == ifIndex && each.address() instanceof Inet4Address) {
                return each.address();
            }
        }
        throw new IOException("the interface has no address");
    }

    /** For what comes to a socket bound there from others of this host, which send from its own addresses only. */
    SourceVerdicts ofThisHost(BoundAddress bound) {
        return new SourceVerdicts((source, ignored) -> bound.takes(source.version()) && isOurs(source), generation, PEERS_OF_A_SOCKET_BITS);
    }

    private boolean isOurs(IpAddress address) {
        // The kernel takes a look-up of the wildcard for one of the loopback address.
        if (address.isWildcard() || address.scope() == 0 == address.needsScope()) {
            return false;
        }
        if (isLoopback(address) || ours.contains(address)) {
            return true;
        }
        final RouteQuery query = new RouteQuery(address.inetAddress(), null, 0, 0, 0, address.scope());
        final boolean local = routes.lookup(query).type() == RouteType.LOCAL;
        if (local) {
            ours.add(address);
        }
        return local;
    }

    private static boolean isLoopback(IpAddress address) {
        return address.isIpv4() ? address.ipv4() >>> 24 == LOOPBACK : address.equals(LOOPBACK_IPV6);
    }

    /** After a change of addresses. */
    void learnAddresses() {
        try {
            for (final LocalAddress each : devices.addresses()) {
                ours.add(each.ip());
            }
        } catch (final IOException e) {
            LOGGER.log(Level.WARNING, "the addresses of this host cannot be read, each is asked for by itself: {0}", e.getMessage());
        }
    }

    /** After whatever may change the kernel's mind. */
    void forget() {
        generation.advance();
    }

    /** Forgets when the settings of a device have changed since the last call, or cannot be told. The watcher's. */
    void checkSettings(String device) {
        final StringBuilder now = new StringBuilder();
        try {
            for (final String each : DEPENDS_ON) {
                now.append(read(ALL, each)).append(read(device, each));
            }
        } catch (final IOException e) {
            // Where it is not told, nothing may be kept for longer than a second.
            forget();
            return;
        }
        if (!now.toString().equals(settings.put(device, now.toString()))) {
            forget();
        }
    }

    private static String read(String device, String setting) throws IOException {
        return Files.readString(Path.of("/proc/sys/net/ipv4/conf", device, setting));
    }
}
