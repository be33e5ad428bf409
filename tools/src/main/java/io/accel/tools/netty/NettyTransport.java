package io.accel.tools.netty;

import io.accel.netty.AccelDatagramChannel;
import io.accel.netty.AccelIoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SelectStrategy;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import java.nio.channels.spi.SelectorProvider;

/** All that is different between the transports that are compared: the handler of the loop, and the class of the channel. */
enum NettyTransport {
    NIO {
        /** It knows no BUSY_WAIT; a strategy that has looked leaves nothing to wait for. */
        @Override
        IoHandlerFactory handlers(WaitStrategy wait) {
            return wait == WaitStrategy.SLEEP ? NioIoHandler.newFactory()
                : NioIoHandler.newFactory(SelectorProvider.provider(), () -> (now, hasTasks) -> now.get());
        }

        @Override
        Class<? extends DatagramChannel> channels() {
            return NioDatagramChannel.class;
        }
    },
    EPOLL {
        @Override
        IoHandlerFactory handlers(WaitStrategy wait) {
            final SelectStrategyFactory spinning = () -> (now, hasTasks) -> hasTasks ? now.get() : SelectStrategy.BUSY_WAIT;
            return wait == WaitStrategy.SLEEP ? EpollIoHandler.newFactory() : EpollIoHandler.newFactory(0, spinning);
        }

        @Override
        Class<? extends DatagramChannel> channels() {
            return EpollDatagramChannel.class;
        }
    },
    IO_URING {
        /** It has no strategy of its own; but it does not block for a loop that must not. */
        @Override
        IoHandlerFactory handlers(WaitStrategy wait) {
            final IoHandlerFactory its = IoUringIoHandler.newFactory();
            return wait == WaitStrategy.SLEEP ? its : executor -> new UnblockedIoHandler(its.newHandler(executor));
        }

        @Override
        Class<? extends DatagramChannel> channels() {
            return IoUringDatagramChannel.class;
        }
    },
    ACCEL {
        @Override
        IoHandlerFactory handlers(WaitStrategy wait) {
            return AccelIoHandler.newFactory(wait == WaitStrategy.SLEEP ? 0 : Integer.MAX_VALUE);
        }

        @Override
        Class<? extends DatagramChannel> channels() {
            return AccelDatagramChannel.class;
        }
    };

    abstract IoHandlerFactory handlers(WaitStrategy wait);

    abstract Class<? extends DatagramChannel> channels();
}
