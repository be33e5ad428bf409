package io.accel.core.efvi;

import io.accel.core.memory.Memory;
import io.accel.core.vi.NicEvent;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** What both sides have counted of events that are neither frames nor drops. Any thread, while the VI is open. */
final class EventCounts {
    private EventCounts() {
    }

    static Map<NicEvent, Long> read(NicFacts facts, ReceiveSide[] receivers) {
        final Map<NicEvent, Long> counts = new EnumMap<>(NicEvent.class);
        if (facts.stampsSent()) {
            counts.put(NicEvent.TX_WITH_TIMESTAMP, sent(facts, Layout.TX_STAMPED));
        }
        if (facts.ctpio()) {
            counts.put(NicEvent.TX_BY_CTPIO, sent(facts, Layout.TX_CTPIO));
            counts.put(NicEvent.TX_WAITS_FOR_THE_FIFO, sent(facts, Layout.TX_FIFO_FULL));
        }
        counts.put(NicEvent.SOFTWARE, received(receivers, Layout.RX_SOFTWARE_EVENTS) + sent(facts, Layout.TX_SOFTWARE_EVENTS));
        counts.put(NicEvent.UNKNOWN, received(receivers, Layout.RX_UNKNOWN_EVENTS) + sent(facts, Layout.TX_UNKNOWN_EVENTS));
        return Collections.unmodifiableMap(counts);
    }

    private static long received(ReceiveSide[] receivers, int index) {
        return Arrays.stream(receivers).mapToLong(each -> each.counter(index)).sum();
    }

    private static long sent(NicFacts facts, int index) {
        return Memory.getLongVolatile(facts.transmitCounters() + ((long) index << 3));
    }
}
