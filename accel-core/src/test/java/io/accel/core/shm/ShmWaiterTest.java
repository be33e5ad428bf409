package io.accel.core.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Posix;
import io.accel.core.vi.EventBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The publish and wake protocol. A lost wake-up shows as a sleep that runs into its cap. */
class ShmWaiterTest {
    private static final long CAP = TimeUnit.SECONDS.toNanos(2);

    private final SharedDirectory directory = new SharedDirectory();
    private final EventBatch events = new EventBatch(16);
    private final long epollEvents = Memory.allocateAligned(16 * 16, 8);
    private final int epoll = Posix.epollCreate();
    private ShmDomain domain;
    private ShmDomain other;
    private ShmVirtualInterface to;
    private ShmVirtualInterface from;
    private ShmWaiter waiter;
    private int peer;

    @BeforeEach
    void open() throws Exception {
        domain = directory.open();
        other = directory.open();
        to = domain.openVi(ShmDomain.DEFAULT_RING_BYTES);
        from = other.openVi(ShmDomain.DEFAULT_RING_BYTES);
        domain.publish(to, "to");
        peer = other.lookup("to");
        to.poll(events, 16);
        waiter = domain.openWaiter();
        assertThat(Posix.epollCtl(epoll, 1, waiter.fd(), 1, 0)).isZero();
    }

    @AfterEach
    void close() {
        Posix.close(epoll);
        other.close();
        domain.close();
        assertThat(directory.files()).isEmpty();
        directory.close();
        Memory.freeAligned(epollEvents);
        events.close();
    }

    private int sleep(long nanos) {
        return Posix.epollWait(epoll, epollEvents, 16, nanos);
    }

    @Test
    void anUnarmedViWakesAndMarksNobody() {
        assertThat(waiter.prepareSleep()).isFalse();
        Messages.send(from, peer, 1, 10);
        assertThat(sleep(0)).isZero();
        assertThat(domain.collectReady(vi -> { })).isZero();
        waiter.awake();
    }

    @Test
    void anArmedViIsMarkedAndItsSleeperWoken() {
        to.arm(waiter);
        to.arm(waiter);
        assertThat(waiter.prepareSleep()).isFalse();
        Messages.send(from, peer, 1, 10);
        assertThat(sleep(CAP)).isEqualTo(1);
        waiter.awake();
        assertThat(sleep(0)).isZero();
        assertThat(waiter.prepareSleep()).as("still on the board").isTrue();
        final List<ShmVirtualInterface> ready = new ArrayList<>();
        assertThat(domain.collectReady(ready::add)).isEqualTo(1);
        assertThat(ready).containsExactly(to);
        assertThat(domain.collectReady(ready::add)).isZero();
        assertThat(waiter.prepareSleep()).isFalse();
        waiter.awake();

        to.disarm(waiter);
        Messages.send(from, peer, 2, 10);
        assertThat(domain.collectReady(ready::add)).isZero();
        assertThat(waiter.prepareSleep(to)).isTrue();
    }

    @Test
    void fourWaitersMayBeArmed() throws Exception {
        final List<ShmWaiter> waiters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiters.add(domain.openWaiter());
        }
        for (int i = 0; i < 4; i++) {
            assertThat(to.arm(waiters.get(i))).isTrue();
            assertThat(Posix.epollCtl(epoll, 1, waiters.get(i).fd(), 1, i + 1)).isZero();
            assertThat(waiters.get(i).prepareSleep()).isFalse();
        }
        assertThat(to.arm(waiters.get(4))).isFalse();
        Messages.send(from, peer, 1, 10);
        assertThat(sleep(CAP)).isEqualTo(4);
        to.disarm(waiters.get(2));
        assertThat(to.arm(waiters.get(4))).isTrue();
    }

    @Test
    void wakeIsFelt() {
        to.arm(waiter);
        assertThat(waiter.prepareSleep()).isFalse();
        to.wake();
        assertThat(sleep(CAP)).isEqualTo(1);
        waiter.awake();
        waiter.wake();
        assertThat(sleep(CAP)).isEqualTo(1);
        waiter.awake();
        assertThat(sleep(0)).isZero();
    }

    @Test
    void noWakeUpIsLostThroughTheBoard() throws Exception {
        to.arm(waiter);
        pingPong(() -> waiter.prepareSleep());
    }

    @Test
    void noWakeUpIsLostForASingleVi() throws Exception {
        to.arm(waiter);
        pingPong(() -> waiter.prepareSleep(to));
    }

    /** The sender waits for each answer, so that every message is published to a reader that is about to sleep or sleeps. */
    private void pingPong(java.util.function.BooleanSupplier prepare) throws Exception {
        final int rounds = 20_000;
        other.publish(from, "from");
        final int back = domain.lookup("from");
        final ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            final Future<Integer> sender = thread.submit(() -> echo(rounds));
            long received = 0;
            while (received < rounds) {
                if (to.poll(events, 16) > 0) {
                    assertThat(Messages.number(events, 0)).isEqualTo(received++);
                    to.release(events);
                    assertThat(Messages.send(to, back, received, 16)).isTrue();
                } else {
                    domain.collectReady(vi -> { });
                    if (!to.hasPending() && !prepare.getAsBoolean()) {
                        assertThat(sleep(CAP)).as("woken after %d", received).isEqualTo(1);
                        waiter.awake();
                    }
                }
            }
            assertThat(sender.get(10, TimeUnit.SECONDS)).isEqualTo(rounds);
        } finally {
            thread.shutdownNow();
        }
    }

    private int echo(int rounds) {
        try (EventBatch answers = new EventBatch(4)) {
            for (int i = 0; i < rounds; i++) {
                assertThat(Messages.send(from, peer, i, 16)).isTrue();
                while (from.poll(answers, 4) == 0) {
                    if (i % 3 == 0) {
                        Thread.yield();
                    }
                }
                from.release(answers);
                for (int spin = 0; spin < i % 500; spin++) {
                    Thread.onSpinWait();
                }
            }
        }
        return rounds;
    }
}
