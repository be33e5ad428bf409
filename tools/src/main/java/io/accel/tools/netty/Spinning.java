package io.accel.tools.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SelectStrategy;
import io.netty.channel.epoll.EpollIoHandler;

/** One event loop that never sleeps, as the others do not in these measurements. */
final class Spinning {
    private Spinning() {
    }

    static EventLoopGroup group() {
        return new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory(0, () -> (supplier, hasTasks) ->
            hasTasks ? supplier.get() : SelectStrategy.BUSY_WAIT));
    }
}
