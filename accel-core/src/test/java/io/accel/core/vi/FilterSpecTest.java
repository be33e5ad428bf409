package io.accel.core.vi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.OptionalInt;
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
        assertThatThrownBy(() -> new FilterSpec(OptionalInt.empty(), OptionalInt.of(4096), OptionalInt.empty(), LOCAL, OptionalInt.empty(),
            null, OptionalInt.empty())).hasMessageContaining("VLAN 4096");
    }
}
