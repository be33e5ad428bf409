package io.accel.core.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.vi.EventBatch;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many senders to one VI: threads that share a ring, and processes (as domains) with a ring each. */
class ShmSendersTest {
    private static final int RING = ShmDomain.DEFAULT_RING_BYTES;

    @Test
    void threadsOfOneProcessShareARing() throws Exception {
        final int perThread = 50_000;
        final ExecutorService threads = Executors.newFixedThreadPool(3);
        try (SharedDirectory directory = new SharedDirectory(); ShmDomain domain = directory.open();
                EventBatch events = new EventBatch(64)) {
            final ShmVirtualInterface to = domain.openVi(RING);
            domain.publish(to, "to");
            final int peer = domain.lookup("to");
            final List<Future<Long>> senders = new ArrayList<>();
            for (long t = 0; t < 3; t++) {
                final long base = t << 32;
                final ShmVirtualInterface from = domain.openVi(RING);
                final Callable<Long> sender = () -> {
                    for (int i = 0; i < perThread; i++) {
                        Messages.send(from, peer, base | i, 8 + i % 300);
                    }
                    return from.transmitted();
                };
                senders.add(threads.submit(sender));
            }
            final long[] last = {-1, -1, -1};
            long received = 0;
            while (!senders.stream().allMatch(Future::isDone) || to.hasPending()) {
                final int n = to.poll(events, 64);
                for (int i = 0; i < n; i++) {
                    final long number = Messages.number(events, i);
                    final int thread = (int) (number >>> 32);
                    assertThat((int) number).isGreaterThan((int) last[thread]);
                    last[thread] = (int) number;
                }
                received += n;
                to.release(events);
            }
            long sent = 0;
            for (final Future<Long> sender : senders) {
                sent += sender.get(10, TimeUnit.SECONDS);
            }
            assertThat(to.poll(events, 64)).isZero();
            assertThat(received).isEqualTo(sent);
            assertThat(to.lostRingFull()).isEqualTo(3L * perThread - sent);
            assertThat(to.ringCount()).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void sixtyFourProcessesHaveARingEachAndAllAreServed() throws Exception {
        try (SharedDirectory directory = new SharedDirectory(); ShmDomain domain = directory.open();
                EventBatch events = new EventBatch(16)) {
            final ShmVirtualInterface to = domain.openVi(RING);
            domain.publish(to, "to");
            final List<ShmDomain> domains = new ArrayList<>();
            final List<ShmVirtualInterface> senders = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                domains.add(directory.open());
                senders.add(domains.get(i).openVi(RING));
                final int peer = domains.get(i).lookup("to");
                for (int k = 0; k < 100; k++) {
                    assertThat(Messages.send(senders.get(i), peer, i * 1000L + k, 40)).isTrue();
                }
            }
            final int[] next = new int[64];
            final boolean[] seenEarly = new boolean[64];
            int received = 0;
            for (int poll = 0; to.poll(events, 16) > 0; poll++) {
                for (int i = 0; i < events.count(); i++) {
                    final int number = (int) Messages.number(events, i);
                    assertThat(number % 1000).isEqualTo(next[number / 1000]++);
                    seenEarly[number / 1000] |= poll < 64;
                }
                received += events.count();
                to.release(events);
            }
            assertThat(received).isEqualTo(6400);
            assertThat(seenEarly).doesNotContain(false);
            assertThat(to.memory()).hasSize(64);

            for (int i = 0; i < 64; i++) {
                assertThat(Messages.send(senders.get(i), domains.get(i).lookup("to"), i, 40)).isTrue();
                domains.get(i).close();
            }
            domain.tick(0);
            received = 0;
            while (to.poll(events, 16) > 0) {
                received += events.count();
                to.release(events);
            }
            assertThat(received).as("what the dead had sent").isEqualTo(64);
            assertThat(to.ringCount()).isZero();
        }
    }

    @Test
    void theDataPathAllocatesNothing() throws Exception {
        final com.sun.management.ThreadMXBean bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long self = Thread.currentThread().getId();
        try (SharedDirectory directory = new SharedDirectory(); ShmDomain domain = directory.open();
                EventBatch events = new EventBatch(16)) {
            final ShmVirtualInterface to = domain.openVi(RING);
            final ShmVirtualInterface from = domain.openVi(RING);
            domain.publish(to, "to");
            final int peer = domain.lookup("to");
            final ShmWaiter waiter = domain.openWaiter();
            to.arm(waiter);
            final int[] ready = {0};
            final ReadySink sink = vi -> ready[0]++;
            exchange(domain, from, to, peer, waiter, events, sink);
            final long before = bean.getThreadAllocatedBytes(self);
            exchange(domain, from, to, peer, waiter, events, sink);
            assertThat(bean.getThreadAllocatedBytes(self) - before).isLessThan(1000);
            assertThat(ready[0]).isGreaterThan(1000);
        }
    }

    private static void exchange(ShmDomain domain, ShmVirtualInterface from, ShmVirtualInterface to, int peer, ShmWaiter waiter,
            EventBatch events, ReadySink sink) {
        for (int i = 0; i < 20_000; i++) {
            if (i % 8 == 0) {
                waiter.prepareSleep();
                waiter.awake();
            }
            Messages.send(from, peer, i, 8 + i % 1000);
            if (i % 4 == 0) {
                domain.collectReady(sink);
                to.poll(events, 16);
                to.release(events);
                to.poll(events, 16);
            }
        }
    }
}
