package io.accel.netty;

import io.netty.channel.ChannelOption;
import java.net.SocketOption;
import java.net.StandardSocketOptions;

/**
 * Options of an {@link AccelDatagramChannel} beside those of {@link ChannelOption}: its own, and any that the JDK's DatagramChannel has.
 * Those of {@code NioChannelOption} are taken, too.
 *
 * @param <T> type of its value
 */
public final class AccelChannelOption<T> extends ChannelOption<T> {
    /** Whether several sockets may have the port, each getting some of what comes; such a port stays with the kernel. */
    public static final ChannelOption<Boolean> SO_REUSEPORT = of(StandardSocketOptions.SO_REUSEPORT);

    /**
     * How many received datagrams the program may have at once in the frames that they came in (AF_XDP, ef_vi on NICs with posted buffers);
     * those beyond are copied into buffers of its allocator. Those that wait unread count as well; after a change, those that are out
     * do not. An interface lends a quarter of its receive buffers at most, to all channels
     * together. 256 by default; 0: all are copied.
     */
    public static final ChannelOption<Integer> MAX_LENT_FRAMES = valueOf(AccelChannelOption.class, "MAX_LENT_FRAMES");

    private final SocketOption<T> option;

    @SuppressWarnings("deprecation")
    private AccelChannelOption(SocketOption<T> option) {
        super(option.name());
        this.option = option;
    }

    /** For an option of the JDK's, {@code jdk.net.ExtendedSocketOptions} among them. */
    public static <T> ChannelOption<T> of(SocketOption<T> option) {
        return new AccelChannelOption<>(option);
    }

    SocketOption<T> socketOption() {
        return option;
    }
}
