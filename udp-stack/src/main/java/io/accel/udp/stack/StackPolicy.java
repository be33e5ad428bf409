package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.IpVersion;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.path.PathPolicy;

/** What the path resolver asks, answered from the stack's parts. */
record StackPolicy(MessageMedium medium, Interfaces interfaces, HostFirewall firewall, Audience audience) implements PathPolicy {
    @Override
    public Reason messagesReason() {
        return medium.reason();
    }

    @Override
    public EthernetInterface interfaceOf(int ifIndex) {
        return interfaces.byIndex(ifIndex);
    }

    @Override
    public Reason interfaceReason(String ifName) {
        return interfaces.reason(ifName);
    }

    @Override
    public long macOf(int ifIndex) {
        return interfaces.mac(ifIndex);
    }

    @Override
    public boolean firewallMayMatch(String device, IpVersion version) {
        return firewall.mayMatch(device, version);
    }

    @Override
    public boolean isHeardByKernel(IpAddress group, int port, int ifIndex) {
        return audience.isHeardByKernel(group, port, ifIndex);
    }
}
