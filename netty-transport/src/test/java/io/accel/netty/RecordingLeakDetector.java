package io.accel.netty;

import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Netty's leak detector, which keeps what it finds. The JVM of the tests is told of this class by the property
 * {@code io.netty.customResourceLeakDetector}.
 *
 * @param <T> what may leak
 */
public final class RecordingLeakDetector<T> extends ResourceLeakDetector<T> {
    private static final Queue<RecordingLeakDetector<?>> ALL = new ConcurrentLinkedQueue<>();
    private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final String CANARY = "canary ";

    private static int canaries;

    /** As Netty makes them. */
    public RecordingLeakDetector(Class<?> type, int samplingInterval) {
        super(type, samplingInterval);
        ALL.add(this);
    }

    /** As Netty once made them: it complains of a class that lacks this. */
    public RecordingLeakDetector(Class<?> type, int samplingInterval, long mostActive) {
        this(type, samplingInterval);
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String type, String records) {
        FOUND.add(type + " was not released:" + records);
    }

    @Override
    protected void reportUntracedLeak(String type) {
        FOUND.add(type + " was not released");
    }

    /** A detector looks for what was found when it is asked to watch another. */
    @SuppressWarnings("unchecked")
    private void look() {
        final Object another = new Object();
        final var watched = ((RecordingLeakDetector<Object>) this).track(another);
        if (watched != null) {
            watched.close(another);
        }
    }

    /**
     * What has leaked since the last call. A buffer is leaked on purpose and waited for, which shows that the detector sees every one, and
     * then another: when that is found, what the collector found with the first one is known as well.
     */
    static synchronized List<String> takeLeaks() {
        final List<String> leaks = new ArrayList<>();
        awaitCanary(leaks);
        awaitCanary(leaks);
        return leaks;
    }

    private static void awaitCanary(List<String> others) {
        final String name = CANARY + ++canaries;
        leak(name);
        final long start = System.nanoTime();
        boolean found = false;
        while (!found) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError("a leak is not detected; the level is " + getLevel());
            }
            System.gc();
            ALL.forEach(RecordingLeakDetector::look);
            for (String each = FOUND.poll(); each != null; each = FOUND.poll()) {
                if (each.contains(name)) {
                    found = true;
                } else {
                    others.add(each);
                }
            }
        }
    }

    /** A buffer that nobody will release. @param hint found with it */
    static void leak(String hint) {
        Unpooled.directBuffer(1).touch(hint);
    }
}
