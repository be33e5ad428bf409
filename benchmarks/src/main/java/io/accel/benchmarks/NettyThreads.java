package io.accel.benchmarks;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** JMH's threads, made as an event loop's are: Netty pools buffers and recycles objects for those alone. */
public final class NettyThreads extends ThreadPoolExecutor {
    /** As JMH makes it, by {@code -Djmh.executor.class}. */
    public NettyThreads(int threads, String prefix) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(prefix, true));
    }
}
