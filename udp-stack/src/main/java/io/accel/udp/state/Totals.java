package io.accel.udp.state;

import java.util.Map;

/**
 * What all channels there have been did, closed ones included; never less than it was.
 *
 * @param reasons datagrams that went through the kernel, by reason
 * @param drops   datagrams that were dropped, by cause, by where: {@link #SOCKETS}, or an interface's name
 */
public record Totals(long fastReceived, long fastSent, long kernelReceived, long kernelSent, Map<String, Long> reasons,
                     Map<String, Map<String, Long>> drops) {
    /** Where sockets' drops are. */
    public static final String SOCKETS = "sockets";
}
