package io.accel.nio;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Bounded waiting for what another thread, process or the kernel is about to do. */
final class Eventually {
    static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private Eventually() {
    }

    /** Repeats until the answer is not null. */
    static <T> T get(String what, Callable<T> step) throws Exception {
        final long deadline = System.nanoTime() + LIMIT_NANOS;
        for (int i = 0;; i++) {
            final T found = step.call();
            if (found != null) {
                return found;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("did not happen in time: " + what);
            }
            pause(i);
        }
    }

    /** Repeats until it holds. */
    static void holds(String what, Callable<Boolean> condition) throws Exception {
        get(what, () -> condition.call() ? Boolean.TRUE : null);
    }

    /** Until the thread sleeps or waits somewhere, which a thread blocked in a receive or select does sooner or later. */
    static void asleep(Thread thread, String where) throws Exception {
        holds(thread.getName() + " is in " + where, () -> {
            for (final StackTraceElement frame : thread.getStackTrace()) {
                if (frame.getMethodName().equals(where)) {
                    return true;
                }
            }
            return false;
        });
    }

    private static void pause(int round) throws InterruptedException {
        if (round < 100) {
            Thread.onSpinWait();
        } else if (round < 200) {
            Thread.yield();
        } else {
            TimeUnit.MICROSECONDS.sleep(200);
        }
    }
}
