package io.accel.nio;

import static java.net.StandardSocketOptions.IP_MULTICAST_LOOP;
import static java.net.StandardSocketOptions.SO_RCVBUF;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The adaptor against the JDK's: the same calls, and what both answer must be the same. */
@Timeout(60)
class AccelDatagramSocketTest {
    private static SelectorProvider accel;
    private static SelectorProvider jdk;

    /** Which of our paths a socket is on, by the address it is bound to. */
    enum PathTaken {
        FAST("127.0.0.1"), KERNEL("::1");

        private final InetAddress host;

        PathTaken(String host) {
            try {
                this.host = InetAddress.getByName(host);
            } catch (final IOException e) {
                throw new AssertionError("a literal address", e);
            }
        }

        InetSocketAddress any() {
            return new InetSocketAddress(host, 0);
        }
    }

    @FunctionalInterface
    private interface Call {
        Object run() throws Exception;
    }

    /** What was answered, in order, as text. */
    private static final class Transcript {
        private final List<String> lines = new ArrayList<>();

        void add(String what, Call call) {
            lines.add(what + ": " + outcome(call));
        }

        private static String outcome(Call call) {
            try {
                final Object result = call.run();
                return result instanceof NetworkInterface on ? "interface " + on.getName() + " " + on.getIndex() : String.valueOf(result);
            } catch (final NullPointerException e) {
                // The JVM's text names the variables of the code.
                return e.getClass().getName();
            } catch (final Exception e) {
                final Throwable cause = e.getCause();
                return e.getClass().getName() + ": " + e.getMessage() + " caused by " + (cause == null ? "nothing" : cause.getClass());
            }
        }
    }

    @BeforeAll
    static void providers() {
        accel = TestProvider.ACCEL;
        jdk = SelectorProvider.provider();
        assertThat(Accel.unavailabilityCause()).isNull();
    }

    private static MulticastSocket open(SelectorProvider provider) throws IOException {
        return (MulticastSocket) provider.openDatagramChannel().socket();
    }

    /** Both do it; what they say is equal. */
    private static void assertSame(Script script) throws Exception {
        final Transcript expected = new Transcript();
        try (MulticastSocket socket = open(jdk)) {
            script.run(socket, expected);
        }
        final Transcript actual = new Transcript();
        try (MulticastSocket socket = open(accel)) {
            script.run(socket, actual);
        }
        assertThat(expected.lines).isNotEmpty();
        assertThat(actual.lines).hasSameSizeAs(expected.lines);
        for (int i = 0; i < expected.lines.size(); i++) {
            assertThat(actual.lines.get(i)).as("call %d", i).isEqualTo(expected.lines.get(i));
        }
    }

    @FunctionalInterface
    private interface Script {
        void run(MulticastSocket socket, Transcript told) throws Exception;
    }

    @Test
    void overridesEveryMethodThatWouldNeedADelegate() {
        final List<String> missing = new ArrayList<>();
        for (final Class<?> type : List.of(DatagramSocket.class, MulticastSocket.class)) {
            for (final Method method : type.getDeclaredMethods()) {
                final int modifiers = method.getModifiers();
                if (Modifier.isPublic(modifiers) && !Modifier.isStatic(modifiers) && !Modifier.isFinal(modifiers) && !declares(method)) {
                    missing.add(method.toString());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static boolean declares(Method method) {
        try {
            AccelDatagramSocket.class.getDeclaredMethod(method.getName(), method.getParameterTypes());
            return true;
        } catch (final NoSuchMethodException e) {
            return false;
        }
    }

    @Test
    void isOneMulticastSocketOfItsChannel() throws IOException {
        try (DatagramChannel channel = accel.openDatagramChannel()) {
            assertThat(channel.socket()).isSameAs(channel.socket()).isInstanceOf(AccelDatagramSocket.class);
            assertThat(channel.socket().getChannel()).isSameAs(channel);
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatTheJdkSaysBeforeAndAfterBindConnectAndClose(PathTaken path) throws Exception {
        try (DatagramSocket peer = new DatagramSocket(path.any())) {
            assertSame((socket, told) -> {
                state(socket, told, "unbound");
                told.add("bind", () -> {
                    socket.bind(path.any());
                    return null;
                });
                state(socket, told, "bound");
                told.add("bind again", call(() -> socket.bind(null)));
                told.add("connect", call(() -> socket.connect(peer.getLocalSocketAddress())));
                state(socket, told, "connected");
                told.add("connect again", call(() -> socket.connect(peer.getLocalAddress(), peer.getLocalPort())));
                told.add("disconnect", call(socket::disconnect));
                state(socket, told, "disconnected");
                told.add("connect", call(() -> socket.connect(peer.getLocalSocketAddress())));
                socket.close();
                state(socket, told, "closed");
                told.add("closed bind", call(() -> socket.bind(null)));
                told.add("closed connect", call(() -> socket.connect(peer.getLocalSocketAddress())));
                told.add("closed disconnect", call(socket::disconnect));
                told.add("closed send", call(() -> socket.send(new DatagramPacket(new byte[1], 1, peer.getLocalSocketAddress()))));
                told.add("closed receive", call(() -> socket.receive(new DatagramPacket(new byte[1], 1))));
            });
        }
    }

    private static void state(MulticastSocket socket, Transcript told, String when) {
        told.add(when + " isBound", socket::isBound);
        told.add(when + " isConnected", socket::isConnected);
        told.add(when + " isClosed", socket::isClosed);
        told.add(when + " getInetAddress", socket::getInetAddress);
        told.add(when + " getPort", socket::getPort);
        told.add(when + " getRemoteSocketAddress", socket::getRemoteSocketAddress);
        told.add(when + " getLocalAddress", socket::getLocalAddress);
        told.add(when + " getLocalPort", () -> Integer.signum(socket.getLocalPort()));
        told.add(when + " getLocalSocketAddress",
            () -> socket.getLocalSocketAddress() instanceof InetSocketAddress local ? local.getAddress() : null);
    }

    private static Call call(Action action) {
        return () -> {
            action.run();
            return "done";
        };
    }

    @FunctionalInterface
    private interface Action {
        void run() throws Exception;
    }

    @Test
    void refusesWrongAddressesAsTheJdkDoes() throws Exception {
        final InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 9);
        final SocketAddress foreign = new SocketAddress() {
            private static final long serialVersionUID = 1;
        };
        final InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
            assertSame((socket, told) -> {
                for (final boolean open : new boolean[] {true, false}) {
                    if (!open) {
                        socket.close();
                    }
                    told.add("bind foreign", call(() -> socket.bind(foreign)));
                    told.add("bind unresolved", call(() -> socket.bind(unresolved)));
                    told.add("bind taken", call(() -> socket.bind(taken.getLocalSocketAddress())));
                    told.add("connect null", call(() -> socket.connect(null)));
                    told.add("connect null, port", call(() -> socket.connect(null, 1)));
                    told.add("connect foreign", call(() -> socket.connect(foreign)));
                    told.add("connect unresolved", call(() -> socket.connect(unresolved)));
                    told.add("connect port 0", call(() -> socket.connect(new InetSocketAddress(loopback, 0))));
                    told.add("connect address, port 0", call(() -> socket.connect(loopback, 0)));
                    told.add("connect bad port", call(() -> socket.connect(loopback, -1)));
                    if (open) {
                        // Of a closed socket JDK 17 tells the missing address, 25 that it is closed.
                        told.add("send without address", call(() -> socket.send(new DatagramPacket(new byte[1], 1))));
                    }
                    told.add("send to port 0", call(() -> socket.send(new DatagramPacket(new byte[1], 1, loopback, 0))));
                    told.add("send null", call(() -> socket.send(null)));
                    told.add("receive null", call(() -> socket.receive(null)));
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsOnlyToThePeerOnceConnected(PathTaken path) throws Exception {
        try (DatagramSocket peer = new DatagramSocket(path.any()); DatagramSocket other = new DatagramSocket(path.any())) {
            peer.setSoTimeout(10_000);
            assertSame((socket, told) -> {
                socket.bind(path.any());
                socket.connect(peer.getLocalSocketAddress());
                told.add("to another", call(() -> socket.send(new DatagramPacket(new byte[1], 1, other.getLocalSocketAddress()))));
                final DatagramPacket packet = new DatagramPacket(new byte[] {7}, 1);
                told.add("to nobody named", call(() -> socket.send(packet)));
                told.add("packet's address", packet::getSocketAddress);
                final DatagramPacket got = new DatagramPacket(new byte[10], 10);
                peer.receive(got);
                told.add("received", () -> got.getLength() + " " + got.getData()[0]);
                told.add("empty", call(() -> socket.send(new DatagramPacket(new byte[0], 0))));
            });
        }
    }

    @Test
    void sendsAndReceivesOnlyInBlockingMode() throws Exception {
        assertSame((socket, told) -> {
            socket.bind(PathTaken.FAST.any());
            socket.getChannel().configureBlocking(false);
            told.add("send", call(() -> socket.send(new DatagramPacket(new byte[1], 1, socket.getLocalSocketAddress()))));
            told.add("receive", call(() -> socket.receive(new DatagramPacket(new byte[1], 1))));
        });
    }

    @Test
    void optionsAnswerAsTheJdks() throws Exception {
        assertSame((socket, told) -> {
            for (final boolean open : new boolean[] {true, false}) {
                if (!open) {
                    socket.close();
                }
                told.add("supported", () -> socket.supportedOptions().stream().map(Object::toString).sorted().toList());
                told.add("timeout -1", call(() -> socket.setSoTimeout(-1)));
                told.add("timeout 5", call(() -> socket.setSoTimeout(5)));
                told.add("timeout", socket::getSoTimeout);
                told.add("sndbuf 0", call(() -> socket.setSendBufferSize(0)));
                told.add("sndbuf", call(() -> socket.setSendBufferSize(30_000)));
                told.add("sndbuf", socket::getSendBufferSize);
                told.add("rcvbuf 0", call(() -> socket.setReceiveBufferSize(0)));
                told.add("rcvbuf", call(() -> socket.setReceiveBufferSize(30_000)));
                told.add("rcvbuf", socket::getReceiveBufferSize);
                told.add("rcvbuf by name", () -> socket.getOption(SO_RCVBUF));
                told.add("reuse", call(() -> socket.setReuseAddress(true)));
                told.add("reuse", socket::getReuseAddress);
                told.add("broadcast", call(() -> socket.setBroadcast(true)));
                told.add("broadcast", socket::getBroadcast);
                told.add("tos 256", call(() -> socket.setTrafficClass(256)));
                told.add("tos", call(() -> socket.setTrafficClass(0x10)));
                told.add("tos", socket::getTrafficClass);
                told.add("loop by name", call(() -> socket.setOption(IP_MULTICAST_LOOP, false)));
                told.add("null option", call(() -> socket.setOption(null, false)));
                told.add("ttl 256", call(() -> socket.setTimeToLive(256)));
                told.add("ttl", call(() -> socket.setTimeToLive(200)));
                told.add("ttl", socket::getTimeToLive);
            }
        });
    }

    @Test
    @SuppressWarnings({"deprecation", "removal"})
    void multicastAnswersAsTheJdks() throws Exception {
        final InetAddress group = InetAddress.getByName("239.77.77.77");
        final InetAddress six = InetAddress.getByName("ff12::7777");
        final InetAddress loopback = InetAddress.getByName("127.0.0.1");
        final NetworkInterface on = NetworkInterface.getByInetAddress(loopback);
        assertSame((socket, told) -> {
            socket.bind(null);
            for (final boolean open : new boolean[] {true, false}) {
                if (!open) {
                    socket.close();
                }
                told.add("setTTL", call(() -> socket.setTTL((byte) 200)));
                told.add("getTTL", socket::getTTL);
                told.add("getNetworkInterface", socket::getNetworkInterface);
                told.add("getInterface", socket::getInterface);
                told.add("setInterface null", call(() -> socket.setInterface(null)));
                told.add("setInterface foreign", call(() -> socket.setInterface(InetAddress.getByName("192.0.2.1"))));
                told.add("setInterface", call(() -> socket.setInterface(loopback)));
                told.add("getInterface", socket::getInterface);
                told.add("getNetworkInterface", socket::getNetworkInterface);
                told.add("setNetworkInterface null", call(() -> socket.setNetworkInterface(null)));
                told.add("setNetworkInterface", call(() -> socket.setNetworkInterface(on)));
                told.add("getInterface", socket::getInterface);
                told.add("setLoopbackMode", call(() -> socket.setLoopbackMode(true)));
                told.add("getLoopbackMode", socket::getLoopbackMode);
                told.add("join null", call(() -> socket.joinGroup(null)));
                told.add("join null, null", call(() -> socket.joinGroup(null, null)));
                told.add("join unicast", call(() -> socket.joinGroup(loopback)));
                told.add("join unresolved", call(() -> socket.joinGroup(InetSocketAddress.createUnresolved("x.invalid", 1), on)));
                told.add("leave before", call(() -> socket.leaveGroup(new InetSocketAddress(group, 0), on)));
                told.add("join", call(() -> socket.joinGroup(new InetSocketAddress(group, 0), on)));
                told.add("join twice", call(() -> socket.joinGroup(new InetSocketAddress(group, 0), on)));
                told.add("join by the channel", () -> socket.getChannel().join(group, on).isValid());
                told.add("leave", call(() -> socket.leaveGroup(new InetSocketAddress(group, 0), on)));
                told.add("leave twice", call(() -> socket.leaveGroup(new InetSocketAddress(group, 0), on)));
                told.add("join on the default interface", call(() -> socket.joinGroup(group)));
                told.add("leave on the default interface", call(() -> socket.leaveGroup(group)));
                told.add("leave without a member", call(() -> socket.leaveGroup(group)));
                told.add("join one source", () -> socket.getChannel().join(group, on, loopback).isValid());
                told.add("join despite one source", call(() -> socket.joinGroup(new InetSocketAddress(group, 0), on)));
                told.add("leave with one source", call(() -> socket.leaveGroup(new InetSocketAddress(group, 0), on)));
                told.add("join IPv6", call(() -> socket.joinGroup(new InetSocketAddress(six, 0), on)));
                told.add("send with ttl", call(() -> socket.send(new DatagramPacket(new byte[1], 1, group, 9), (byte) 3)));
                told.add("getTTL", socket::getTTL);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aShortDatagramLeavesThePacketsCapacity(PathTaken path) throws Exception {
        try (DatagramSocket socket = open(accel); DatagramSocket peer = open(accel)) {
            socket.bind(path.any());
            peer.bind(path.any());
            socket.setSoTimeout(10_000);
            final DatagramPacket packet = new DatagramPacket(new byte[20], 3, 10);
            packet.getData()[2] = packet.getData()[13] = 99;
            for (final int length : new int[] {2, 30, 0, 10}) {
                final byte[] sent = new byte[length];
                Arrays.fill(sent, (byte) length);
                peer.send(new DatagramPacket(sent, length, socket.getLocalSocketAddress()));
                socket.receive(packet);
                assertThat(packet.getLength()).isEqualTo(Math.min(length, 10));
                assertThat(packet.getSocketAddress()).isEqualTo(peer.getLocalSocketAddress());
                assertThat(Arrays.copyOfRange(packet.getData(), 3, 3 + packet.getLength()))
                    .isEqualTo(Arrays.copyOf(sent, packet.getLength()));
                assertThat(packet.getData()[2]).isEqualTo((byte) 99);
                assertThat(packet.getData()[13]).isEqualTo((byte) 99);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceiveThatTimesOutLeavesTheSocketUsable(PathTaken path) throws Exception {
        try (DatagramSocket socket = open(accel)) {
            socket.bind(path.any());
            socket.setSoTimeout(20);
            final Transcript told = new Transcript();
            final DatagramPacket packet = new DatagramPacket(new byte[10], 10);
            final long start = System.nanoTime();
            told.add("timeout", call(() -> socket.receive(packet)));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(19));
            assertThat(told.lines).containsExactly("timeout: java.net.SocketTimeoutException: Receive timed out caused by nothing");
            assertThat(socket.getChannel().isBlocking()).isTrue();
            socket.setSoTimeout(0);
            socket.send(new DatagramPacket(new byte[4], 4, socket.getLocalSocketAddress()));
            socket.receive(packet);
            assertThat(packet.getLength()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeEndsAReceiveAsInTheJdk(PathTaken path) throws Exception {
        endsAlike(path, (socket, thread) -> socket.close());
    }

    @ParameterizedTest
    @EnumSource
    void interruptEndsAReceiveAsInTheJdk(PathTaken path) throws Exception {
        endsAlike(path, (socket, thread) -> thread.interrupt());
    }

    private interface Ending {
        void end(MulticastSocket socket, Thread thread);
    }

    private static void endsAlike(PathTaken path, Ending ending) throws Exception {
        for (final int timeout : new int[] {0, 30_000}) {
            assertSame((socket, told) -> {
                socket.bind(path.any());
                socket.setSoTimeout(timeout);
                final CompletableFuture<String> outcome = new CompletableFuture<>();
                final Thread thread = new Thread(() -> {
                    final String text = Transcript.outcome(call(() -> socket.receive(new DatagramPacket(new byte[1], 1))));
                    outcome.complete(text + ", interrupted " + Thread.currentThread().isInterrupted());
                }, "receiver");
                thread.start();
                awaitReceiving(thread);
                ending.end(socket, thread);
                told.add("receive", () -> outcome.get(20, TimeUnit.SECONDS));
                told.add("closed", socket::isClosed);
                thread.join();
            });
        }
    }

    /** Until the thread is inside a receive: in native code the JVM shows it as running. */
    private static void awaitReceiving(Thread thread) {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        boolean inside = false;
        while (!inside && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
            for (final StackTraceElement each : thread.getStackTrace()) {
                inside |= each.getMethodName().equals("await") || each.getMethodName().equals("park");
                inside |= each.getMethodName().equals("receive0");
            }
        }
        assertThat(inside).as("the thread is in receive").isTrue();
    }

    @Test
    void twoThreadsMayShareOnePacketWhoseMonitorTheyHold() throws Exception {
        try (DatagramSocket socket = open(accel); DatagramSocket peer = open(accel)) {
            socket.bind(PathTaken.FAST.any());
            peer.bind(PathTaken.FAST.any());
            final DatagramPacket packet = new DatagramPacket(new byte[8], 8);
            final List<Thread> threads = new ArrayList<>();
            final Consumer<Boolean> receiver = locked -> threads.add(new Thread(() -> {
                try {
                    if (locked) {
                        synchronized (packet) {
                            socket.receive(packet);
                        }
                    } else {
                        socket.receive(packet);
                    }
                } catch (final IOException e) {
                    throw new AssertionError("receive failed", e);
                }
            }));
            receiver.accept(false);
            threads.get(0).start();
            awaitReceiving(threads.get(0));
            receiver.accept(true);
            threads.get(1).start();
            peer.send(new DatagramPacket(new byte[1], 1, socket.getLocalSocketAddress()));
            peer.send(new DatagramPacket(new byte[1], 1, socket.getLocalSocketAddress()));
            for (final Thread each : threads) {
                each.join(TimeUnit.SECONDS.toMillis(20));
                assertThat(each.isAlive()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void allocatesNoMoreThanTheJdks(PathTaken path) throws Exception {
        final long expected = bytesPerEcho(jdk, path);
        assertThat(bytesPerEcho(accel, path)).isLessThanOrEqualTo(path == PathTaken.FAST ? 1 : expected);
    }

    /** Steady state; the thread's own count of allocated bytes, whose reading costs a few hundred bytes in all. */
    private static long bytesPerEcho(SelectorProvider provider, PathTaken path) throws IOException {
        final int rounds = 20_000;
        try (DatagramSocket one = open(provider); DatagramSocket two = open(provider)) {
            one.bind(path.any());
            two.bind(path.any());
            one.setSoTimeout(10_000);
            final DatagramPacket out = new DatagramPacket(new byte[64], 64, two.getLocalSocketAddress());
            final DatagramPacket in = new DatagramPacket(new byte[2048], 2048);
            final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = 0;
            for (int i = -rounds; i < rounds; i++) {
                if (i == 0) {
                    before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
                }
                one.send(out);
                two.receive(in);
                two.send(in);
                in.setLength(2048);
                one.receive(in);
                in.setLength(2048);
            }
            return (threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before) / rounds;
        }
    }
}
