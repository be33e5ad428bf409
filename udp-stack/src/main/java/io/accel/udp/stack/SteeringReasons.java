package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpVersion;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.group.Membership;
import io.accel.udp.route.NetworkDevice;
import io.accel.udp.route.NetworkDevices;
import java.util.Map;
import java.util.Set;

/**
 * Why the kernel receives for a socket what an interface of the fast path would bring. A datagram that comes through the kernel does
 * not tell its interface: with several, the first that has a reason is blamed. Views of what {@link Interfaces} keeps, and guarded by it.
 */
final class SteeringReasons {
    private final NetworkDevices devices;
    private final Map<Integer, EthernetInterface> open;
    private final Map<String, OpenFailure> failures;
    private final Map<String, Set<IpVersion>> firewalled;
    private final GroupSteering groups;

    SteeringReasons(NetworkDevices devices, Map<Integer, EthernetInterface> open, Map<String, OpenFailure> failures,
                    Map<String, Set<IpVersion>> firewalled, GroupSteering groups) {
        this.devices = devices;
        this.open = open;
        this.failures = failures;
        this.firewalled = firewalled;
        this.groups = groups;
    }

    /** Null: nothing keeps it from the fast path. */
    Reason of(Steering steering) {
        final Reason ofGroups = ofGroups(steering);
        return ofGroups != null || !steering.isUnicast() ? ofGroups : ofAddress(steering);
    }

    private Reason ofGroups(Steering steering) {
        for (final Membership each : steering.groups()) {
            final EthernetInterface on = open.get(each.ifIndex());
            final Reason reason = on == null ? failure(each.ifIndex())
                : isFirewalled(on, each.group().version()) ? Reason.FIREWALL
                : groups.refusal(on, each.group(), steering.socket().endpoint().localPort());
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }

    private Reason ofAddress(Steering steering) {
        final BoundAddress bound = steering.socket().shadow().bound();
        for (final EthernetInterface on : open.values()) {
            final Reason refusal = steering.refusal(on);
            if (refusal != null) {
                return refusal;
            }
            if (steering.isFor(on) && isFirewalledWholly(on, bound)) {
                return Reason.FIREWALL;
            }
        }
        return failures.isEmpty() ? null : ofClosed(bound);
    }

    private Reason ofClosed(BoundAddress bound) {
        for (final Map.Entry<String, OpenFailure> each : failures.entrySet()) {
            final NetworkDevice device = devices.byName(each.getKey());
            if (device != null && Interfaces.isMeant(bound, devices, device)) {
                return each.getValue().reason();
            }
        }
        return null;
    }

    private boolean isFirewalled(EthernetInterface on, IpVersion version) {
        return firewalled.getOrDefault(on.name(), Set.of()).contains(version);
    }

    /** Whether nothing at all that is for this address may be taken from the interface. */
    private boolean isFirewalledWholly(EthernetInterface on, BoundAddress bound) {
        boolean any = false;
        for (final IpVersion version : IpVersion.values()) {
            if (bound.takes(version)) {
                if (!isFirewalled(on, version)) {
                    return false;
                }
                any = true;
            }
        }
        return any;
    }

    private Reason failure(int ifIndex) {
        final NetworkDevice device = failures.isEmpty() ? null : devices.byIndex(ifIndex);
        final OpenFailure failure = device == null ? null : failures.get(device.name());
        return failure == null ? null : failure.reason();
    }
}
