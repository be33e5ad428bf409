package io.accel.udp.wire;

/**
 * All headers towards one destination, built once and stamped per datagram. Immutable; any thread.
 */
public interface HeaderTemplate {
    /** Bytes that {@link #write} puts before the payload: where the payload starts in the frame. */
    int bytes();

    /**
     * Writes the headers before a payload that lies at {@code frame + bytes()} already, and sums it.
     *
     * @param payloadLength 0 to the longest that the IP version carries, not checked here
     * @param ipId          IPv4's identification, low 16 bits; IPv6 has none
     * @param dontFragment  whether IPv4's DF bit is set; IPv6 has none, since no router fragments it
     * @return bytes of the frame
     */
    int write(long frame, int payloadLength, int ipId, boolean dontFragment);

    /** As {@link #write(long, int, int, boolean)} with the payload's {@link Checksum sum} given, for one that lies in several pieces. */
    int write(long frame, int payloadLength, int ipId, boolean dontFragment, long payloadSum);
}
