package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every option that this JDK has, set to every kind of value in every state: each answer is that of a channel of the JDK's own. */
class OptionParityContractTest extends Contract {
    private static final Integer[] INTEGERS = {Integer.MIN_VALUE, -1, 0, 1, 2, 3, 0x10, 0xB8, 0xBB, 254, 255, 256, 1000, 2304, 4608,
        65_536, 1_000_000, Integer.MAX_VALUE, null};
    private static final Boolean[] BOOLEANS = {true, false, true, null};

    enum State {
        UNBOUND, BOUND, CONNECTED, DISCONNECTED, CLOSED
    }

    @ParameterizedTest
    @CsvSource({"UNBOUND,", "UNBOUND,INET", "BOUND,", "BOUND,INET", "CONNECTED,", "CONNECTED,INET", "DISCONNECTED,",
        "CLOSED,", "CLOSED,INET"})
    void everyAnswerIsTheJdks(State state, StandardProtocolFamily family) throws Exception {
        final DatagramChannel ours = inState(pairing.provider(), family, state);
        final DatagramChannel jdks = inState(Pairing.jdk(), family, state);
        assertThat(ours.supportedOptions()).isEqualTo(jdks.supportedOptions());
        assertThat(ours.socket().supportedOptions()).isEqualTo(jdks.socket().supportedOptions());
        final List<SocketOption<?>> options = new ArrayList<>(jdks.supportedOptions());
        options.sort(Comparator.comparing(SocketOption::name));
        for (final SocketOption<?> option : options) {
            for (final Object value : values(option)) {
                assertThat(setAndGet(ours, option, value)).as("%s=%s", option, value).isEqualTo(setAndGet(jdks, option, value));
                assertThat(setAndGetByAdaptor(ours, option, value)).as("adaptor, %s=%s", option, value)
                    .isEqualTo(setAndGetByAdaptor(jdks, option, value));
            }
        }
        // What one option did to another shows at the end.
        for (final SocketOption<?> option : options) {
            assertThat(answer(() -> ours.getOption(option))).as("%s", option).isEqualTo(answer(() -> jdks.getOption(option)));
        }
    }

    private DatagramChannel inState(SelectorProvider provider, ProtocolFamily family, State state) throws Exception {
        final DatagramChannel channel = closing(family == null ? provider.openDatagramChannel() : provider.openDatagramChannel(family));
        if (state != State.UNBOUND) {
            channel.bind(new InetSocketAddress(NEAR, 0));
        }
        if (state == State.CONNECTED || state == State.DISCONNECTED) {
            channel.connect(addressOf(boundPeer()));
        }
        if (state == State.DISCONNECTED) {
            channel.disconnect();
        }
        if (state == State.CLOSED) {
            channel.close();
        }
        return channel;
    }

    private static List<Object> values(SocketOption<?> option) throws Exception {
        final List<Object> values = new ArrayList<>();
        if (option.type() == Integer.class) {
            values.addAll(Arrays.asList(INTEGERS));
        } else if (option.type() == Boolean.class) {
            values.addAll(Arrays.asList(BOOLEANS));
        } else {
            values.addAll(NetworkInterface.networkInterfaces().toList());
            values.add(null);
        }
        values.add("a value of another type");
        return values;
    }

    private static String setAndGet(DatagramChannel channel, SocketOption<?> option, Object value) {
        return answer(() -> channel.setOption(unchecked(option), value) == channel) + ", then " + answer(() -> channel.getOption(option));
    }

    private static String setAndGetByAdaptor(DatagramChannel channel, SocketOption<?> option, Object value) {
        return answer(() -> channel.socket().setOption(unchecked(option), value) == channel.socket()) + ", then "
            + answer(() -> channel.socket().getOption(option));
    }

    @SuppressWarnings("unchecked")
    private static SocketOption<Object> unchecked(SocketOption<?> option) {
        return (SocketOption<Object>) option;
    }

    private static String answer(Callable<?> call) {
        try {
            return String.valueOf(call.call());
        } catch (final Exception e) {
            return e.getClass().getName() + ": " + e.getMessage();
        }
    }
}
