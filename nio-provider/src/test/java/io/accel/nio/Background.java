package io.accel.nio;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A task in a thread of its own, whose end is waited for with a limit. */
final class Background<T> {
    private static final int LIMIT_SECONDS = 30;

    private final FutureTask<T> task;
    private final Thread thread;

    private Background(String name, Callable<T> work) {
        task = new FutureTask<>(work);
        thread = new Thread(task, name);
        thread.setDaemon(true);
    }

    static <T> Background<T> start(String name, Callable<T> work) {
        final Background<T> started = new Background<>(name, work);
        started.thread.start();
        return started;
    }

    Thread thread() {
        return thread;
    }

    boolean isDone() {
        return task.isDone();
    }

    /** Waits until its thread sleeps inside a method of this name. */
    void awaitIn(String method) throws Exception {
        Eventually.asleep(thread, method);
    }

    /** What it returned, or throws what it threw. */
    T result() throws Exception {
        try {
            return task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (final java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw (Error) e.getCause();
        }
    }

    /** What it threw; an error when it returned. */
    Throwable failure() throws Exception {
        try {
            final T result = task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("returned " + result);
        } catch (final java.util.concurrent.ExecutionException e) {
            return e.getCause();
        }
    }
}
