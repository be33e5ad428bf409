package io.accel.udp.path;

import io.accel.udp.address.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * IPv6 flow labels (RFC 6437) by the kernel's rule for a socket that asks for none: a hash of the flow's ends that nobody outside can
 * predict, the same for all its datagrams, or 0 where {@code net.ipv6.auto_flowlabels} says so (include/net/ipv6.h,
 * {@code ip6_make_flowlabel}). Immutable; any thread.
 */
final class FlowLabels {
    private static final String SETTINGS = "/proc/sys/net/ipv6/";
    /** IP6_AUTO_FLOW_LABEL_OFF and _OPTIN: sockets that do not ask get none. */
    private static final int OFF = 0;
    private static final int OPT_IN = 2;
    private static final int OPT_OUT = 1;
    private static final int BITS = 20;
    /** IPV6_FLOWLABEL_STATELESS_FLAG: set where the upper half of the labels is reserved for such. */
    private static final int STATELESS = 0x80000;

    private final boolean automatic;
    private final int flag;
    private final long secret;

    FlowLabels(int setting, boolean stateRanges, long secret) {
        this.automatic = setting != OFF && setting != OPT_IN;
        this.flag = stateRanges ? STATELESS : 0;
        this.secret = secret;
    }

    /** As this network namespace is set now. */
    static FlowLabels ofHost() {
        return new FlowLabels(setting("auto_flowlabels", OPT_OUT), setting("flowlabel_state_ranges", 0) != 0,
            new SecureRandom().nextLong());
    }

    private static int setting(String name, int usual) {
        try {
            return Integer.parseInt(Files.readString(Path.of(SETTINGS + name)).trim());
        } catch (final IOException | NumberFormatException e) {
            return usual;
        }
    }

    int of(IpAddress source, int sourcePort, IpAddress destination, int port) {
        if (!automatic) {
            return 0;
        }
        long hash = mix(secret ^ source.high());
        hash = mix(hash ^ source.low());
        hash = mix(hash ^ destination.high());
        hash = mix(hash ^ destination.low());
        hash = mix(hash ^ ((long) sourcePort << Short.SIZE | port));
        return (int) (hash >>> Long.SIZE - BITS) | flag;
    }

    /** The finishing steps of MurmurHash3. */
    private static long mix(long value) {
        long mixed = value;
        mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
