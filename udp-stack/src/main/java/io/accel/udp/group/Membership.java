package io.accel.udp.group;

import io.accel.udp.address.IpAddress;
import java.util.Comparator;
import java.util.List;

/**
 * That a socket has joined a group on an interface: all sources but some, or some only (RFC 3376 §2, RFC 3810 §3). Immutable.
 *
 * @param group    without scope
 * @param ifIndex  index of the interface it was joined on
 * @param included whether {@code sources} are the only ones wanted; else the ones not wanted
 * @param sources  of the group's IP version
 */
public record Membership(IpAddress group, int ifIndex, boolean included, List<IpAddress> sources) {
    private static final Comparator<IpAddress> ORDER = Comparator.comparingLong(IpAddress::high).thenComparingLong(IpAddress::low);

    /** Puts the sources in one order, so that equal memberships are equal. */
    public Membership {
        sources = sources.stream().sorted(ORDER).toList();
    }

    /** Of all sources. */
    public static Membership ofAll(IpAddress group, int ifIndex) {
        return new Membership(group, ifIndex, false, List.of());
    }

    /** Of one source. */
    public static Membership ofOne(IpAddress group, int ifIndex, IpAddress source) {
        return new Membership(group, ifIndex, true, List.of(source));
    }

    /** Whether a datagram of this source is wanted. */
    public boolean accepts(long sourceHigh, long sourceLow) {
        for (int i = 0; i < sources.size(); i++) {
            final IpAddress each = sources.get(i);
            if (each.low() == sourceLow && each.high() == sourceHigh) {
                return included;
            }
        }
        return !included;
    }

    /** Whether it is of that group and interface. */
    public boolean isOf(long groupHigh, long groupLow, int onInterface) {
        return group.low() == groupLow && group.high() == groupHigh && ifIndex == onInterface;
    }

    /** Whether it is of that group and interface. */
    public boolean isOf(IpAddress toGroup, int onInterface) {
        return isOf(toGroup.high(), toGroup.low(), onInterface);
    }
}
