package io.accel.udp.group;

import io.accel.udp.address.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What one socket is a member of, and what it was before. A message is judged by what held when its sender looked: each carries the
 * version of the directory that its sender saw, and each membership the versions between which it holds. So a datagram that was queued
 * before a leave or a block is still received, as the kernel's queue keeps it, and none that was sent later, until the queue has been
 * found empty and the past is forgotten. Immutable. Versions are compared by their difference, as they wrap.
 */
public final class GroupTable {
    /** Of a socket that joined nothing. */
    public static final GroupTable EMPTY = new GroupTable(new Entry[0], new Entry[0]);

    /** Of a socket that nobody reads while it joins and leaves, what was queued longest ago is given up. */
    private static final int MAX_LAPSED = 64;

    private final Entry[] current;
    private final Entry[] lapsed;

    private GroupTable(Entry[] current, Entry[] lapsed) {
        this.current = current;
        this.lapsed = lapsed;
    }

    /** @param since first version of it; @param until first version no more, of those that have lapsed */
    private record Entry(Membership membership, int since, int until) {
        boolean accepts(long groupHigh, long groupLow, int ifIndex, long sourceHigh, long sourceLow) {
            return membership.isOf(groupHigh, groupLow, ifIndex) && membership.accepts(sourceHigh, sourceLow);
        }

        boolean holdsFrom(int version) {
            return version - since >= 0;
        }

        boolean heldUntil(int version) {
            return version - until < 0;
        }
    }

    /** What holds now. */
    public List<Membership> memberships() {
        return Arrays.stream(current).map(Entry::membership).toList();
    }

    /**
     * The table after a change.
     *
     * @param memberships all that hold now, each once
     * @param versionOf   the version of the directory, by group, which senders see that are to know of the change
     */
    public GroupTable changedTo(Collection<Membership> memberships, ToIntFunction<IpAddress> versionOf) {
        final List<Entry> now = new ArrayList<>();
        final List<Entry> past = new ArrayList<>(Arrays.asList(lapsed));
        for (final Entry each : current) {
            if (memberships.contains(each.membership)) {
                now.add(each);
            } else {
                past.add(new Entry(each.membership, each.since, versionOf.applyAsInt(each.membership.group())));
            }
        }
        final List<Membership> known = current();
        if (past.size() > MAX_LAPSED) {
            past.subList(0, past.size() - MAX_LAPSED).clear();
        }
        for (final Membership each : memberships) {
            if (!known.contains(each)) {
                now.add(new Entry(each, versionOf.applyAsInt(each.group()), 0));
            }
        }
        return new GroupTable(now.toArray(Entry[]::new), past.toArray(Entry[]::new));
    }

    /** The table once everything has been read that was queued under it. */
    public GroupTable drained() {
        return new GroupTable(current, EMPTY.lapsed);
    }

    /** Whether something queued may be received for a membership that is no more. */
    public boolean hasLapsed() {
        return lapsed.length != 0;
    }

    /** What holds now. */
    public List<Membership> current() {
        return Arrays.stream(current).map(Entry::membership).toList();
    }

    /** Whether a datagram that arrives at this moment is wanted. */
    public boolean accepts(long groupHigh, long groupLow, int ifIndex, long sourceHigh, long sourceLow) {
        for (final Entry each : current) {
            if (each.accepts(groupHigh, groupLow, ifIndex, sourceHigh, sourceLow)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a datagram is wanted whose sender saw this version of the directory. */
    public boolean accepts(long groupHigh, long groupLow, int ifIndex, long sourceHigh, long sourceLow, int version) {
        for (final Entry each : current) {
            if (each.accepts(groupHigh, groupLow, ifIndex, sourceHigh, sourceLow) && each.holdsFrom(version)) {
                return true;
            }
        }
        for (final Entry each : lapsed) {
            if (each.accepts(groupHigh, groupLow, ifIndex, sourceHigh, sourceLow) && each.holdsFrom(version) && each.heldUntil(version)) {
                return true;
            }
        }
        return false;
    }
}
