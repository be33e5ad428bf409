package io.accel.udp.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.udp.address.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupTableTest {
    private static final IpAddress GROUP = IpAddress.ipv4(0xEFFF0C07);
    private static final IpAddress OTHER_GROUP = IpAddress.ipv4(0xEFFF0C08);
    private static final int INTERFACE = 3;
    private static final IpAddress SOURCE = IpAddress.ipv4(0x0A4D0001);
    private static final IpAddress OTHER_SOURCE = IpAddress.ipv4(0x0A4D0002);
    private static final IpAddress THIRD_SOURCE = IpAddress.ipv4(0x0A4D000A);
    private static final Membership ANY = Membership.ofAll(GROUP, INTERFACE);
    private static final Membership ONLY = Membership.ofOne(GROUP, INTERFACE, SOURCE);
    private static final Membership ALL_BUT = new Membership(GROUP, INTERFACE, false, List.of(SOURCE));

    private static GroupTable change(GroupTable table, int version, Membership... now) {
        return table.changedTo(List.of(now), group -> version);
    }

    private static boolean accepts(GroupTable table, IpAddress group, int ifIndex, IpAddress source) {
        return table.accepts(group.high(), group.low(), ifIndex, source.high(), source.low());
    }

    private static boolean accepts(GroupTable table, IpAddress group, int ifIndex, IpAddress source, int version) {
        return table.accepts(group.high(), group.low(), ifIndex, source.high(), source.low(), version);
    }

    @Test
    void joinedNothingHearsNothing() {
        assertThat(accepts(GroupTable.EMPTY, GROUP, INTERFACE, SOURCE)).isFalse();
        assertThat(accepts(GroupTable.EMPTY, GROUP, INTERFACE, SOURCE, 0)).isFalse();
        assertThat(GroupTable.EMPTY.hasLapsed()).isFalse();
    }

    @Test
    void aGroupOnAnInterface() {
        final GroupTable table = change(GroupTable.EMPTY, 5, ANY);
        assertThat(accepts(table, GROUP, INTERFACE, SOURCE)).isTrue();
        assertThat(accepts(table, GROUP, INTERFACE, SOURCE, 5)).isTrue();
        assertThat(accepts(table, OTHER_GROUP, INTERFACE, SOURCE)).isFalse();
        assertThat(accepts(table, GROUP, INTERFACE + 1, SOURCE)).isFalse();
        assertThat(table.current()).containsExactly(ANY);
    }

    @Test
    void sourcesIncludedAndExcluded() {
        final GroupTable only = change(GroupTable.EMPTY, 5, ONLY, Membership.ofOne(GROUP, INTERFACE, THIRD_SOURCE));
        assertThat(accepts(only, GROUP, INTERFACE, SOURCE)).isTrue();
        assertThat(accepts(only, GROUP, INTERFACE, THIRD_SOURCE)).isTrue();
        assertThat(accepts(only, GROUP, INTERFACE, OTHER_SOURCE)).isFalse();
        final GroupTable allBut = change(GroupTable.EMPTY, 5, ALL_BUT);
        assertThat(accepts(allBut, GROUP, INTERFACE, SOURCE)).isFalse();
        assertThat(accepts(allBut, GROUP, INTERFACE, OTHER_SOURCE)).isTrue();
    }

    @Test
    void whatWasSentBeforeALeaveIsStillWantedAndNothingLater() {
        final GroupTable left = change(change(GroupTable.EMPTY, 5, ANY), 8);
        assertThat(accepts(left, GROUP, INTERFACE, SOURCE)).isFalse();
        assertThat(accepts(left, GROUP, INTERFACE, SOURCE, 4)).isFalse();
        assertThat(accepts(left, GROUP, INTERFACE, SOURCE, 5)).isTrue();
        assertThat(accepts(left, GROUP, INTERFACE, SOURCE, 7)).isTrue();
        assertThat(accepts(left, GROUP, INTERFACE, SOURCE, 8)).isFalse();
        assertThat(left.hasLapsed()).isTrue();
        assertThat(left.drained().hasLapsed()).isFalse();
        assertThat(accepts(left.drained(), GROUP, INTERFACE, SOURCE, 7)).isFalse();
    }

    @Test
    void blockedAndUnblockedAgain() {
        final GroupTable table = change(change(change(GroupTable.EMPTY, 5, ANY), 8, ALL_BUT), 11, ANY);
        for (int version = 5; version < 15; version++) {
            assertThat(accepts(table, GROUP, INTERFACE, SOURCE, version)).as("version %d", version).isEqualTo(version < 8 || version >= 11);
            assertThat(accepts(table, GROUP, INTERFACE, OTHER_SOURCE, version)).isTrue();
        }
    }

    @Test
    void versionsWrap() {
        final GroupTable left = change(change(GroupTable.EMPTY, Integer.MAX_VALUE - 1, ANY), Integer.MIN_VALUE + 2);
        assertThat(accepts(left, GROUP, INTERFACE, SOURCE, Integer.MAX_VALUE)).isTrue();
        assertThat(accepts(left, GROUP, INTERFACE, SOURCE, Integer.MIN_VALUE)).isTrue();
        assertThat(accepts(left, GROUP, INTERFACE, SOURCE, Integer.MIN_VALUE + 2)).isFalse();
    }

    @Test
    void thePastIsBounded() {
        GroupTable table = GroupTable.EMPTY;
        for (int version = 0; version < 1000; version += 2) {
            table = change(change(table, version, ANY), version + 1);
        }
        assertThat(accepts(table, GROUP, INTERFACE, SOURCE, 998)).isTrue();
        assertThat(accepts(table, GROUP, INTERFACE, SOURCE, 0)).isFalse();
    }

    @Test
    void ipv6GroupsAreToldApartByAllTheirBits() {
        final IpAddress group = new IpAddress(0xFF15L << 48, 7, 0);
        final IpAddress source = new IpAddress(0xFD77L << 48, 1, 0);
        final GroupTable table = change(GroupTable.EMPTY, 5, Membership.ofOne(group, INTERFACE, source));
        assertThat(accepts(table, group, INTERFACE, source)).isTrue();
        assertThat(accepts(table, new IpAddress(0xFF18L << 48, 7, 0), INTERFACE, source)).isFalse();
        assertThat(accepts(table, new IpAddress(0xFF15L << 48, 8, 0), INTERFACE, source)).isFalse();
        assertThat(accepts(table, group, INTERFACE, new IpAddress(0xFD78L << 48, 1, 0))).isFalse();
        assertThat(accepts(table, group, INTERFACE, new IpAddress(0xFD77L << 48, 2, 0))).isFalse();
    }
}
