package io.accel.nio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Threads that meet between rounds. When one fails the others leave, and the test tells why; when one hangs, where each of them is. */
final class Meeting {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(50);
    private static final int FRAMES = 12;

    private final CyclicBarrier barrier;
    private final List<Background<Void>> attendants = new ArrayList<>();
    private volatile Throwable failure;

    Meeting(int threads) {
        barrier = new CyclicBarrier(threads);
    }

    /** Waits until all are here. */
    void await() throws InterruptedException, BrokenBarrierException {
        barrier.await();
    }

    /** Starts one of the threads. */
    Thread attend(String name, Callable<Void> rounds) {
        final Background<Void> attendant = Background.start(name, () -> {
            try {
                return rounds.call();
            } catch (final Throwable e) {
                fail(e);
                throw e;
            }
        });
        attendants.add(attendant);
        return attendant.thread();
    }

    /** The first one's: what the others say is that it has left. */
    private synchronized void fail(Throwable e) {
        if (failure == null) {
            failure = e;
            barrier.reset();
        }
    }

    /** Waits until all have returned. */
    void end() throws Exception {
        end(() -> {
        });
    }

    /**
     * As {@link #end()}.
     *
     * @param meanwhile run every millisecond
     */
    void end(Runnable meanwhile) throws Exception {
        final long deadline = System.nanoTime() + LIMIT_NANOS;
        while (failure == null && !attendants.stream().allMatch(Background::isDone)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("hung: " + attendants.stream().map(Meeting::where).collect(Collectors.joining("; ")));
            }
            meanwhile.run();
            TimeUnit.MILLISECONDS.sleep(1);
        }
        if (failure != null) {
            throw new AssertionError(failure.toString(), failure);
        }
    }

    private static String where(Background<Void> attendant) {
        final Thread thread = attendant.thread();
        return Arrays.stream(thread.getStackTrace()).limit(FRAMES).map(StackTraceElement::toString)
            .collect(Collectors.joining(" < ", thread.getName() + " " + thread.getState() + " in ", ""));
    }
}
