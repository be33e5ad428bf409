package io.accel.core.efvi;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.memory.Memory;
import io.accel.core.vi.ChecksumStatus;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;

import org.junit.jupiter.api.Test;

/** The C side writes event records as Java reads them. */
class EfviLayoutTest {
    @Test
    void recordsAreThoseOfEventBatch() throws Exception {
        EfviLibrary.need(new Configuration(
            name -> name.equals(Options.EFVI_LIBRARY.property()) ? System.getProperty("efvi.simulator") : null));
        final int[] expected = {
            EventBatch.RECORD_BYTES, EventBatch.TYPE_OFFSET, EventBatch.FLAGS_OFFSET, EventBatch.CHECKSUM_OFFSET, EventBatch.CLOCK_OFFSET,
            EventBatch.LENGTH_OFFSET, EventBatch.ADDRESS_OFFSET, EventBatch.TOKEN_OFFSET, EventBatch.PEER_OFFSET, EventBatch.QUEUE_OFFSET,
            EventBatch.VLAN_OFFSET, EventBatch.TIMESTAMP_OFFSET, EventBatch.REGION_OFFSET, EventBatch.DETAIL_OFFSET,
            EventType.RX, EventType.RX_DISCARD, EventType.OVERFLOW, EventType.RESET, EventBatch.FLAG_SOP, EventBatch.FLAG_CONT,
            ChecksumStatus.UNKNOWN, ChecksumStatus.VERIFIED, EventBatch.CLOCK_PRESENT, EventBatch.CLOCK_SET, EventBatch.CLOCK_IN_SYNC,
        };
        final long at = Memory.allocateAligned(Integer.BYTES * (expected.length + 1L), Long.BYTES);
        Memory.putInt(at + (long) Integer.BYTES * expected.length, -1);
        EfviNative.recordLayout(at);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Memory.getInt(at + (long) Integer.BYTES * i)).as("value %d", i).isEqualTo(expected[i]);
        }
        assertThat(Memory.getInt(at + (long) Integer.BYTES * expected.length)).as("behind the last").isEqualTo(-1);
        assertThat(EfviNative.version()).isEqualTo("simulated");
        Memory.freeAligned(at);
    }
}
