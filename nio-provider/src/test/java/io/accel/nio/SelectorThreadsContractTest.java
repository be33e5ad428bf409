package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What several threads may do with one Selector, its keys and its channels at once. */
class SelectorThreadsContractTest extends Contract {
    private static final long LONG = 20_000;

    private Selector selector;
    private DatagramChannel channel;
    private DatagramChannel peer;
    private SelectionKey key;

    @BeforeEach
    void register() throws Exception {
        selector = selector();
        channel = bound();
        channel.configureBlocking(false);
        peer = boundPeer();
        key = channel.register(selector, SelectionKey.OP_READ);
    }

    private void toChannel() throws IOException {
        peer.send(bytes("x"), reachable(channel));
    }

    @Test
    void anActionHoldsBothMonitors() throws Exception {
        toChannel();
        final boolean[] held = new boolean[2];
        selector.select(k -> {
            held[0] = Thread.holdsLock(selector);
            held[1] = Thread.holdsLock(selector.selectedKeys());
        }, LONG);
        assertThat(held).containsExactly(true, true);
    }

    @Test
    void aSleepingSelectHoldsTheSelectedKeys() throws Exception {
        final Background<Integer> selecting = Background.start("selecting", () -> selector.select(LONG));
        selecting.awaitIn("doSelect");
        final var selected = selector.selectedKeys();
        final Background<Boolean> waiting = Background.start("waiting", () -> waitForMonitor(selected));
        waiting.awaitIn("waitForMonitor");
        assertThat(waiting.isDone()).isFalse();
        selector.wakeup();
        assertThat(selecting.result()).isZero();
        assertThat(waiting.result()).isTrue();
    }

    private static boolean waitForMonitor(Object monitor) {
        synchronized (monitor) {
            return Thread.holdsLock(monitor);
        }
    }

    @Test
    void keysMayBeWalkedDuringASelect() throws Exception {
        final Background<Integer> selecting = Background.start("selecting", () -> selector.select(LONG));
        selecting.awaitIn("doSelect");
        final var walk = selector.keys().iterator();
        final DatagramChannel late = bound();
        late.configureBlocking(false);
        late.register(selector, SelectionKey.OP_READ, "late");
        final List<SelectionKey> seen = new ArrayList<>();
        walk.forEachRemaining(seen::add);
        assertThat(seen).contains(key);
        assertThat(selector.keys()).extracting(SelectionKey::attachment).containsExactlyInAnyOrder(null, "late");
        selector.wakeup();
        selecting.result();
    }

    @Test
    void anAttachmentIsThereBeforeTheKeyIsSeen() throws Exception {
        final AtomicBoolean end = new AtomicBoolean();
        final Background<Integer> walking = Background.start("walking", () -> {
            int bare = 0;
            while (!end.get()) {
                for (final SelectionKey each : selector.keys()) {
                    bare += each != key && each.attachment() == null ? 1 : 0;
                }
            }
            return bare;
        });
        for (int i = 0; i < 200; i++) {
            final DatagramChannel each = open();
            each.configureBlocking(false);
            each.register(selector, 0, i);
        }
        end.set(true);
        assertThat(walking.result()).as("keys seen without their attachment").isZero();
    }

    @Test
    void interestOpsChangeAtomically() throws Exception {
        final int turns = 50_000;
        key.interestOps(0);
        final Background<Integer> reading = Background.start("reading", () -> flip(SelectionKey.OP_READ, turns));
        final Background<Integer> writing = Background.start("writing", () -> flip(SelectionKey.OP_WRITE, turns));
        for (int i = 0; i < 1000; i++) {
            selector.selectNow();
            selector.selectedKeys().clear();
        }
        assertThat(reading.result() + writing.result()).as("changes of one thread that the other undid").isZero();
    }

    private int flip(int operation, int turns) {
        int lost = 0;
        for (int i = 0; i < turns; i++) {
            key.interestOpsOr(operation);
            lost += (key.interestOps() & operation) == 0 ? 1 : 0;
            key.interestOpsAnd(~operation);
            lost += (key.interestOps() & operation) != 0 ? 1 : 0;
        }
        return lost;
    }

    @Test
    void anInterruptBeforeASelectEndsItAtOnce() throws Exception {
        // Else the interrupt would close it in send.
        peer.configureBlocking(false);
        Thread.currentThread().interrupt();
        try {
            assertThat(selector.select(LONG)).isZero();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            toChannel();
            assertThat(selector.select(LONG)).as("what is ready is told all the same").isEqualTo(1);
            selector.selectedKeys().clear();
            assertThat(selector.selectNow()).isEqualTo(1);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(selector.isOpen()).isTrue();
        assertThat(receiveText(channel)).isEqualTo("x");
    }

    @Test
    void closeWaitsForARunningAction() throws Exception {
        toChannel();
        final CountDownLatch acting = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        final Background<Integer> selecting = Background.start("selecting", () -> selector.select(k -> {
            acting.countDown();
            await(goOn);
        }, LONG));
        acting.await();
        final Background<Void> closing = Background.start("closing", () -> {
            selector.close();
            return null;
        });
        closing.awaitIn("implCloseSelector");
        assertThat(selector.isOpen()).isFalse();
        assertThat(key.isValid()).as("until the action has ended").isTrue();
        goOn.countDown();
        assertThat(selecting.failure()).isInstanceOf(ClosedSelectorException.class);
        closing.result();
        assertThat(key.isValid()).isFalse();
        assertThat(channel.isRegistered()).isFalse();
        assertThat(receiveText(channel)).as("the channel goes on").isEqualTo("x");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aChannelMayBlockAgainRightAfterCancel() throws Exception {
        selector.selectNow();
        key.cancel();
        channel.configureBlocking(true);
        toChannel();
        assertThat(receiveText(channel)).isEqualTo("x");
        selector.selectNow();
        assertThat(channel.isRegistered()).isFalse();
    }

    @Test
    void aClosedChannelsPortIsFreeAfterTheNextSelect() throws Exception {
        for (int i = 0; i < 50; i++) {
            final DatagramChannel first = bound();
            final InetSocketAddress at = addressOf(first);
            first.configureBlocking(false);
            first.register(selector, SelectionKey.OP_READ);
            if (i % 2 == 0) {
                selector.selectNow();
            } else {
                final Background<Integer> selecting = Background.start("selecting", () -> selector.select(LONG));
                selecting.awaitIn("doSelect");
                first.close();
                selector.wakeup();
                selecting.result();
            }
            first.close();
            selector.selectNow();
            final DatagramChannel second = open().bind(at);
            peer.send(bytes("y"), at);
            assertThat(receiveText(second)).isEqualTo("y");
            second.close();
        }
    }

    @Test
    void anActionMayCloseAnotherReadyChannel() throws Exception {
        final DatagramChannel other = bound();
        other.configureBlocking(false);
        other.register(selector, SelectionKey.OP_READ);
        peer.send(bytes("x"), reachable(other));
        toChannel();
        Eventually.holds("both are ready", () -> {
            selector.selectedKeys().clear();
            return selector.selectNow() == 2;
        });
        selector.selectedKeys().clear();
        final List<SelectionKey> acted = new ArrayList<>();
        assertThat(selector.select(k -> {
            acted.add(k);
            close(channel);
            close(other);
        }, LONG)).isEqualTo(2);
        assertThat(acted).hasSize(2).allMatch(k -> !k.isValid());
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).isEmpty();
    }

    private static void close(DatagramChannel channel) {
        try {
            channel.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void sevenSelectorsSleepOnOneChannel() throws Exception {
        final int count = 7;
        final Selector[] selectors = new Selector[count];
        for (int i = 0; i < count; i++) {
            selectors[i] = selector();
            channel.register(selectors[i], SelectionKey.OP_READ);
        }
        for (int turn = 0; turn < 20; turn++) {
            final List<Background<Integer>> sleeping = new ArrayList<>();
            for (final Selector each : selectors) {
                sleeping.add(Background.start("selecting", () -> each.select(LONG)));
            }
            for (final Background<Integer> each : sleeping) {
                each.awaitIn("doSelect");
            }
            final long start = System.nanoTime();
            toChannel();
            for (final Background<Integer> each : sleeping) {
                assertThat(each.result()).isEqualTo(1);
            }
            assertThat(System.nanoTime() - start).as("ns until the last woke up").isLessThan(900_000_000L);
            for (final Selector each : selectors) {
                each.selectedKeys().clear();
            }
            assertThat(receiveText(channel)).isEqualTo("x");
        }
    }

    @Test
    void oneSleepsWhileSixOthersOfTheChannelDoNothing() throws Exception {
        for (int i = 0; i < 6; i++) {
            final Selector idle = selector();
            channel.register(idle, SelectionKey.OP_READ);
            assertThat(idle.selectNow()).isZero();
        }
        for (int turn = 0; turn < 5; turn++) {
            final Background<Integer> sleeping = Background.start("selecting", () -> selector.select(LONG));
            sleeping.awaitIn("doSelect");
            final long start = System.nanoTime();
            toChannel();
            assertThat(sleeping.result()).isEqualTo(1);
            assertThat(System.nanoTime() - start).as("ns until it woke up").isLessThan(300_000_000L);
            selector.selectedKeys().clear();
            assertThat(receiveText(channel)).isEqualTo("x");
        }
    }

    @Test
    void channelsOfBothProvidersShareASelector() throws Exception {
        peer.configureBlocking(false);
        final SelectionKey ofPeer = peer.register(selector, SelectionKey.OP_READ);
        toChannel();
        assertThat(selector.select(LONG)).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(key);
        selector.selectedKeys().clear();
        assertThat(receiveText(channel)).isEqualTo("x");
        channel.send(bytes("back"), reachable(peer));
        assertThat(selector.select(LONG)).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(ofPeer);
        selector.selectedKeys().clear();
        assertThat(receiveText(peer)).isEqualTo("back");
        ofPeer.cancel();
        assertThat(selector.selectNow()).isZero();
        assertThat(peer.isRegistered()).isFalse();
    }

    @Test
    void aKeyThatIsChangedWhileItsSelectorClosesIsCancelledAtMost() throws Exception {
        for (int round = 0; round < 300; round++) {
            final Selector closing = selector();
            final DatagramChannel registered = bound();
            registered.configureBlocking(false);
            final SelectionKey changed = registered.register(closing, 0);
            final CountDownLatch both = new CountDownLatch(2);
            final Background<Boolean> changing = Background.start("changing", () -> changeUntilCancelled(changed, both));
            both.countDown();
            both.await();
            closing.close();
            assertThat(changing.result()).isTrue();
            registered.close();
        }
    }

    /** Earlier releases of the JDK's selector answer a change that comes between its two steps of closing with an exception of its own. */
    private boolean changeUntilCancelled(SelectionKey changed, CountDownLatch both) throws InterruptedException {
        both.countDown();
        both.await();
        try {
            for (int ops = 0; ; ops ^= SelectionKey.OP_READ) {
                changed.interestOps(ops);
            }
        } catch (final CancelledKeyException e) {
            return true;
        } catch (final ClosedSelectorException e) {
            return !pairing.isOurs();
        }
    }

    @Test
    void wakeupAfterCloseHarmsNobody() throws Exception {
        final List<Selector> closed = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            final Selector each = selector();
            each.selectNow();
            each.close();
            closed.add(each);
        }
        // Takes the numbers of the descriptors that were closed: a late wake-up must not be read from one of these.
        final List<DatagramChannel> later = new ArrayList<>();
        final List<java.nio.channels.Pipe> pipes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            final java.nio.channels.Pipe pipe = pairing.provider().openPipe();
            closing(pipe.source()).configureBlocking(false);
            closing(pipe.sink());
            pipes.add(pipe);
            later.add(bound());
        }
        closed.forEach(Selector::wakeup);
        for (final java.nio.channels.Pipe pipe : pipes) {
            assertThat(pipe.source().read(ByteBuffer.allocate(8))).isZero();
        }
        for (final Selector each : closed) {
            assertThatThrownBy(each::selectNow).isInstanceOf(ClosedSelectorException.class);
        }
    }
}
