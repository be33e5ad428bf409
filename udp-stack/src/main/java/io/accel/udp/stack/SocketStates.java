package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.udp.endpoint.ChannelCounters;
import io.accel.udp.group.Membership;
import io.accel.udp.socket.Decision;
import io.accel.udp.socket.SocketText;
import io.accel.udp.socket.UdpSocket;
import io.accel.udp.state.SocketState;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes the states of sockets. */
public final class SocketStates {
    private SocketStates() {
    }

    /** Any thread; slow. */
    public static SocketState of(UdpSocket socket) {
        final ChannelCounters counters = socket.counters();
        final InetSocketAddress remote = socket.remote();
        final boolean accelerated = !socket.isKernelOnly();
        return new SocketState(SocketText.address(socket.local()), remote == null ? null : SocketText.address(remote), accelerated,
            name(socket.receiveReason()), counters.fastReceived, counters.fastSent, counters.kernelReceived, counters.kernelSent,
            reasons(counters), SocketDrops.of(socket), accelerated ? socket.endpoint().arrived() : 0,
            accelerated ? socket.endpoint().waiting() : 0, accelerated ? socket.endpoint().queuedBytes() : 0,
            accelerated ? socket.options().receiveBytes() : 0,
            accelerated ? socket.endpoint().groups().memberships().stream().map(SocketStates::group).toList() : List.of(),
            socket.decisions().stream().map(SocketStates::destination).toList());
    }

    /** How many datagrams took the kernel path, by reason, without zeros. */
    static Map<String, Long> reasons(ChannelCounters counters) {
        final Map<String, Long> reasons = new LinkedHashMap<>();
        for (final Reason reason : Reason.values()) {
            if (counters.count(reason) > 0) {
                reasons.put(reason.name(), counters.count(reason));
            }
        }
        return reasons;
    }

    private static String group(Membership membership) {
        return membership.group().inetAddress().getHostAddress() + "%" + membership.ifIndex();
    }

    static SocketState.Destination destination(Decision decision) {
        return new SocketState.Destination(SocketText.address(new InetSocketAddress(decision.destination().inetAddress(), decision.port())),
            decision.via(), name(decision.reason()));
    }

    private static String name(Reason reason) {
        return reason == null ? null : reason.name();
    }
}
