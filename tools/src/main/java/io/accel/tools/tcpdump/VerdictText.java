package io.accel.tools.tcpdump;

import io.accel.core.capture.CapturedPacket;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.ScopedPort;
import io.accel.udp.state.Causes;
import io.accel.udp.tap.Verdict;

/** What became of a packet, in words. */
final class VerdictText {
    private VerdictText() {
    }

    /** For instance {@code dropped: QUEUE_FULL}. */
    static String brief(int verdict) {
        final String cause = Verdict.cause(verdict);
        return Verdict.word(verdict) + (cause.isEmpty() ? "" : ": " + cause);
    }

    /** With what the cause means. */
    static String full(int verdict) {
        final String cause = Verdict.cause(verdict);
        if (cause.isEmpty()) {
            return Verdict.word(verdict);
        }
        return brief(verdict) + ", " + (Verdict.isByKernel(verdict) ? Causes.reason(cause) : Causes.drop(cause));
    }

    /** The channel, or that there is none. */
    static String channel(CapturedPacket packet) {
        return packet.channelPort() == 0 ? "no channel"
            : "channel " + end(packet.channelHigh(), packet.channelLow(), ScopedPort.port(packet.channelPort()));
    }

    /** An address and port. */
    static String end(long high, long low, int port) {
        final String address = IpAddress.inetAddress(high, low, 0).getHostAddress();
        return IpAddress.isIpv4(high, low) ? address + ":" + port : "[" + address + "]:" + port;
    }
}
