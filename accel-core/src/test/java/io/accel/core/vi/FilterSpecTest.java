package io.accel.core.vi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class FilterSpecTest {
    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

    @Test
    void udpLocalAndFull() {
        final FilterSpec local = FilterSpec.udpLocal(LOCAL, 65535);
        assertThat(local.ipProtocol()).hasValue(17);
        assertThat(local.localPort()).hasValue(65535);
        assertThat(local.remote()).isNull();
        assertThat(local.remotePort()).isEmpty();
        final FilterSpec full = FilterSpec.udpFull(LOCAL, 1, LOCAL, 2);
        assertThat(full.remotePort()).hasValue(2);
        assertThat(full).isEqualTo(FilterSpec.udpFull(LOCAL, 1, LOCAL, 2)).isNotEqualTo(local);
    }

    @Test
    void addressesAreNeeded() {
        assertThatThrownBy(() -> FilterSpec.udpLocal(null, 1)).isInstanceOf(NullPointerException.class).hasMessageContaining("local");
        assertThatThrownBy(() -> FilterSpec.udpFull(LOCAL, 1, null, 1)).isInstanceOf(NullPointerException.class)
            .hasMessageContaining("remote");
    }

    @Test
    void rangesAreChecked() {
        assertThatThrownBy(() -> FilterSpec.udpLocal(LOCAL, 65536)).hasMessage("local port 65536 is not in 0..65535");
        assertThatThrownBy(() -> FilterSpec.udpLocal(LOCAL, -1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> FilterSpec.udpLocal(LOCAL, 1).withVlan(4096)).hasMessageContaining("VLAN 4096");
        assertThatThrownBy(() -> FilterSpec.ofMac(1L << 48)).hasMessageContaining("more than 48 bits");
        assertThatThrownBy(() -> FilterSpec.ofEtherType(0x800).withQueue(-1)).hasMessageContaining("queue -1");
    }

    @Test
    void multicastIsKnownByAddressMacOrScope() throws Exception {
        assertThat(FilterSpec.udpLocal(InetAddress.getByName("239.1.2.3"), 1).isMulticast()).isTrue();
        assertThat(FilterSpec.ofMac(0x01005E010203L).isMulticast()).isTrue();
        assertThat(FilterSpec.of(FilterScope.MULTICAST_MISMATCH).isMulticast()).isTrue();
        assertThat(FilterSpec.udpLocal(LOCAL, 1).isMulticast()).isFalse();
        assertThat(FilterSpec.ofMac(0x02005E010203L).isMulticast()).isFalse();
    }

    @Test
    void plainUdpHasNothingElse() {
        final FilterSpec plain = FilterSpec.udpLocal(LOCAL, 1);
        assertThat(plain.isPlainUdp()).isTrue();
        assertThat(plain.withVlan(1).isPlainUdp()).isFalse();
        assertThat(plain.withMac(2).isPlainUdp()).isFalse();
        assertThat(plain.withQueue(0).isPlainUdp()).isFalse();
        assertThat(plain.withEtherType(0x800).isPlainUdp()).isFalse();
        assertThat(FilterSpec.of(FilterScope.UNICAST_ALL).isPlainUdp()).isFalse();
    }
}
