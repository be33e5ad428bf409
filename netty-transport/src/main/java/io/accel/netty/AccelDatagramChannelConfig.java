package io.accel.netty;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.DefaultDatagramChannelConfig;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.Map;

/** Options of an {@link AccelDatagramChannel}: the shadow's, so the kernel's, of which the fast path is told. */
final class AccelDatagramChannelConfig extends DefaultDatagramChannelConfig {
    private final AccelDatagramChannel channel;
    private final DatagramChannel shadow;
    private volatile int maxLentFrames = 256;

    AccelDatagramChannelConfig(AccelDatagramChannel channel, DatagramChannel shadow) {
        super(channel, shadow.socket());
        this.channel = channel;
        this.shadow = shadow;
    }

    @Override
    protected void autoReadCleared() {
        channel.clearReadPending();
    }

    // ---- what the fast path follows

    @Override
    public DatagramChannelConfig setReceiveBufferSize(int bytes) {
        super.setReceiveBufferSize(bytes);
        channel.optionsChanged();
        return this;
    }

    @Override
    public DatagramChannelConfig setReuseAddress(boolean reuse) {
        super.setReuseAddress(reuse);
        channel.optionsChanged();
        return this;
    }

    @Override
    public DatagramChannelConfig setTrafficClass(int trafficClass) {
        super.setTrafficClass(trafficClass);
        channel.optionsChanged();
        return this;
    }

    /** {@link AccelChannelOption#MAX_LENT_FRAMES}. */
    int maxLentFrames() {
        return maxLentFrames;
    }

    // ---- the JDK's options

    /** The option of the JDK's that this one stands for; null: none, or one that sockets do not have here. */
    private SocketOption<?> socketOption(ChannelOption<?> option) {
        if (option instanceof AccelChannelOption<?> ours) {
            return shadow.supportedOptions().contains(ours.socketOption()) ? ours.socketOption() : null;
        }
        // It keeps the JDK's option to itself, but for the name.
        return option instanceof NioChannelOption
            ? shadow.supportedOptions().stream().filter(each -> each.name().equals(option.name())).findFirst().orElse(null) : null;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(getOptions(super.getOptions(), AccelChannelOption.MAX_LENT_FRAMES),
            shadow.supportedOptions().stream().map(AccelChannelOption::of).toArray(ChannelOption<?>[]::new));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(ChannelOption<T> option) {
        if (option == AccelChannelOption.MAX_LENT_FRAMES) {
            return (T) (Integer) maxLentFrames;
        }
        final SocketOption<?> ofShadow = socketOption(option);
        return ofShadow == null ? super.getOption(option) : (T) get(ofShadow);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (option == AccelChannelOption.MAX_LENT_FRAMES) {
            validate(option, value);
            setMaxLentFrames((Integer) value);
            return true;
        }
        final SocketOption<T> ofShadow = (SocketOption<T>) socketOption(option);
        if (ofShadow == null) {
            return super.setOption(option, value);
        }
        set(ofShadow, value);
        channel.optionsChanged();
        return true;
    }

    private void setMaxLentFrames(int most) {
        if (most < 0) {
            throw new IllegalArgumentException(AccelChannelOption.MAX_LENT_FRAMES + " " + most + " is negative");
        }
        maxLentFrames = most;
        channel.lendingChanged();
    }

    // ---- groups

    @Override
    public int getTimeToLive() {
        return get(StandardSocketOptions.IP_MULTICAST_TTL);
    }

    @Override
    public DatagramChannelConfig setTimeToLive(int ttl) {
        return set(StandardSocketOptions.IP_MULTICAST_TTL, ttl);
    }

    @Override
    public NetworkInterface getNetworkInterface() {
        return get(StandardSocketOptions.IP_MULTICAST_IF);
    }

    @Override
    public DatagramChannelConfig setNetworkInterface(NetworkInterface on) {
        return set(StandardSocketOptions.IP_MULTICAST_IF, on);
    }

    @Override
    public InetAddress getInterface() {
        final NetworkInterface on = getNetworkInterface();
        return on == null ? null : on.inetAddresses().findFirst().orElse(null);
    }

    @Override
    public DatagramChannelConfig setInterface(InetAddress of) {
        try {
            return setNetworkInterface(NetworkInterface.getByInetAddress(of));
        } catch (final SocketException e) {
            throw new ChannelException(e);
        }
    }

    @Override
    public boolean isLoopbackModeDisabled() {
        return !get(StandardSocketOptions.IP_MULTICAST_LOOP);
    }

    @Override
    public DatagramChannelConfig setLoopbackModeDisabled(boolean disabled) {
        return set(StandardSocketOptions.IP_MULTICAST_LOOP, !disabled);
    }

    private <T> T get(SocketOption<T> option) {
        try {
            return shadow.getOption(option);
        } catch (final IOException e) {
            throw new ChannelException(e);
        }
    }

    private <T> DatagramChannelConfig set(SocketOption<T> option, T value) {
        try {
            shadow.setOption(option, value);
        } catch (final IOException e) {
            throw new ChannelException(e);
        }
        channel.groupOptionsChanged();
        return this;
    }
}
