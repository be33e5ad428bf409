package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** As {@link ChannelAnswersTest} for the adaptor: every call, in every state, on the JDK's and on ours. */
@Tag("contract")
@Tag("wire")
class SocketAnswersTest {
    private static final SocketAddress STRANGE = new SocketAddress() {
        private static final long serialVersionUID = 1L;
    };
    private static final Map<String, Call> CALLS = new LinkedHashMap<>();
    /** Wait for ever where nothing comes, or for their time. */
    private static final Map<String, Call> RECEIVES = new LinkedHashMap<>();

    private static Selector jdkSelector;
    private static Selector ourSelector;

    private record Fixture(MulticastSocket socket, InetSocketAddress peer, InetSocketAddress taken, NetworkInterface on) {
    }

    @FunctionalInterface
    private interface Call {
        Object on(Fixture f) throws Exception;
    }

    @FunctionalInterface
    private interface Action {
        void on(Fixture f) throws Exception;
    }

    static {
        addresses();
        packets();
        options();
        groups();
    }

    private static void call(String what, Action action) {
        CALLS.put(what, done(action));
    }

    private static Call done(Action action) {
        return f -> {
            action.on(f);
            return "done";
        };
    }

    private static void addresses() {
        final InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 9);
        call("bind null", f -> f.socket.bind(null));
        call("bind strange", f -> f.socket.bind(STRANGE));
        call("bind unresolved", f -> f.socket.bind(unresolved));
        call("bind IPv6", f -> f.socket.bind(new InetSocketAddress("::1", 0)));
        call("bind foreign", f -> f.socket.bind(new InetSocketAddress("192.0.2.1", 0)));
        call("bind taken", f -> f.socket.bind(f.taken));
        call("bind", f -> f.socket.bind(new InetSocketAddress(Network.HERE.near(), 0)));
        call("connect null", f -> f.socket.connect(null));
        call("connect null address", f -> f.socket.connect(null, 1));
        call("connect strange", f -> f.socket.connect(STRANGE));
        call("connect unresolved", f -> f.socket.connect(unresolved));
        call("connect port 0", f -> f.socket.connect(f.peer.getAddress(), 0));
        call("connect address and port 0", f -> f.socket.connect(new InetSocketAddress(f.peer.getAddress(), 0)));
        call("connect port -1", f -> f.socket.connect(f.peer.getAddress(), -1));
        call("connect port 65536", f -> f.socket.connect(f.peer.getAddress(), 65_536));
        call("connect IPv6", f -> f.socket.connect(InetAddress.getByName("::1"), 9));
        call("connect broadcast", f -> f.socket.connect(InetAddress.getByName("255.255.255.255"), 9));
        call("connect", f -> f.socket.connect(f.peer));
        call("connect address and port", f -> f.socket.connect(f.peer.getAddress(), f.peer.getPort()));
        call("connect another", f -> f.socket.connect(f.taken));
        call("disconnect", f -> f.socket.disconnect());
        call("close", f -> f.socket.close());
        CALLS.put("getLocalSocketAddress", f -> f.socket.getLocalSocketAddress());
        CALLS.put("getInetAddress", f -> f.socket.getInetAddress());
        CALLS.put("getChannel", f -> f.socket.getChannel().socket() == f.socket);
        CALLS.put("toString", f -> f.socket.toString().startsWith(f.socket.getClass().getName() + "@"));
    }

    private static void packets() {
        final byte[] four = {1, 2, 3, 4};
        call("send null", f -> f.socket.send(null));
        call("send to nobody", f -> f.socket.send(new DatagramPacket(four, 4)));
        CALLS.put("send to the peer by default", f -> {
            final DatagramPacket packet = new DatagramPacket(four, 4);
            f.socket.send(packet);
            return packet.getAddress() + " " + (packet.getPort() == f.peer.getPort());
        });
        call("send to port 0", f -> f.socket.send(new DatagramPacket(four, 4, f.peer.getAddress(), 0)));
        call("send without port", f -> {
            final DatagramPacket packet = new DatagramPacket(four, 4);
            packet.setAddress(f.peer.getAddress());
            f.socket.send(packet);
        });
        call("send to another", f -> f.socket.send(new DatagramPacket(four, 4, f.taken)));
        call("send to broadcast", f -> f.socket.send(new DatagramPacket(four, 4, InetAddress.getByName("255.255.255.255"), 9)));
        call("send to IPv6", f -> f.socket.send(new DatagramPacket(four, 4, InetAddress.getByName("::1"), 9)));
        for (final int size : new int[] {0, 1, 65_507, 65_508}) {
            call("send " + size, f -> f.socket.send(new DatagramPacket(new byte[size], size, f.peer)));
            call("send to the peer by default " + size, f -> f.socket.send(new DatagramPacket(new byte[size], size)));
        }
        sendWithTtl(four);
        RECEIVES.put("receive", done(f -> f.socket.receive(new DatagramPacket(new byte[9], 9))));
        RECEIVES.put("receive null", done(f -> f.socket.receive(null)));
        RECEIVES.put("receive in time", done(f -> {
            f.socket.setSoTimeout(5);
            f.socket.receive(new DatagramPacket(new byte[9], 9));
        }));
        RECEIVES.put("receive into nothing", f -> {
            final DatagramPacket packet = new DatagramPacket(new byte[0], 0);
            f.socket.receive(packet);
            return packet.getLength() + " " + packet.getSocketAddress().equals(f.peer);
        });
        for (final int[] part : new int[][] {{0, 9}, {3, 2}, {3, 6}, {9, 0}}) {
            RECEIVES.put("receive at " + part[0] + " for " + part[1], f -> {
                final byte[] bytes = new byte[9];
                final DatagramPacket packet = new DatagramPacket(bytes, part[0], part[1]);
                f.socket.receive(packet);
                return packet.getOffset() + " " + packet.getLength() + " " + java.util.Arrays.toString(bytes)
                    + packet.getSocketAddress().equals(f.peer);
            });
        }
    }

    @SuppressWarnings({"deprecation", "removal"})
    private static void sendWithTtl(byte[] bytes) {
        call("send null with TTL", f -> f.socket.send(null, (byte) 3));
        call("send to nobody with TTL", f -> f.socket.send(new DatagramPacket(bytes, 4), (byte) 3));
        CALLS.put("send with TTL", f -> {
            f.socket.send(new DatagramPacket(bytes, 4, f.peer), (byte) 200);
            return f.socket.getTimeToLive();
        });
        call("setTTL -1", f -> f.socket.setTTL((byte) -1));
        CALLS.put("getTTL", f -> f.socket.getTTL());
        CALLS.put("setTTL and getTTL", f -> {
            f.socket.setTTL((byte) 200);
            return f.socket.getTTL() + " " + f.socket.getTimeToLive();
        });
    }

    @SuppressWarnings({"deprecation", "removal"})
    private static void options() {
        for (final int value : new int[] {Integer.MIN_VALUE, -1, 0, 1, 3, 255, 256, 30_000, Integer.MAX_VALUE}) {
            CALLS.put("setSoTimeout " + value, f -> {
                f.socket.setSoTimeout(value);
                return f.socket.getSoTimeout();
            });
            CALLS.put("setSendBufferSize " + value, f -> {
                f.socket.setSendBufferSize(value);
                return f.socket.getSendBufferSize();
            });
            CALLS.put("setReceiveBufferSize " + value, f -> {
                f.socket.setReceiveBufferSize(value);
                return f.socket.getReceiveBufferSize();
            });
            CALLS.put("setTrafficClass " + value, f -> {
                f.socket.setTrafficClass(value);
                return f.socket.getTrafficClass();
            });
            CALLS.put("setTimeToLive " + value, f -> {
                f.socket.setTimeToLive(value);
                return f.socket.getTimeToLive();
            });
        }
        for (final boolean value : new boolean[] {false, true}) {
            CALLS.put("setReuseAddress " + value, f -> {
                f.socket.setReuseAddress(value);
                return f.socket.getReuseAddress();
            });
            CALLS.put("setBroadcast " + value, f -> {
                f.socket.setBroadcast(value);
                return f.socket.getBroadcast();
            });
            CALLS.put("setLoopbackMode " + value, f -> {
                f.socket.setLoopbackMode(value);
                return f.socket.getLoopbackMode() + " " + f.socket.getOption(StandardSocketOptions.IP_MULTICAST_LOOP);
            });
        }
        CALLS.put("getters", f -> Answer.of(f, f.socket::getSoTimeout) + Answer.of(f, f.socket::getSendBufferSize)
            + Answer.of(f, f.socket::getReceiveBufferSize) + Answer.of(f, f.socket::getReuseAddress) + Answer.of(f, f.socket::getBroadcast)
            + Answer.of(f, f.socket::getTrafficClass) + Answer.of(f, f.socket::getTimeToLive) + Answer.of(f, f.socket::getLoopbackMode));
        CALLS.put("supportedOptions", f -> f.socket.supportedOptions());
        call("setOption null", f -> f.socket.setOption(null, 1));
        call("setOption null value", f -> f.socket.setOption(StandardSocketOptions.SO_RCVBUF, null));
        call("setOption of TCP", f -> f.socket.setOption(StandardSocketOptions.TCP_NODELAY, true));
        CALLS.put("setOption", f -> f.socket.setOption(StandardSocketOptions.IP_TOS, 8));
        CALLS.put("getOption null", f -> f.socket.getOption(null));
        CALLS.put("getOption of TCP", f -> f.socket.getOption(StandardSocketOptions.TCP_NODELAY));
        CALLS.put("getOption", f -> f.socket.getOption(StandardSocketOptions.SO_BROADCAST));
    }

    @SuppressWarnings({"deprecation", "removal"})
    private static void groups() {
        for (final String address : new String[] {null, "192.0.2.1", "127.0.0.1", "0.0.0.0", "::1"}) {
            CALLS.put("setInterface " + address, f -> {
                f.socket.setInterface(address == null ? null : InetAddress.getByName(address));
                return f.socket.getInterface() + " " + f.socket.getNetworkInterface();
            });
        }
        CALLS.put("getInterface", f -> f.socket.getInterface());
        CALLS.put("getNetworkInterface", f -> f.socket.getNetworkInterface());
        call("setNetworkInterface null", f -> f.socket.setNetworkInterface(null));
        CALLS.put("setNetworkInterface", f -> {
            f.socket.setNetworkInterface(f.on);
            return f.socket.getNetworkInterface() + " " + f.socket.getInterface();
        });
        for (final String group : new String[] {null, "192.0.2.1", "239.1.2.3", "::1"}) {
            call("joinGroup " + group, f -> f.socket.joinGroup(group == null ? null : InetAddress.getByName(group)));
            call("leaveGroup " + group, f -> f.socket.leaveGroup(group == null ? null : InetAddress.getByName(group)));
            for (final boolean on : new boolean[] {false, true}) {
                final String where = on ? " on one" : " on any";
                call("joinGroup " + group + where, f -> f.socket.joinGroup(address(group), on ? f.on : null));
                call("leaveGroup " + group + where, f -> f.socket.leaveGroup(address(group), on ? f.on : null));
                call("joinGroup twice " + group + where, f -> {
                    f.socket.joinGroup(address(group), on ? f.on : null);
                    f.socket.joinGroup(address(group), on ? f.on : null);
                });
                call("join and leave " + group + where, f -> {
                    f.socket.joinGroup(address(group), on ? f.on : null);
                    f.socket.leaveGroup(address(group), on ? f.on : null);
                });
            }
        }
        final InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 9);
        call("joinGroup strange", f -> f.socket.joinGroup(STRANGE, f.on));
        call("joinGroup unresolved", f -> f.socket.joinGroup(unresolved, f.on));
        call("leaveGroup strange", f -> f.socket.leaveGroup(STRANGE, f.on));
        call("leaveGroup unresolved", f -> f.socket.leaveGroup(unresolved, f.on));
    }

    private static SocketAddress address(String group) throws Exception {
        return group == null ? null : new InetSocketAddress(InetAddress.getByName(group), 0);
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
            calls.putAll(RECEIVES);
        } else {
            calls.put("receive in time", RECEIVES.get("receive in time"));
        }
        assertSameAnswers(state, calls, null);
    }

    @ParameterizedTest
    @EnumSource(names = {"BOUND", "CONNECTED", "NON_BLOCKING"})
    void aDatagramIsReceivedAsOnTheJdks(ChannelState state) throws Exception {
        assertSameAnswers(state, RECEIVES, "hello");
        assertSameAnswers(state, RECEIVES, "");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedThreadIsAnsweredAsOnTheJdks(ChannelState state) throws Exception {
        final Map<String, Call> calls = new LinkedHashMap<>(CALLS);
        calls.putAll(RECEIVES);
        final Map<String, Call> interrupted = new LinkedHashMap<>();
        calls.forEach((name, call) -> interrupted.put(name, f -> {
            Thread.currentThread().interrupt();
            try {
                return Answer.of(f.socket, () -> call.on(f)) + (Thread.currentThread().isInterrupted() ? ", still interrupted" : "");
            } finally {
                Thread.interrupted();
            }
        }));
        assertSameAnswers(state, interrupted, null);
    }

    private static void assertSameAnswers(ChannelState state, Map<String, Call> calls, String queued) throws Exception {
        final Map<String, String> different = new TreeMap<>();
        for (final Map.Entry<String, Call> each : calls.entrySet()) {
            final String expected = answer(Pairing.JDK_WITH_JDK, jdkSelector, state, each.getValue(), queued);
            final String actual = answer(Pairing.OURS_WITH_OURS, ourSelector, state, each.getValue(), queued);
            if (!expected.equals(actual)) {
                different.put(each.getKey(), "\n  JDK  " + expected + "\n  ours " + actual + "\n");
            }
        }
        assertThat(different).as(state + " of " + calls.size()).isEmpty();
    }

    private static String answer(Pairing pairing, Selector selector, ChannelState state, Call call, String queued) throws Exception {
        final InetSocketAddress far = new InetSocketAddress(Network.HERE.far(), 0);
        try (DatagramChannel peer = pairing.peerProvider().openDatagramChannel().bind(far);
            DatagramChannel taken = pairing.peerProvider().openDatagramChannel().bind(far);
            DatagramChannel channel = state.open(pairing, selector, (InetSocketAddress) peer.getLocalAddress())) {
            final Fixture f = new Fixture((MulticastSocket) channel.socket(), (InetSocketAddress) peer.getLocalAddress(),
                (InetSocketAddress) taken.getLocalAddress(), Network.HERE.nearInterface());
            if (queued != null) {
                peer.send(Contract.bytes(queued), channel.getLocalAddress());
            }
            return Answer.of(f.socket, () -> call.on(f)) + "; " + ChannelState.seen(channel);
        } finally {
            selector.selectNow();
        }
    }
}
