package io.accel.netty;

import io.accel.core.Reason;
import io.accel.udp.endpoint.ChannelCounters;
import io.netty.channel.Channel;
import java.util.concurrent.ExecutionException;

/** Which way a channel's datagrams went. Exact once its loop has answered since. */
final class Paths {
    private Paths() {
    }

    static long fastReceived(AccelDatagramChannel channel) {
        return counters(channel).fastReceived;
    }

    static long fastSent(AccelDatagramChannel channel) {
        return counters(channel).fastSent;
    }

    /** Datagrams, received or sent, of a channel whose others went fast or for other reasons. */
    static long byKernel(AccelDatagramChannel channel, Reason reason) {
        return counters(channel).count(reason);
    }

    private static ChannelCounters counters(AccelDatagramChannel channel) {
        settle(channel);
        return channel.udpSocket().counters();
    }

    /** The loop has done and published what it was asked before. */
    static void settle(Channel channel) {
        try {
            channel.eventLoop().submit(() -> { }).get();
        } catch (final InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
