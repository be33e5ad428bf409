package io.accel.udp.ethernet;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import io.accel.core.pair.Pair;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.group.GroupTable;
import io.accel.udp.group.Membership;
import io.accel.udp.path.Generation;
import io.accel.udp.path.SourceVerdicts;
import io.accel.udp.wire.Ipv4HeaderTemplate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A frame to a group is for each endpoint on its port that wants it, and for no other. */
class GroupDeliveryTest {
    private static final int INTERFACE = 7;
    private static final int PORT = 9000;
    private static final int GROUP = 0xEFFF0C07;
    private static final int SOURCE = 0x0A4D0001;

    private final Pair pair = Pair.ethernet();
    private final Flusher flusher = new Flusher();
    private final EthernetInterface receiver = new EthernetInterface("va", INTERFACE, 1500, pair.second(), flusher,
        new SourceVerdicts((source, destination) -> true, new Generation(), 4));

    @AfterEach
    void close() {
        receiver.close();
        pair.first().close();
        flusher.close();
    }

    private UdpEndpoint endpoint(int local, Membership... memberships) {
        final UdpEndpoint endpoint = new UdpEndpoint(BoundAddress.ipv4(IpAddress.ipv4(local)), PORT, 65_536, null, null);
        endpoint.groups(GroupTable.EMPTY.changedTo(List.of(memberships), group -> 0));
        receiver.add(endpoint);
        return endpoint;
    }

    private static Membership any(int group, int ifIndex) {
        return Membership.ofAll(IpAddress.ipv4(group), ifIndex);
    }

    private void send(int source, int group) {
        final VirtualInterface vi = pair.first();
        final long frame = vi.txClaim(0, 64);
        Memory.putInt(frame + Ipv4HeaderTemplate.BYTES, group);
        final int bytes = new Ipv4HeaderTemplate(0x020000000001L, 0x01005E000000L | group & 0x7FFFFF, source, 5000, group, PORT, 1, 0)
            .write(frame, Integer.BYTES, 1, true);
        vi.txInit(frame, bytes, TxFlags.NONE);
        vi.txPush(false);
        receiver.poll();
    }

    private static int heard(UdpEndpoint endpoint) {
        int count = 0;
        while (endpoint.next()) {
            assertThat(endpoint.region().buffer().getInt(endpoint.offset())).isNotZero();
            assertThat(endpoint.length()).isEqualTo(Integer.BYTES);
            endpoint.consume();
            count++;
        }
        return count;
    }

    @Test
    void eachMemberGetsACopy() {
        final UdpEndpoint one = endpoint(0, any(GROUP, INTERFACE));
        final UdpEndpoint two = endpoint(GROUP, any(GROUP, INTERFACE));
        final UdpEndpoint elsewhere = endpoint(0, any(GROUP, INTERFACE + 1), any(GROUP + 1, INTERFACE));
        final UdpEndpoint bound = endpoint(SOURCE, any(GROUP, INTERFACE));
        send(SOURCE, GROUP);
        send(SOURCE + 1, GROUP);
        assertThat(List.of(heard(one), heard(two), heard(elsewhere), heard(bound))).containsExactly(2, 2, 0, 0);
        assertThat(receiver.counters().received).isEqualTo(2);
    }

    @Test
    void sourcesAreEnforcedAndCounted() {
        final UdpEndpoint some = endpoint(0, Membership.ofOne(IpAddress.ipv4(GROUP), INTERFACE, IpAddress.ipv4(SOURCE)));
        final UdpEndpoint others = endpoint(0, new Membership(IpAddress.ipv4(GROUP), INTERFACE, false,
            List.of(IpAddress.ipv4(SOURCE), IpAddress.ipv4(SOURCE + 2))));
        for (int i = 0; i < 3; i++) {
            send(SOURCE + i, GROUP);
        }
        assertThat(List.of(heard(some), heard(others))).containsExactly(1, 1);
        assertThat(receiver.counters().received).isEqualTo(2);
        assertThat(receiver.counters().unmatched).isEqualTo(1);
    }

    @Test
    void aConnectedEndpointHearsAGroupOnlyWhereItIsBoundToIt() {
        final UdpEndpoint bound = endpoint(GROUP, any(GROUP, INTERFACE));
        final UdpEndpoint wildcard = endpoint(0, any(GROUP, INTERFACE));
        for (final UdpEndpoint each : List.of(bound, wildcard)) {
            each.connect(IpAddress.ipv4(SOURCE), 5000);
        }
        send(SOURCE, GROUP);
        send(SOURCE + 1, GROUP);
        assertThat(List.of(heard(bound), heard(wildcard))).containsExactly(1, 0);
    }
}
