package io.accel.core.efvi;

import io.accel.core.memory.Memory;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import io.accel.core.vi.Receiver;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Threads that poll the receive sides of a set, each for whichever nobody is at, as the stack's do. */
final class SetPollers {
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final int BATCH = 32;
    /** Behind the headers of Ethernet, IPv4 and UDP. */
    private static final int PAYLOAD = 42;

    private final Receiver[] receivers;
    private final AtomicBoolean[] taken;
    /** The payloads that came by each, in order; under its flag. */
    private final List<List<String>> texts = new ArrayList<>();
    private final AtomicInteger got = new AtomicInteger();

    private SetPollers(Receiver[] receivers) {
        this.receivers = receivers;
        taken = new AtomicBoolean[receivers.length];
        for (int i = 0; i < receivers.length; i++) {
            taken[i] = new AtomicBoolean();
            texts.add(new ArrayList<>());
        }
    }

    /** The payloads of so many datagrams, or fewer when nothing comes for a while: of each receive side a word, {@code -} for none. */
    static String gather(Receiver[] receivers, int wanted, int threads) {
        final SetPollers pollers = new SetPollers(receivers);
        final List<Thread> all = new ArrayList<>();
        final AtomicInteger failed = new AtomicInteger();
        for (int i = 0; i < threads; i++) {
            final Thread thread = new Thread(() -> pollers.run(wanted));
            thread.setUncaughtExceptionHandler((where, what) -> {
                System.err.println(what);
                failed.incrementAndGet();
            });
            thread.start();
            all.add(thread);
        }
        try {
            for (final Thread each : all) {
                each.join();
            }
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return failed.get() != 0 ? failed + " threads failed"
            : pollers.texts.stream().map(each -> each.isEmpty() ? "-" : String.join(",", each)).collect(Collectors.joining(" "));
    }

    private void run(int wanted) {
        final long start = System.nanoTime();
        try (EventBatch events = new EventBatch(BATCH)) {
            while (got.get() < wanted && System.nanoTime() - start < PATIENCE_NANOS) {
                for (int i = 0; i < receivers.length; i++) {
                    if (taken[i].compareAndSet(false, true)) {
                        got.addAndGet(poll(receivers[i], events, texts.get(i)));
                        taken[i].set(false);
                    }
                }
            }
        }
    }

    private static int poll(Receiver receiver, EventBatch events, List<String> out) {
        final int n = receiver.poll(events, BATCH);
        for (int i = 0; i < n; i++) {
            final boolean frame = events.type(i) == EventType.RX;
            out.add(frame ? text(events.frame(i) + PAYLOAD, events.length(i) - PAYLOAD) : "event" + events.type(i));
        }
        receiver.release(events);
        return n;
    }

    private static String text(long at, int length) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) Memory.getByte(at + i));
        }
        return text.toString();
    }
}
