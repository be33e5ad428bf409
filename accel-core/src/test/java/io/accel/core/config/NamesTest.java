package io.accel.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void distance() {
        assertThat(Names.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Names.distance("", "abc")).isEqualTo(3);
        assertThat(Names.distance("abc", "abc")).isZero();
        assertThat(Names.distance("afxpd", "afxdp")).isEqualTo(1);
        assertThat(Names.distance("ca", "abc")).isEqualTo(3);
    }

    @Test
    void nearestIsNearOrNothing() {
        assertThat(Names.nearest("spin.micro", List.of("report", "spin.micros"))).isEqualTo("spin.micros");
        assertThat(Names.nearest("zzzzzz", List.of("report", "spin.micros"))).isNull();
    }
}
