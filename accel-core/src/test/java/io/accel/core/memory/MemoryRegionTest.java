package io.accel.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class MemoryRegionTest {
    @Test
    void bufferAndAddressAreTheSameMemory() {
        final MemoryRegion region = MemoryRegion.allocate(3, 100);
        assertThat(region.address() % 64).isZero();
        assertThat(region.buffer().order()).isEqualTo(ByteOrder.nativeOrder());
        Memory.putInt(region.address() + 96, 0x01020304);
        assertThat(region.buffer().getInt(96)).isEqualTo(0x01020304);
        assertThat(region.offset(region.address() + 96)).isEqualTo(96);
    }

    @Test
    void containsExactlyItsBytes() {
        final MemoryRegion region = MemoryRegion.allocate(0, 100);
        assertThat(region.contains(region.address(), 100)).isTrue();
        assertThat(region.contains(region.address() + 100, 0)).isTrue();
        assertThat(region.contains(region.address(), 101)).isFalse();
        assertThat(region.contains(region.address() - 1, 1)).isFalse();
        assertThat(region.contains(region.address() + 99, 2)).isFalse();
        assertThat(region.contains(region.address(), -1)).isFalse();
        assertThat(region.contains(region.address(), Integer.MAX_VALUE)).isFalse();
        assertThat(region.contains(Long.MAX_VALUE, 1)).isFalse();
    }

    @Test
    void argumentsAreChecked() {
        assertThatThrownBy(() -> new MemoryRegion(0, 4096, 10, ByteBuffer.allocateDirect(9))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MemoryRegion(0, 0, 9, ByteBuffer.allocateDirect(9))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Memory.addressOf(ByteBuffer.allocate(1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void alignedMemoryIsZeroed() {
        for (int alignment = 8; alignment <= 4096; alignment *= 2) {
            final long at = Memory.allocateAligned(100, alignment);
            assertThat(at % alignment).isZero();
            for (int i = 0; i < 100; i++) {
                assertThat(Memory.getByte(at + i)).isZero();
            }
            Memory.freeAligned(at);
        }
    }
}
