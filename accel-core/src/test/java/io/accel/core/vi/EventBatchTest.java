package io.accel.core.vi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.core.memory.Memory;
import org.junit.jupiter.api.Test;

class EventBatchTest {
    @Test
    void receiveRecordKeepsWhatWasPutAndClearsTheRest() {
        try (EventBatch batch = new EventBatch(3)) {
            Memory.fill(batch.address(), 3L * EventBatch.RECORD_BYTES, (byte) 0xFF);
            batch.putRx(1, 0x123456789ABCL, 65535, 7, -2, -3, 65535, ChecksumStatus.PARTIAL);
            assertThat(batch.type(1)).isEqualTo(EventType.RX);
            assertThat(batch.flags(1)).isEqualTo(EventBatch.FLAG_SOP);
            assertThat(batch.checksum(1)).isEqualTo(ChecksumStatus.PARTIAL);
            assertThat(batch.clock(1)).isZero();
            assertThat(batch.length(1)).isEqualTo(65535);
            assertThat(batch.frame(1)).isEqualTo(0x123456789ABCL);
            assertThat(batch.token(1)).isEqualTo(-2);
            assertThat(batch.peer(1)).isEqualTo(-3);
            assertThat(batch.queue(1)).isEqualTo(65535);
            assertThat(batch.vlan(1)).isZero();
            assertThat(batch.timestamp(1)).isZero();
            assertThat(batch.region(1)).isEqualTo(7);
            assertThat(batch.detail(1)).isZero();
            assertThat(Memory.getLong(batch.recordAddress(0) + 56)).as("the neighbours are untouched").isEqualTo(-1);
            assertThat(Memory.getLong(batch.recordAddress(2))).isEqualTo(-1);
        }
    }

    @Test
    void otherRecordHasNoFrame() {
        try (EventBatch batch = new EventBatch(1)) {
            batch.putEvent(0, EventType.TX_ERROR, 4, 2, -100);
            assertThat(batch.type(0)).isEqualTo(EventType.TX_ERROR);
            assertThat(batch.flags(0)).isZero();
            assertThat(batch.frame(0)).isZero();
            assertThat(batch.peer(0)).isEqualTo(4);
            assertThat(batch.queue(0)).isEqualTo(2);
            assertThat(batch.detail(0)).isEqualTo(-100);
        }
    }

    @Test
    void retainChangesItsFlagOnly() {
        try (EventBatch batch = new EventBatch(2)) {
            batch.putRx(0, 1, 2, 3, 4, 5, 6, ChecksumStatus.VERIFIED);
            assertThat(batch.isRetained(0)).isFalse();
            batch.retain(0);
            assertThat(batch.isRetained(0)).isTrue();
            assertThat(batch.flags(0)).isEqualTo(EventBatch.FLAG_SOP | EventBatch.FLAG_RETAINED);
            assertThat(batch.type(0)).isEqualTo(EventType.RX);
            assertThat(batch.checksum(0)).isEqualTo(ChecksumStatus.VERIFIED);
        }
    }

    @Test
    void recordsAreCacheLines() {
        try (EventBatch batch = new EventBatch(16)) {
            assertThat(batch.address() % 64).isZero();
            assertThat(batch.recordAddress(15)).isEqualTo(batch.address() + 15 * 64);
            assertThat(batch.count()).isZero();
        }
    }

    @Test
    void capacityIsChecked() {
        assertThatThrownBy(() -> new EventBatch(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EventBatch((1 << 20) + 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closeTwice() {
        final EventBatch batch = new EventBatch(1);
        batch.close();
        batch.close();
    }
}
