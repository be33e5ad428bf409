package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a Selector does with datagram channels. */
class SelectorContractTest extends Contract {
    private static final long LONG = 20_000;

    private Selector selector;
    private DatagramChannel channel;
    private DatagramChannel peer;
    private SelectionKey key;

    @BeforeEach
    void register() throws Exception {
        selector = selector();
        channel = nonBlocking(bound());
        peer = boundPeer();
        key = channel.register(selector, SelectionKey.OP_READ, "attached");
    }

    private static DatagramChannel nonBlocking(DatagramChannel channel) throws Exception {
        channel.configureBlocking(false);
        return channel;
    }

    private void toChannel() throws Exception {
        peer.send(bytes("x"), addressOf(channel));
    }

    // ---- the object

    @Test
    void aFreshSelector() throws Exception {
        final Selector fresh = selector();
        assertThat(fresh.provider()).isSameAs(pairing.provider());
        assertThat(fresh.isOpen()).isTrue();
        assertThat(fresh.keys()).isEmpty();
        assertThat(fresh.selectedKeys()).isSameAs(fresh.selectedKeys()).isEqualTo(Set.of());
        assertThat(fresh.keys()).isSameAs(fresh.keys());
        assertThat(fresh.selectNow()).isZero();
        assertThatThrownBy(() -> fresh.select(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fresh.select(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> fresh.select(null, -1)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> fresh.select(k -> { }, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fresh.selectNow(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aClosedSelector() throws Exception {
        final Set<SelectionKey> selected = selector.selectedKeys();
        toChannel();
        selector.select(LONG);
        selector.close();
        selector.close();
        assertThat(selector.isOpen()).isFalse();
        assertThat(selector.wakeup()).isSameAs(selector);
        assertThatThrownBy(selector::select).isInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(selector::selectNow).isInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(() -> selector.select(k -> { })).isInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(selector::keys).isInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(selector::selectedKeys).isInstanceOf(ClosedSelectorException.class);
        assertThat(selected).isEmpty();
        assertThat(key.isValid()).isFalse();
        assertThat(channel.isRegistered()).isFalse();
        assertThat(channel.keyFor(selector)).isNull();
        assertThatThrownBy(() -> channel.register(selector, SelectionKey.OP_READ)).isInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(() -> key.interestOps(0)).isInstanceOf(CancelledKeyException.class);
        channel.configureBlocking(true);
        assertThat(receiveText(channel)).as("the channel goes on").isEqualTo("x");
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void theSetsRefuseWhatTheyMust() throws Exception {
        toChannel();
        selector.select(LONG);
        final Set keys = selector.keys();
        assertThatThrownBy(() -> keys.remove(key)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(keys::clear).isInstanceOf(UnsupportedOperationException.class);
        final Set selected = selector.selectedKeys();
        assertThatThrownBy(() -> selected.add(key)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> selected.add("not a key")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> selected.addAll(List.of(key))).isInstanceOf(UnsupportedOperationException.class);
        assertThat(selected.contains(key)).isTrue();
        assertThat(selected.contains("not a key")).isFalse();
        assertThat(selected.remove(key)).isTrue();
        assertThat(selected.remove(key)).isFalse();
        assertThat(selected).isEmpty();
    }

    // ---- readiness

    @Test
    void aDatagramMakesTheKeyReadable() throws Exception {
        assertThat(selector.selectNow()).isZero();
        toChannel();
        assertThat(selector.select(LONG)).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(key);
        assertThat(key.isReadable()).isTrue();
        assertThat(key.isWritable()).isFalse();
        assertThat(key.readyOps()).isEqualTo(SelectionKey.OP_READ);
        assertThat(key.attachment()).isEqualTo("attached");
        assertThat(receiveText(channel)).isEqualTo("x");
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.selectedKeys()).isEmpty();
        assertFast(peer, channel, 1);
    }

    @Test
    void selectNowSeesWhatHasArrived() throws Exception {
        for (int i = 0; i < 100; i++) {
            toChannel();
            // Loopback delivers inside send; a wire may still hold it.
            if (Network.HERE.isWire()) {
                Eventually.holds("it arrives in round " + i, () -> selector.selectNow() == 1);
            } else {
                assertThat(selector.selectNow()).as("round " + i).isEqualTo(1);
            }
            selector.selectedKeys().clear();
            assertThat(receiveText(channel)).isEqualTo("x");
        }
        assertThat(selector.selectNow()).isZero();
    }

    @Test
    void itIsLevelTriggered() throws Exception {
        toChannel();
        toChannel();
        assertThat(selector.select(LONG)).isEqualTo(1);
        for (int i = 0; i < 20; i++) {
            selector.selectedKeys().clear();
            assertThat(selector.select(LONG)).as("not yet received, look " + i).isEqualTo(1);
        }
        assertThat(receiveText(channel)).isEqualTo("x");
        selector.selectedKeys().clear();
        assertThat(selector.select(LONG)).as("one left").isEqualTo(1);
        assertThat(receiveText(channel)).isEqualTo("x");
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.select(1)).isZero();
    }

    @Test
    void aSelectedKeyIsNotCountedAgain() throws Exception {
        toChannel();
        assertThat(selector.select(LONG)).isEqualTo(1);
        assertThat(selector.selectNow()).as("already in the set, nothing new").isZero();
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        assertThat(selector.selectNow()).as("a new bit").isEqualTo(1);
        assertThat(key.readyOps()).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        receiveText(channel);
        assertThat(selector.selectNow()).isZero();
        assertThat(key.isReadable()).as("bits accumulate").isTrue();
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isEqualTo(1);
        assertThat(key.readyOps()).as("a fresh key has what is there now").isEqualTo(SelectionKey.OP_WRITE);
    }

    @Test
    void aChannelIsWritable() throws Exception {
        key.interestOps(SelectionKey.OP_WRITE);
        toChannel();
        for (int i = 0; i < 5; i++) {
            assertThat(selector.select(LONG)).isEqualTo(1);
            assertThat(key.readyOps()).isEqualTo(SelectionKey.OP_WRITE);
            selector.selectedKeys().clear();
        }
        key.interestOps(0);
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.select(1)).isZero();
        key.interestOps(SelectionKey.OP_READ);
        assertThat(selector.selectNow()).as("what came meanwhile").isEqualTo(1);
    }

    @Test
    void readingAndWritingAreReportedTogether() throws Exception {
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        selector.selectNow();
        selector.selectedKeys().clear();
        for (int i = 0; i < 50; i++) {
            toChannel();
            Eventually.holds("readable and writable", () -> {
                selector.selectedKeys().clear();
                return selector.select(LONG) == 1 && key.readyOps() == (SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            });
            assertThat(receiveText(channel)).isEqualTo("x");
        }
    }

    @Test
    void interestSetBeforeASelectHoldsInIt() throws Exception {
        toChannel();
        for (int i = 0; i < 20; i++) {
            key.interestOps(0);
            assertThat(selector.selectNow()).isZero();
            key.interestOps(SelectionKey.OP_READ);
            assertThat(selector.select(LONG)).isEqualTo(1);
            selector.selectedKeys().clear();
        }
    }

    @Test
    void interestOpsAreChecked() {
        assertThatThrownBy(() -> key.interestOps(SelectionKey.OP_ACCEPT)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.register(selector, SelectionKey.OP_CONNECT)).isInstanceOf(IllegalArgumentException.class);
        assertThat(key.interestOpsOr(SelectionKey.OP_WRITE)).isEqualTo(SelectionKey.OP_READ);
        assertThat(key.interestOpsAnd(SelectionKey.OP_WRITE)).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        assertThat(key.interestOps()).isEqualTo(SelectionKey.OP_WRITE);
    }

    @Test
    void registeringAgainChangesTheSameKey() throws Exception {
        assertThat(channel.register(selector, SelectionKey.OP_WRITE, "other")).isSameAs(key);
        assertThat(key.attachment()).isEqualTo("other");
        assertThat(key.interestOps()).isEqualTo(SelectionKey.OP_WRITE);
        assertThat(channel.keyFor(selector)).isSameAs(key);
        assertThat(selector.keys()).containsExactly(key);
    }

    // ---- waiting

    @Test
    void aSleepingSelectIsWokenByADatagram() throws Exception {
        for (int i = 0; i < 50; i++) {
            final Background<Integer> selecting = Background.start("selecting", () -> selector.select(LONG));
            selecting.awaitIn("doSelect");
            toChannel();
            assertThat(selecting.result()).isEqualTo(1);
            selector.selectedKeys().clear();
            assertThat(receiveText(channel)).isEqualTo("x");
        }
    }

    @Test
    void aTimeoutPasses() throws Exception {
        final long start = System.nanoTime();
        assertThat(selector.select(30)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(29_000_000L);
    }

    @Test
    void wakeupIsStickyAndSeveralAreOne() throws Exception {
        selector.wakeup().wakeup().wakeup();
        assertThat(selector.select()).isZero();
        assertThat(selector.select(1)).isZero();
        selector.wakeup();
        assertThat(selector.selectNow()).as("clears it").isZero();
        final Background<Integer> selecting = Background.start("selecting", selector::select);
        selecting.awaitIn("doSelect");
        assertThat(selecting.isDone()).isFalse();
        selector.wakeup();
        assertThat(selecting.result()).isZero();
    }

    @Test
    void wakeupStillCollectsWhatIsReady() throws Exception {
        toChannel();
        selector.wakeup();
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(key);
    }

    @Test
    void wakeupWithReadyKeysIsUsedUp() throws Exception {
        toChannel();
        selector.wakeup();
        assertThat(selector.select()).isEqualTo(1);
        receiveText(channel);
        selector.selectedKeys().clear();
        final long start = System.nanoTime();
        assertThat(selector.select(20)).isZero();
        assertThat(System.nanoTime() - start).as("no second return for one wakeup").isGreaterThanOrEqualTo(19_000_000L);
    }

    @Test
    void interruptEndsASelectAndStays() throws Exception {
        final boolean[] kept = new boolean[1];
        final Background<Integer> selecting = Background.start("selecting", () -> {
            final int n = selector.select();
            kept[0] = Thread.interrupted();
            return n;
        });
        selecting.awaitIn("doSelect");
        selecting.thread().interrupt();
        assertThat(selecting.result()).isZero();
        assertThat(kept[0]).isTrue();
        assertThat(selector.isOpen()).isTrue();
        toChannel();
        assertThat(selector.select(LONG)).isEqualTo(1);
    }

    @Test
    void closeWhileSelectingLetsItReturn() throws Exception {
        for (int i = 0; i < 50; i++) {
            final Selector closed = selector();
            final DatagramChannel registered = nonBlocking(bound());
            final SelectionKey of = registered.register(closed, SelectionKey.OP_READ);
            final Background<Integer> selecting = Background.start("selecting", closed::select);
            selecting.awaitIn("doSelect");
            closed.close();
            assertThat(selecting.result()).isZero();
            assertThat(of.isValid()).isFalse();
            assertThat(registered.isRegistered()).isFalse();
        }
    }

    @Test
    void registeringDoesNotWaitForASelect() throws Exception {
        final Background<Integer> selecting = Background.start("selecting", () -> selector.select(LONG));
        selecting.awaitIn("doSelect");
        final DatagramChannel late = nonBlocking(bound());
        final SelectionKey lateKey = late.register(selector, SelectionKey.OP_READ);
        assertThat(selector.keys()).contains(key, lateKey);
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        key.interestOps(SelectionKey.OP_READ);
        selector.wakeup();
        selecting.result();
        peer.send(bytes("x"), addressOf(late));
        assertThat(selector.select(LONG)).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(lateKey);
    }

    @Test
    void aChannelRegisteredUnboundIsHeardOnceBound() throws Exception {
        final DatagramChannel unbound = nonBlocking(open());
        final SelectionKey of = unbound.register(selector, SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        unbound.bind(new java.net.InetSocketAddress(NEAR, 0));
        peer.send(bytes("x"), addressOf(unbound));
        assertThat(selector.select(LONG)).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(of);
        assertThat(receiveText(unbound)).isEqualTo("x");
    }

    @Test
    void aChannelBoundWhileASelectSleepsIsHeard() throws Exception {
        final DatagramChannel unbound = nonBlocking(open());
        unbound.register(selector, SelectionKey.OP_READ);
        final Background<Integer> selecting = Background.start("selecting", () -> {
            int n = 0;
            while (n == 0) {
                n = selector.select(LONG);
            }
            return n;
        });
        selecting.awaitIn("doSelect");
        unbound.bind(new java.net.InetSocketAddress(NEAR, 0));
        peer.send(bytes("x"), addressOf(unbound));
        assertThat(selecting.result()).isEqualTo(1);
        assertThat(receiveText(unbound)).isEqualTo("x");
    }

    // ---- select(Consumer)

    @Test
    void theActionGetsEachReadyKeyAndTheSelectedSetStays() throws Exception {
        toChannel();
        assertThat(selector.select(LONG)).isEqualTo(1);
        final List<SelectionKey> acted = new ArrayList<>();
        assertThat(selector.select(acted::add, LONG)).isEqualTo(1);
        assertThat(acted).containsExactly(key);
        assertThat(selector.selectedKeys()).as("untouched").containsExactly(key);
        selector.selectedKeys().clear();
        assertThat(selector.selectNow(acted::add)).isEqualTo(1);
        assertThat(selector.selectedKeys()).isEmpty();
        receiveText(channel);
        assertThat(selector.selectNow(acted::add)).isZero();
        assertThat(acted).hasSize(2);
    }

    @Test
    void anActionMayNotSelectAndItsExceptionPasses() throws Exception {
        toChannel();
        final AtomicInteger refused = new AtomicInteger();
        selector.select(k -> {
            for (final Attempt attempt : new Attempt[] {selector::selectNow, selector::select, () -> selector.select(1),
                () -> selector.select(x -> { }), () -> selector.selectNow(x -> { })}) {
                try {
                    attempt.run();
                } catch (final IllegalStateException e) {
                    refused.incrementAndGet();
                } catch (final java.io.IOException e) {
                    throw new AssertionError(e);
                }
            }
        }, LONG);
        assertThat(refused.get()).isEqualTo(5);
        assertThatThrownBy(() -> selector.select(k -> {
            throw new ArithmeticException("from the action");
        }, LONG)).isInstanceOf(ArithmeticException.class).hasMessage("from the action");
        assertThat(selector.selectNow()).as("still usable").isEqualTo(1);
    }

    private interface Attempt {
        int run() throws java.io.IOException;
    }

    @Test
    void anActionMayCancelAndClose() throws Exception {
        final DatagramChannel other = nonBlocking(bound());
        final SelectionKey otherKey = other.register(selector, SelectionKey.OP_READ);
        toChannel();
        peer.send(bytes("x"), addressOf(other));
        Eventually.holds("both are ready", () -> {
            selector.selectedKeys().clear();
            return selector.selectNow() == 2;
        });
        selector.selectedKeys().clear();
        final AtomicInteger actions = new AtomicInteger();
        selector.select(k -> {
            actions.incrementAndGet();
            key.cancel();
            otherKey.cancel();
        }, LONG);
        assertThat(actions.get()).as("the other was found ready before it was cancelled").isEqualTo(2);
        assertThat(selector.keys()).as("flushed at the end of it or of the next").hasSizeLessThanOrEqualTo(2);
        selector.selectNow();
        assertThat(selector.keys()).isEmpty();

        final SelectionKey again = channel.register(selector, SelectionKey.OP_READ);
        assertThatThrownBy(() -> selector.select(k -> closeQuietly(selector), LONG)).isInstanceOf(ClosedSelectorException.class);
        assertThat(again.isValid()).isFalse();
    }

    private static void closeQuietly(Selector selector) {
        try {
            selector.close();
        } catch (final java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    // ---- cancel

    @Test
    void aCancelledKeyLeavesWithTheNextSelect() throws Exception {
        toChannel();
        selector.select(LONG);
        key.cancel();
        assertThat(key.isValid()).isFalse();
        assertThat(selector.keys()).contains(key);
        assertThat(selector.selectedKeys()).contains(key);
        assertThat(channel.isRegistered()).isTrue();
        assertThatThrownBy(() -> channel.register(selector, SelectionKey.OP_READ)).isInstanceOf(CancelledKeyException.class);
        assertThatThrownBy(key::readyOps).isInstanceOf(CancelledKeyException.class);
        assertThatThrownBy(() -> key.interestOps(0)).isInstanceOf(CancelledKeyException.class);
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).isEmpty();
        assertThat(selector.selectedKeys()).isEmpty();
        assertThat(channel.isRegistered()).isFalse();
        final SelectionKey fresh = channel.register(selector, SelectionKey.OP_READ);
        assertThat(fresh).isNotSameAs(key);
        assertThat(selector.select(LONG)).as("the datagram is still there").isEqualTo(1);
        assertThat(receiveText(channel)).isEqualTo("x");
    }

    @Test
    void cancelWhileASelectSleepsDoesNotWait() throws Exception {
        final Background<Integer> selecting = Background.start("selecting", () -> selector.select(LONG));
        selecting.awaitIn("doSelect");
        key.cancel();
        channel.close();
        selector.wakeup();
        assertThat(selecting.result()).isZero();
        selector.selectNow();
        assertThat(selector.keys()).isEmpty();
    }

    // ---- many

    @Test
    void everyOneOfManyKeysIsFound() throws Exception {
        final int count = 1200;
        final DatagramChannel[] channels = new DatagramChannel[count];
        for (int i = 0; i < count; i++) {
            channels[i] = nonBlocking(bound());
            channels[i].register(selector, SelectionKey.OP_READ, i);
        }
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).hasSize(count + 1);
        for (int i = 0; i < count; i += 7) {
            peer.send(bytes("x"), addressOf(channels[i]));
            assertThat(selector.select(LONG)).isEqualTo(1);
            assertThat(selector.selectedKeys().iterator().next().attachment()).isEqualTo(i);
            selector.selectedKeys().clear();
            assertThat(receiveText(channels[i])).isEqualTo("x");
        }
        for (final DatagramChannel each : channels) {
            peer.send(bytes("y"), addressOf(each));
        }
        final boolean[] seen = new boolean[count];
        final int[] found = new int[1];
        while (found[0] < count) {
            assertThat(selector.select(k -> {
                final int i = (int) k.attachment();
                assertThat(seen[i]).isFalse();
                seen[i] = true;
                found[0]++;
                try {
                    assertThat(((DatagramChannel) k.channel()).receive(ByteBuffer.allocate(1))).isNotNull();
                } catch (final java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }, LONG)).isPositive();
        }
        assertThat(selector.selectNow()).isZero();
    }

    // ---- several selectors

    @Test
    void twoSelectorsHearOfOneChannel() throws Exception {
        final Selector second = selector();
        final SelectionKey secondKey = channel.register(second, SelectionKey.OP_READ);
        assertThat(second.selectNow()).isZero();
        for (int i = 0; i < 30; i++) {
            toChannel();
            assertThat(selector.select(LONG)).isEqualTo(1);
            assertThat(second.select(LONG)).isEqualTo(1);
            assertThat(second.selectedKeys()).containsExactly(secondKey);
            selector.selectedKeys().clear();
            second.selectedKeys().clear();
            assertThat(receiveText(channel)).isEqualTo("x");
            assertThat(selector.selectNow()).isZero();
            assertThat(second.selectNow()).isZero();
        }
        channel.close();
        selector.selectNow();
        assertThat(channel.isRegistered()).as("the other selector has it still").isTrue();
        second.selectNow();
        assertThat(channel.isRegistered()).isFalse();
    }

    @Test
    void bothSleepingSelectorsAreWoken() throws Exception {
        final Selector second = selector();
        channel.register(second, SelectionKey.OP_READ);
        for (int i = 0; i < 300; i++) {
            final Background<Integer> one = Background.start("one", () -> selector.select(LONG));
            final Background<Integer> two = Background.start("two", () -> second.select(LONG));
            one.awaitIn("doSelect");
            two.awaitIn("doSelect");
            toChannel();
            assertThat(one.result()).isEqualTo(1);
            assertThat(two.result()).isEqualTo(1);
            selector.selectedKeys().clear();
            second.selectedKeys().clear();
            assertThat(receiveText(channel)).isEqualTo("x");
        }
    }

    @Test
    void aChannelOfNoSelectorKindIsRefused() {
        final var strange = new StrangeChannel(pairing.provider());
        assertThatThrownBy(() -> strange.register(selector, 0)).isInstanceOf(IllegalSelectorException.class);
    }

    private static final class StrangeChannel extends java.nio.channels.spi.AbstractSelectableChannel {
        StrangeChannel(java.nio.channels.spi.SelectorProvider provider) {
            super(provider);
            try {
                configureBlocking(false);
            } catch (final java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        protected void implCloseSelectableChannel() {
            // nothing to free
        }

        @Override
        protected void implConfigureBlocking(boolean block) {
            // nothing to set
        }

        @Override
        public int validOps() {
            return 0;
        }
    }
}
