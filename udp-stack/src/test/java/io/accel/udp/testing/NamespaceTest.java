package io.accel.udp.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NamespaceTest {
    @Test
    void refusesToTouchTheHostsNetwork() {
        assertThatThrownBy(() -> Namespace.ip("link show")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Namespace.run("ip link show")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Namespace.feed("", "ip", "link", "show")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(Namespace::peer).isInstanceOf(IllegalStateException.class);
    }
}
