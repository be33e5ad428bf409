package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sun.nio.ch.SelChImpl;

/**
 * Every call that may be refused, in every state of the channel, on the JDK's channel and on ours: result or exception, its text, what
 * became of the buffers and of the channel are the same.
 */
@Tag("contract")
@Tag("wire")
class ChannelAnswersTest {
    private static final int MAX = 65_507;
    private static final SocketAddress STRANGE = new SocketAddress() {
        private static final long serialVersionUID = 1L;
    };
    private static final SocketOption<Integer> UNKNOWN = new SocketOption<>() {
        @Override
        public String name() {
            return "UNKNOWN";
        }

        @Override
        public Class<Integer> type() {
            return Integer.class;
        }

        @Override
        public String toString() {
            return name();
        }
    };

    private static final Map<String, Call> CALLS = new LinkedHashMap<>();
    private static final Map<String, Call> BLOCKING_CALLS = new LinkedHashMap<>();

    private static Selector jdkSelector;
    private static Selector ourSelector;

    /** What the calls are made with. */
    private record Fixture(DatagramChannel channel, InetSocketAddress peer, InetSocketAddress taken, NetworkInterface on,
                           ByteBuffer[] buffers) {
        ByteBuffer buffer(ByteBuffer which) {
            buffers[0] = which;
            return which;
        }

        ByteBuffer[] buffers(ByteBuffer... which) {
            System.arraycopy(which, 0, buffers, 0, Math.min(which.length, buffers.length));
            return which;
        }
    }

    @FunctionalInterface
    private interface Call {
        Object on(Fixture f) throws Exception;
    }

    static {
        addresses();
        options();
        groups();
        modes();
        transfers();
    }

    private static InetSocketAddress at(String host, int port) throws Exception {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    private static void addresses() {
        final InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 9);
        CALLS.put("bind null", f -> f.channel.bind(null));
        CALLS.put("bind strange", f -> f.channel.bind(STRANGE));
        CALLS.put("bind unresolved", f -> f.channel.bind(unresolved));
        CALLS.put("bind IPv6", f -> f.channel.bind(at("::1", 0)));
        CALLS.put("bind foreign", f -> f.channel.bind(at("192.0.2.1", 0)));
        CALLS.put("bind taken", f -> f.channel.bind(f.taken));
        CALLS.put("bind multicast", f -> f.channel.bind(at("239.1.2.3", 0)));
        CALLS.put("bind", f -> f.channel.bind(new InetSocketAddress(Network.HERE.near(), 0)));
        CALLS.put("connect null", f -> f.channel.connect(null));
        CALLS.put("connect strange", f -> f.channel.connect(STRANGE));
        CALLS.put("connect unresolved", f -> f.channel.connect(unresolved));
        CALLS.put("connect port 0", f -> f.channel.connect(new InetSocketAddress(f.peer.getAddress(), 0)));
        CALLS.put("connect IPv6", f -> f.channel.connect(at("::1", 9)));
        CALLS.put("connect broadcast", f -> f.channel.connect(at("255.255.255.255", 9)));
        CALLS.put("connect", f -> f.channel.connect(f.peer));
        CALLS.put("disconnect", f -> f.channel.disconnect());
        CALLS.put("close", f -> {
            f.channel.close();
            return "done";
        });
        CALLS.put("getLocalAddress", f -> f.channel.getLocalAddress());
        CALLS.put("getRemoteAddress", f -> f.channel.getRemoteAddress());
        CALLS.put("socket", f -> f.channel.socket() == f.channel.socket() && f.channel.socket().getChannel() == f.channel);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void set(String what, SocketOption option, Object value) {
        CALLS.put("set " + what, f -> f.channel.setOption(option, value));
    }

    private static void options() {
        CALLS.put("options", f -> f.channel.supportedOptions());
        CALLS.put("change options", f -> f.channel.supportedOptions().add(UNKNOWN));
        set("null", null, 1);
        set("unknown", UNKNOWN, 1);
        set("unknown null", UNKNOWN, null);
        set("TCP_NODELAY", StandardSocketOptions.TCP_NODELAY, true);
        CALLS.put("get null", f -> f.channel.getOption(null));
        CALLS.put("get unknown", f -> f.channel.getOption(UNKNOWN));
        CALLS.put("get TCP_NODELAY", f -> f.channel.getOption(StandardSocketOptions.TCP_NODELAY));
        for (final SocketOption<Boolean> option : Arrays.asList(StandardSocketOptions.SO_BROADCAST, StandardSocketOptions.SO_REUSEADDR,
            StandardSocketOptions.SO_REUSEPORT, StandardSocketOptions.IP_MULTICAST_LOOP)) {
            CALLS.put("get " + option, f -> f.channel.getOption(option));
            set(option + " null", option, null);
            set(option + " text", option, "yes");
            set(option + " false", option, false);
            CALLS.put("set and get " + option, f -> f.channel.setOption(option, true).getOption(option));
        }
        for (final SocketOption<Integer> option : Arrays.asList(StandardSocketOptions.SO_SNDBUF, StandardSocketOptions.SO_RCVBUF,
            StandardSocketOptions.IP_TOS, StandardSocketOptions.IP_MULTICAST_TTL)) {
            CALLS.put("get " + option, f -> f.channel.getOption(option));
            set(option + " null", option, null);
            set(option + " text", option, "1");
            for (final int value : new int[] {Integer.MIN_VALUE, -1, 0, 1, 3, 0xB8, 255, 256, 32_768, Integer.MAX_VALUE}) {
                CALLS.put("set and get " + option + " " + value, f -> f.channel.setOption(option, value).getOption(option));
            }
        }
        CALLS.put("get IP_MULTICAST_IF", f -> f.channel.getOption(StandardSocketOptions.IP_MULTICAST_IF));
        set("IP_MULTICAST_IF null", StandardSocketOptions.IP_MULTICAST_IF, null);
        set("IP_MULTICAST_IF text", StandardSocketOptions.IP_MULTICAST_IF, "lo");
        CALLS.put("set and get IP_MULTICAST_IF", f ->
            f.channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, f.on).getOption(StandardSocketOptions.IP_MULTICAST_IF));
    }

    private static void join(String what, String group, boolean on, String source) {
        CALLS.put("join " + what, f -> {
            final InetAddress to = group == null ? null : InetAddress.getByName(group);
            final NetworkInterface through = on ? f.on : null;
            return source == null ? f.channel.join(to, through)
                : f.channel.join(to, through, source.isEmpty() ? null : InetAddress.getByName(source));
        });
    }

    private static void groups() {
        join("null", null, true, null);
        join("null interface", "239.1.2.3", false, null);
        join("null both", null, false, null);
        join("null source", "239.1.2.3", true, "");
        join("null source and group", null, true, "");
        join("unicast", "10.77.0.9", true, null);
        join("unicast without interface", "10.77.0.9", false, null);
        join("any", "0.0.0.0", true, null);
        join("IPv6 unicast", "::1", true, null);
        join("group as source", "239.1.2.3", true, "239.1.2.3");
        join("any as source", "239.1.2.3", true, "0.0.0.0");
        join("IPv6 source", "239.1.2.3", true, "::1");
        join("group", "239.1.2.3", true, null);
        join("group from source", "239.1.2.3", true, "192.0.2.1");
        CALLS.put("join twice", f -> f.channel.join(InetAddress.getByName("239.1.2.3"), f.on)
            == f.channel.join(InetAddress.getByName("239.1.2.3"), f.on));
        CALLS.put("join all then one", f -> {
            f.channel.join(InetAddress.getByName("239.1.2.3"), f.on);
            return f.channel.join(InetAddress.getByName("239.1.2.3"), f.on, InetAddress.getByName("192.0.2.1"));
        });
        CALLS.put("join one then all", f -> {
            f.channel.join(InetAddress.getByName("239.1.2.3"), f.on, InetAddress.getByName("192.0.2.1"));
            return f.channel.join(InetAddress.getByName("239.1.2.3"), f.on);
        });
        for (final String source : new String[] {null, "192.0.2.1", "239.1.2.3", "0.0.0.0", "::1"}) {
            CALLS.put("block " + source, f -> f.channel.join(InetAddress.getByName("239.1.2.3"), f.on)
                .block(source == null ? null : InetAddress.getByName(source)).isValid());
            CALLS.put("unblock " + source, f -> f.channel.join(InetAddress.getByName("239.1.2.3"), f.on)
                .unblock(source == null ? null : InetAddress.getByName(source)).isValid());
            CALLS.put("block with one source " + source, f -> f.channel.join(InetAddress.getByName("239.1.2.3"), f.on,
                InetAddress.getByName("192.0.2.1")).block(source == null ? null : InetAddress.getByName(source)).isValid());
            for (final boolean byClose : new boolean[] {false, true}) {
                CALLS.put("block after " + (byClose ? "close " : "drop ") + source, f -> {
                    final var key = f.channel.join(InetAddress.getByName("239.1.2.3"), f.on);
                    if (byClose) {
                        f.channel.close();
                    }
                    key.drop();
                    key.drop();
                    return key.isValid() + " " + Answer.of(key, () -> key.block(source == null ? null : InetAddress.getByName(source)))
                        + " " + Answer.of(key, () -> key.unblock(source == null ? null : InetAddress.getByName(source)));
                });
            }
        }
        CALLS.put("block and unblock", f -> {
            final var key = f.channel.join(InetAddress.getByName("239.1.2.3"), f.on);
            final InetAddress source = InetAddress.getByName("192.0.2.1");
            return (key.block(source) == key) + " " + (key.block(source) == key) + " " + (key.unblock(source) == key) + " "
                + Answer.of(key, () -> key.unblock(source));
        });
        CALLS.put("membership", f -> {
            final var key = f.channel.join(InetAddress.getByName("239.1.2.3"), f.on);
            final String before = Answer.of(key, () -> key) + key.networkInterface() + key.group() + (key.channel() == f.channel);
            key.drop();
            return before + key.networkInterface() + key.group() + (key.channel() == f.channel) + key.sourceAddress();
        });
    }

    private static void modes() {
        CALLS.put("configureBlocking true", f -> f.channel.configureBlocking(true));
        CALLS.put("configureBlocking false", f -> f.channel.configureBlocking(false));
        CALLS.put("validOps", f -> f.channel.validOps());
        CALLS.put("register null", f -> f.channel.register(null, 1));
        for (final int ops : new int[] {-1, 0, 1, 2, 4, 5, 8, 16}) {
            CALLS.put("register " + ops, f -> {
                try (Selector selector = f.channel.provider().openSelector()) {
                    return Answer.of(f.channel, () -> f.channel.register(selector, ops));
                }
            });
        }
        CALLS.put("register with a closed selector", f -> {
            final Selector selector = f.channel.provider().openSelector();
            selector.close();
            return f.channel.register(selector, 1);
        });
        CALLS.put("keyFor null", f -> f.channel.keyFor(null));
    }

    private static void transfers() {
        receives();
        sends();
        final int[][] ranges = {{-1, 1}, {0, -1}, {0, 3}, {2, 1}, {3, 0}, {Integer.MAX_VALUE, 1}, {0, 0}, {2, 0}};
        for (final int[] range : ranges) {
            CALLS.put("read from " + range[0] + " " + range[1], f ->
                f.channel.read(f.buffers(ByteBuffer.allocate(0), ByteBuffer.allocate(0)), range[0], range[1]));
            CALLS.put("write from " + range[0] + " " + range[1], f ->
                f.channel.write(f.buffers(ByteBuffer.allocate(2), ByteBuffer.allocate(3)), range[0], range[1]));
        }
    }

    private static void receives() {
        final ByteBuffer readOnly = ByteBuffer.allocate(4).asReadOnlyBuffer();
        CALLS.put("receive null", f -> f.channel.receive(null));
        CALLS.put("receive read-only", f -> f.channel.receive(readOnly));
        BLOCKING_CALLS.put("receive full", f -> f.channel.receive(f.buffer(ByteBuffer.allocate(4).position(4))));
        BLOCKING_CALLS.put("receive", f -> f.channel.receive(f.buffer(ByteBuffer.allocate(9).position(2))));
        BLOCKING_CALLS.put("receive short", f -> f.channel.receive(f.buffer(ByteBuffer.allocateDirect(2))));
        CALLS.put("read null", f -> f.channel.read((ByteBuffer) null));
        CALLS.put("read read-only", f -> f.channel.read(readOnly));
        CALLS.put("read read-only without room", f -> f.channel.read(ByteBuffer.allocate(0).asReadOnlyBuffer()));
        CALLS.put("read full", f -> f.channel.read(ByteBuffer.allocate(0)));
        BLOCKING_CALLS.put("read", f -> f.channel.read(f.buffer(ByteBuffer.allocate(9).position(2))));
        BLOCKING_CALLS.put("read short", f -> f.channel.read(f.buffer(ByteBuffer.allocateDirect(2))));
        CALLS.put("read null array", f -> f.channel.read((ByteBuffer[]) null));
        CALLS.put("read null array from", f -> f.channel.read(null, 0, 0));
        CALLS.put("read array of null", f -> f.channel.read(new ByteBuffer[] {null}));
        CALLS.put("read array with null", f -> f.channel.read(f.buffers(ByteBuffer.allocate(3), null)));
        CALLS.put("read array with null after full", f -> f.channel.read(f.buffers(ByteBuffer.allocate(0), null)));
        CALLS.put("read array with read-only", f -> f.channel.read(f.buffers(ByteBuffer.allocate(3), readOnly)));
        CALLS.put("read array with null then read-only", f -> f.channel.read(new ByteBuffer[] {null, readOnly}));
        CALLS.put("read array with read-only then null", f -> f.channel.read(new ByteBuffer[] {readOnly, null}));
        CALLS.put("read empty array", f -> f.channel.read(new ByteBuffer[0]));
        CALLS.put("read full array", f -> f.channel.read(f.buffers(ByteBuffer.allocate(0), ByteBuffer.allocate(0))));
        BLOCKING_CALLS.put("scattering read", f ->
            f.channel.read(f.buffers(ByteBuffer.allocate(2), ByteBuffer.allocate(0), ByteBuffer.allocateDirect(9))));
        BLOCKING_CALLS.put("short scattering read", f -> f.channel.read(f.buffers(ByteBuffer.allocate(2), ByteBuffer.allocate(1))));
    }

    private static void sends() {
        final InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 9);
        CALLS.put("send null", f -> f.channel.send(null, f.peer));
        CALLS.put("send null to null", f -> f.channel.send(null, null));
        CALLS.put("send to null", f -> f.channel.send(f.buffer(ByteBuffer.allocate(3)), null));
        CALLS.put("send to strange", f -> f.channel.send(f.buffer(ByteBuffer.allocate(3)), STRANGE));
        CALLS.put("send to unresolved", f -> f.channel.send(f.buffer(ByteBuffer.allocate(3)), unresolved));
        CALLS.put("send to port 0", f -> f.channel.send(f.buffer(ByteBuffer.allocate(3)), new InetSocketAddress(f.peer.getAddress(), 0)));
        CALLS.put("send to IPv6", f -> f.channel.send(f.buffer(ByteBuffer.allocate(3)), at("::1", 9)));
        CALLS.put("send to broadcast", f -> f.channel.send(f.buffer(ByteBuffer.allocate(3)), at("255.255.255.255", 9)));
        CALLS.put("send to another", f -> f.channel.send(f.buffer(ByteBuffer.allocate(3)), f.taken));
        CALLS.put("send to an equal address", f ->
            f.channel.send(f.buffer(ByteBuffer.allocate(3)), new InetSocketAddress(f.peer.getAddress(), f.peer.getPort())));
        for (final int size : new int[] {0, 1, 1472, 1473, MAX, MAX + 1, 100_000}) {
            for (final boolean direct : new boolean[] {false, true}) {
                final String what = size + (direct ? " direct" : "");
                final ByteBuffer source = direct ? ByteBuffer.allocateDirect(size + 4).position(2).limit(size + 2)
                    : ByteBuffer.allocate(size);
                CALLS.put("send " + what, f -> f.channel.send(f.buffer(source.duplicate()), f.peer));
                CALLS.put("send read-only " + what, f -> f.channel.send(f.buffer(source.asReadOnlyBuffer()), f.peer));
                CALLS.put("write " + what, f -> f.channel.write(f.buffer(source.duplicate())));
                CALLS.put("gather " + what, f -> f.channel.write(f.buffers(source.duplicate(), ByteBuffer.allocate(0))));
                CALLS.put("gather one more than " + what, f -> f.channel.write(f.buffers(source.duplicate(), ByteBuffer.allocate(1))));
            }
        }
        CALLS.put("write null", f -> f.channel.write((ByteBuffer) null));
        CALLS.put("write null array", f -> f.channel.write((ByteBuffer[]) null));
        CALLS.put("write null array from", f -> f.channel.write(null, 0, 0));
        CALLS.put("write array of null", f -> f.channel.write(new ByteBuffer[] {null}));
        CALLS.put("write array with null", f -> f.channel.write(f.buffers(ByteBuffer.allocate(3), null)));
        CALLS.put("write empty array", f -> f.channel.write(new ByteBuffer[0]));
        CALLS.put("write array of empty", f -> f.channel.write(f.buffers(ByteBuffer.allocate(0), ByteBuffer.allocate(0))));
    }

    @BeforeAll
    static void openSelectors() throws Exception {
        Assumptions.assumeTrue(Network.refusal() == null, Network.refusal());
        jdkSelector = Pairing.jdk().openSelector();
        ourSelector = Pairing.ours().openSelector();
    }

    @ParameterizedTest
    @EnumSource
    void everyCallAnswersAsOnTheJdks(ChannelState state) throws Exception {
        final Map<String, Call> calls = new LinkedHashMap<>(CALLS);
        if (!state.canBlock()) {
            calls.putAll(BLOCKING_CALLS);
        }
        assertSameAnswers(state, calls, null);
    }

    @ParameterizedTest
    @EnumSource(names = {"BOUND", "CONNECTED", "NON_BLOCKING", "NON_BLOCKING_CONNECTED"})
    void aDatagramIsReceivedAsOnTheJdks(ChannelState state) throws Exception {
        assertSameAnswers(state, BLOCKING_CALLS, "hello");
        final Map<String, Call> calls = new LinkedHashMap<>(CALLS);
        calls.keySet().removeIf(name -> !name.startsWith("re"));
        assertSameAnswers(state, calls, "hello");
    }

    @ParameterizedTest
    @EnumSource(names = {"BOUND", "CONNECTED", "NON_BLOCKING", "NON_BLOCKING_CONNECTED"})
    void anEmptyDatagramIsReceivedAsOnTheJdks(ChannelState state) throws Exception {
        assertSameAnswers(state, BLOCKING_CALLS, "");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedThreadIsAnsweredAsOnTheJdks(ChannelState state) throws Exception {
        final Map<String, Call> calls = new LinkedHashMap<>(CALLS);
        calls.putAll(BLOCKING_CALLS);
        final Map<String, Call> interrupted = new LinkedHashMap<>();
        calls.forEach((name, call) -> interrupted.put(name, f -> {
            Thread.currentThread().interrupt();
            try {
                return Answer.of(f.channel, () -> call.on(f)) + (Thread.currentThread().isInterrupted() ? ", still interrupted" : "");
            } finally {
                Thread.interrupted();
            }
        }));
        assertSameAnswers(state, interrupted, null);
    }

    @Test
    void textsAreAsOnTheJdks() throws Exception {
        final Pattern identity = Pattern.compile("@[0-9a-f]+");
        final String[] texts = new String[2];
        for (final Pairing pairing : new Pairing[] {Pairing.JDK_WITH_JDK, Pairing.OURS_WITH_OURS}) {
            try (DatagramChannel channel = pairing.provider().openDatagramChannel();
                Selector selector = channel.provider().openSelector()) {
                channel.configureBlocking(false);
                final String key = channel.register(selector, SelectionKey.OP_READ).toString();
                final String all = channel + " " + channel.socket() + " " + key;
                texts[pairing.ordinal()] = identity.matcher(all).replaceAll("@")
                    .replace(channel.getClass().getName(), "CHANNEL").replace(channel.socket().getClass().getName(), "SOCKET")
                    .replace(selector.getClass().getName(), "SELECTOR");
            }
        }
        assertThat(texts[1]).isEqualTo(texts[0])
            .isEqualTo("CHANNEL@ SOCKET@ channel=CHANNEL@, selector=SELECTOR@, interestOps=1, readyOps=0");
    }

    /** What Netty and older Agrona do to a selector of the JDK's kind. */
    @Test
    void theSelectorsSetsCanBeReplaced() throws Exception {
        final Set<SelectionKey> mine = new HashSet<>();
        try (DatagramChannel channel = Pairing.ours().openDatagramChannel(); Selector selector = Pairing.ours().openSelector()) {
            for (final String name : new String[] {"selectedKeys", "publicSelectedKeys"}) {
                final long offset = org.agrona.UnsafeApi.objectFieldOffset(Class.forName("sun.nio.ch.SelectorImpl"), name);
                org.agrona.UnsafeApi.putReferenceVolatile(selector, offset, mine);
            }
            final InetSocketAddress near = new InetSocketAddress(Network.HERE.near(), 0);
            channel.bind(near).configureBlocking(false);
            final SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
            assertThat(selector.select()).isEqualTo(1);
            assertThat(mine).containsExactly(key);
        }
    }

    /** Where programs look that set options by native calls, as Java has no public way to the descriptor. */
    @Test
    void theDescriptorIsInTheJdksFields() throws Exception {
        for (final Pairing pairing : List.of(Pairing.JDK_WITH_JDK, Pairing.OURS_WITH_OURS)) {
            try (DatagramChannel channel = pairing.provider().openDatagramChannel()) {
                final Class<?> type = channel.getClass();
                final Object fd = org.agrona.UnsafeApi.getReference(channel, org.agrona.UnsafeApi.objectFieldOffset(type, "fd"));
                final int number = org.agrona.UnsafeApi.getInt(channel, org.agrona.UnsafeApi.objectFieldOffset(type, "fdVal"));
                assertThat(fd).as(pairing + " fd").isSameAs(((SelChImpl) channel).getFD());
                assertThat(number).as(pairing + " fdVal").isEqualTo(((SelChImpl) channel).getFDVal());
            }
        }
    }

    private static void assertSameAnswers(ChannelState state, Map<String, Call> calls, String queued) throws Exception {
        final Map<String, String> expected = new TreeMap<>();
        final Map<String, String> actual = new TreeMap<>();
        for (final Map.Entry<String, Call> each : calls.entrySet()) {
            expected.put(each.getKey(), answer(Pairing.JDK_WITH_JDK, jdkSelector, state, each.getValue(), queued));
            actual.put(each.getKey(), answer(Pairing.OURS_WITH_OURS, ourSelector, state, each.getValue(), queued));
        }
        final Map<String, String> different = new TreeMap<>();
        expected.forEach((name, answer) -> {
            if (!answer.equals(actual.get(name))) {
                different.put(name, "\n  JDK  " + answer + "\n  ours " + actual.get(name) + "\n");
            }
        });
        assertThat(different).as(state + " of " + expected.size()).isEmpty();
    }

    private static String answer(Pairing pairing, Selector selector, ChannelState state, Call call, String queued) throws Exception {
        final InetSocketAddress far = new InetSocketAddress(Network.HERE.far(), 0);
        try (DatagramChannel peer = pairing.peerProvider().openDatagramChannel().bind(far);
            DatagramChannel taken = pairing.peerProvider().openDatagramChannel().bind(far);
            DatagramChannel channel = state.open(pairing, selector, (InetSocketAddress) peer.getLocalAddress())) {
            final Fixture f = new Fixture(channel, (InetSocketAddress) peer.getLocalAddress(), (InetSocketAddress) taken.getLocalAddress(),
                Network.HERE.nearInterface(), new ByteBuffer[3]);
            if (queued != null) {
                queue(peer, channel, queued);
            }
            final String answer = Answer.of(channel, () -> call.on(f));
            final String seen = ChannelState.seen(channel);
            return answer + "; " + seen + "; " + Arrays.toString(f.buffers) + (queued != null && channel.isOpen() ? left(channel) : "");
        } finally {
            selector.selectNow();
        }
    }

    /** Sends it and waits until it is there: a later one has come through, or a selector tells. */
    private static void queue(DatagramChannel peer, DatagramChannel channel, String text) throws Exception {
        final boolean blocking = channel.isBlocking();
        channel.configureBlocking(false);
        try (Selector selector = channel.provider().openSelector()) {
            channel.register(selector, 1);
            peer.send(Contract.bytes(text), channel.getLocalAddress());
            assertThat(selector.select(10_000)).isEqualTo(1);
        }
        channel.configureBlocking(blocking);
    }

    /** What is still queued. */
    private static String left(DatagramChannel channel) throws Exception {
        if (channel.isBlocking()) {
            channel.configureBlocking(false);
        }
        final ByteBuffer into = ByteBuffer.allocate(99);
        return "; left " + (channel.receive(into) == null ? "nothing" : into.toString());
    }
}
