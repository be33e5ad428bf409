package io.accel.core.efvi;

import io.accel.core.vi.NicDescription;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What libciul tells in words of an open NIC. Under the receive locks. */
final class NicTexts {
    private final long handle;
    private final NicFacts facts;
    private final ReceiveSide[] receivers;
    private Map<String, Long> capabilities;

    NicTexts(long handle, NicFacts facts, ReceiveSide[] receivers) {
        this.handle = handle;
        this.facts = facts;
        this.receivers = receivers;
    }

    NicDescription describe() {
        if (capabilities == null) {
            capabilities = parse(EfviNative.capabilities(handle));
        }
        return new NicDescription(facts.architecture() + "-" + facts.variant() + facts.revision(), facts.mac(), facts.mtu(),
            EfviNative.version(), capabilities, statistics(), EventCounts.read(facts, receivers));
    }

    /** None where the NIC keeps none (EFCT). */
    Map<String, Long> statistics() {
        final String told = EfviNative.statistics(handle);
        return told == null ? Map.of() : parse(told);
    }

    /** Lines {@code name=value}, the name in any words. */
    private static Map<String, Long> parse(String lines) {
        final Map<String, Long> values = new LinkedHashMap<>();
        for (final String line : lines.split("\n")) {
            final int equals = line.lastIndexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), Long.parseUnsignedLong(line.substring(equals + 1)));
            }
        }
        return Collections.unmodifiableMap(values);
    }
}
