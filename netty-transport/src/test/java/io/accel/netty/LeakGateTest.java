package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class LeakGateTest {
    private final LeakGate gate = new LeakGate();

    @Test
    void aLeakedBufferFailsItsClass() {
        RecordingLeakDetector.leak("left on purpose");
        assertThatThrownBy(() -> gate.afterAll(null)).isInstanceOf(AssertionError.class).hasMessageContaining("1 leaks")
            .hasMessageContaining("left on purpose");
    }

    @Test
    void aReleasedOneDoesNot() {
        Unpooled.directBuffer(1).touch("given back").release();
        assertThatNoException().isThrownBy(() -> gate.afterAll(null));
    }
}
