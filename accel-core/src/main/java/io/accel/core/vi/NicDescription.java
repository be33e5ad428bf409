package io.accel.core.vi;

import java.util.Map;

/**
 * What a NIC tells of itself, for reports and tools.
 *
 * @param architecture as its library names it, with variant and revision: {@code ef10-A1}
 * @param mac          in the low 48 bits, first byte on the wire highest
 * @param mtu          bytes without the Ethernet header
 * @param library      the release of the library that drives it
 * @param capabilities in the library's words, with a number: a size, a count, a set of bits, or 1
 * @param statistics   what the NIC counts for the VI, in the library's words; empty where it does not tell
 * @param events       how often each of those that the VI, as it was set up, may tell of; zeros included
 */
public record NicDescription(String architecture, long mac, int mtu, String library, Map<String, Long> capabilities,
                             Map<String, Long> statistics, Map<NicEvent, Long> events) {
    private static final int MAC_BYTES = 6;

    /** The MAC address as it is usually written. */
    public String macText() {
        final StringBuilder text = new StringBuilder();
        for (int i = MAC_BYTES - 1; i >= 0; i--) {
            text.append(text.length() == 0 ? "" : ":").append(String.format("%02x", mac >>> 8 * i & 0xFF));
        }
        return text.toString();
    }
}
