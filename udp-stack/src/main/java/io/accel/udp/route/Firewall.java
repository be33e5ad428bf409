package io.accel.udp.route;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Errno;
import io.accel.udp.address.IpVersion;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether frames that bypass the kernel would bypass a rule: nftables, the legacy iptables, tc filters and shapers, IPsec policies, BPF
 * programs of tcx and of our cgroup. Conservative: a rule counts unless it is seen to concern another protocol or device, or only to
 * accept. A verdict is kept for a second. Any thread; a call that asks the kernel takes some 100 µs.
 *
 * <p>Without CAP_NET_ADMIN most rules cannot be read: the verdict is then UNKNOWN, which does not block. Bridge families are not looked
 * at.
 */
public final class Firewall {
    private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int TEXT = 256;
    private static final String[] CHECKS = {"nftables", "iptables", "tc", "IPsec policies", "BPF programs"};

    private record Traffic(String device, IpVersion version) {
    }

    private record Entry(FirewallVerdict verdict, long time) {
    }

    private final NetworkDevices devices;
    private final LongSupplier nanoTime;
    private final Map<Traffic, Entry> cache = new HashMap<>();

    /**
     * @param devices  asked for interface indices; stays the caller's
     * @param nanoTime as System.nanoTime
     */
    public Firewall(NetworkDevices devices, LongSupplier nanoTime) {
        this.devices = devices;
        this.nanoTime = nanoTime;
    }

    /** For datagrams in or out of this device; "lo" for those between local addresses. A device that is gone is clear. */
    public synchronized FirewallVerdict verdict(String device, IpVersion version) {
        final Traffic traffic = new Traffic(device, version);
        final long now = nanoTime.getAsLong();
        final Entry entry = cache.get(traffic);
        if (entry != null && now - entry.time < MAX_AGE_NANOS) {
            return entry.verdict;
        }
        final FirewallVerdict verdict = ask(device, version);
        cache.put(traffic, new Entry(verdict, now));
        return verdict;
    }

    private FirewallVerdict ask(String name, IpVersion version) {
        final NetworkDevice device = devices.byName(name);
        if (device == null) {
            return FirewallVerdict.CLEAR;
        }
        final StringBuilder unknown = new StringBuilder();
        final long text = Memory.allocateAligned(TEXT, Long.BYTES);
        try {
            for (int check = 0; check < CHECKS.length; check++) {
                final int result = RouteNatives.firewall(check, device.name(), device.ifIndex(), version == IpVersion.IPV6, text, TEXT);
                if (result > 0) {
                    return new FirewallVerdict(FirewallVerdict.State.MAY_MATCH, string(text));
                }
                if (result < 0) {
                    unknown.append(unknown.isEmpty() ? "" : "; ").append(CHECKS[check]).append(": ").append(Errno.text(result));
                }
            }
        } finally {
            Memory.freeAligned(text);
        }
        return unknown.isEmpty() ? FirewallVerdict.CLEAR : new FirewallVerdict(FirewallVerdict.State.UNKNOWN, unknown.toString());
    }

    private static String string(long text) {
        final byte[] bytes = new byte[TEXT];
        int length = 0;
        while (length < TEXT && (bytes[length] = Memory.getByte(text + length)) != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
