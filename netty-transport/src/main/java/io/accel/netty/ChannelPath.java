package io.accel.netty;

import io.accel.core.Reason;
import io.accel.udp.socket.UdpSocket;
import io.accel.udp.stack.SocketStates;
import io.accel.udp.state.Explanation;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which way the datagrams of a channel go, and why not the fast one: an attribute of every {@link AccelDatagramChannel} that is bound.
 * Its figures follow the channel and may be a moment old. Any thread, also when the channel is closed.
 *
 * <pre>
 *   ChannelPath path = channel.attr(ChannelPath.KEY).get();
 * </pre>
 */
public final class ChannelPath {
    public static final AttributeKey<ChannelPath> KEY = AttributeKey.valueOf(ChannelPath.class, "KEY");

    private final Channel channel;
    private final UdpSocket socket;

    ChannelPath(Channel channel, UdpSocket socket) {
        this.channel = channel;
        this.socket = socket;
    }

    /** In sentences: what of the channel's traffic is fast, what is not, why, and what to do. Slow. */
    public List<String> explain() {
        return channel.isOpen() ? Explanation.of(SocketStates.of(socket)).stream().map(Explanation.Line::toString).toList()
            : List.of("closed");
    }

    /** Why every datagram goes through the kernel; null: those go fast that can. */
    public Reason kernelReason() {
        return socket.kernelReason();
    }

    /** Datagrams received on the fast path. */
    public long fastReceived() {
        return socket.counters().fastReceived;
    }

    /** Of {@link #fastReceived()}, those that the program got in the frames that they came in; the others were copied. */
    public long lent() {
        return socket.counters().taken;
    }

    /** Datagrams sent on the fast path. */
    public long fastSent() {
        return socket.counters().fastSent;
    }

    /** Datagrams received through the kernel. */
    public long kernelReceived() {
        return socket.counters().kernelReceived;
    }

    /** Datagrams sent through the kernel. */
    public long kernelSent() {
        return socket.counters().kernelSent;
    }

    /** How many datagrams, received or sent, went through the kernel for each reason that there was. */
    public Map<Reason, Long> reasons() {
        final Map<Reason, Long> all = new EnumMap<>(Reason.class);
        for (final Reason each : Reason.values()) {
            final long count = socket.counters().count(each);
            if (count != 0) {
                all.put(each, count);
            }
        }
        return all;
    }

    @Override
    public String toString() {
        return "fast rx=" + fastReceived() + " lent=" + lent() + " tx=" + fastSent()
            + " kernel rx=" + kernelReceived() + " tx=" + kernelSent() + " reasons=" + reasons();
    }
}
