package io.accel.nio;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Bounded waiting for what another thread, process or the kernel is about to do. */
final class Eventually {
    static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);
    /** Where a blocked thread is: the JDK's native methods for datagrams and selectors, ours, and a parked thread's. */
    private static final Set<String> WAITS = Set.of("receive0", "read0", "readv0", "poll", "wait", "epollWait", "park");

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

    /** Until the thread has gone as far in a method of this name as to sleep or wait, which a blocked receive or select does soon. */
    static void asleep(Thread thread, String where) throws Exception {
        holds(thread.getName() + " sleeps in " + where, () -> {
            final StackTraceElement[] stack = thread.getStackTrace();
            return stack.length > 0 && (WAITS.contains(stack[0].getMethodName()) || thread.getState() == Thread.State.BLOCKED)
                && Arrays.stream(stack).anyMatch(frame -> frame.getMethodName().equals(where));
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
