package io.accel.core.efvi;

import io.accel.core.memory.Memory;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was lost, by cause: as events told it, as the NIC counts for the VI, and our own refusals. Under the receive locks. */
final class Drops {
    /** In the order of {@code EF_EVENT_RX_DISCARD_}. */
    static final String[] DISCARDS = {
        "rx_bad_checksum", "rx_multicast_mismatch", "rx_bad_crc", "rx_truncated", "rx_no_rights", "rx_event_error", "rx_discarded",
        "rx_bad_inner_checksum"
    };
    /** In the order of {@code EF_EVENT_TX_ERROR_}. */
    static final String[] TX_ERRORS = {"tx_no_rights", "tx_pacer_overflow", "tx_too_big", "tx_bus_error"};
    /** As libciul names the NIC's counter (lib/ciul/vi_stats.c). */
    private static final String NIC_NO_DESCRIPTORS = "RX no descriptor errors";

    private final NicFacts facts;
    private final NicTexts texts;
    private final ReceiveSide[] receivers;
    private final TransmitSide transmit;

    Drops(NicFacts facts, NicTexts texts, ReceiveSide[] receivers, TransmitSide transmit) {
        this.facts = facts;
        this.texts = texts;
        this.receivers = receivers;
        this.transmit = transmit;
    }

    Map<String, Long> read() {
        final Map<String, Long> drops = new LinkedHashMap<>();
        for (int i = 0; i < DISCARDS.length; i++) {
            drops.put(DISCARDS[i], received(Layout.RX_DISCARDS + i));
        }
        drops.put("rx_out_of_buffers_within_a_frame", received(Layout.RX_NO_DESC_TRUNC));
        drops.put("rx_unreachable", received(Layout.RX_UNREACHABLE));
        final Long noDescriptors = texts.statistics().get(NIC_NO_DESCRIPTORS);
        if (noDescriptors != null) {
            drops.put("rx_no_descriptors", noDescriptors);
        }
        for (int i = 0; i < TX_ERRORS.length; i++) {
            drops.put(TX_ERRORS[i], sent(Layout.TX_ERRORS + i));
        }
        drops.put("tx_lost_with_an_error", sent(Layout.TX_LOST));
        drops.put("tx_fifo_stalled", sent(Layout.TX_STALLED));
        drops.put("tx_refused", transmit.refused());
        drops.put("retained_tokens_refused", Arrays.stream(receivers).mapToLong(ReceiveSide::badTokens).sum());
        return Collections.unmodifiableMap(drops);
    }

    private long received(int index) {
        return Arrays.stream(receivers).mapToLong(each -> each.counter(index)).sum();
    }

    private long sent(int index) {
        return Memory.getLongVolatile(facts.transmitCounters() + ((long) index << 3));
    }
}
