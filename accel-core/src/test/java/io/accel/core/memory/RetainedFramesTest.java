package io.accel.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Frames that are retained when their owner ends. */
class RetainedFramesTest {
    private static final int BUFFERS = 64;

    private final RetainedFrames frames = new RetainedFrames(BUFFERS);
    private final AtomicInteger freed = new AtomicInteger();

    private long keep(int buffer) {
        final long token = frames.lend(buffer);
        assertThat(frames.keep(token)).isTrue();
        return token;
    }

    private void close() {
        frames.close(freed::incrementAndGet);
    }

    @Test
    void theMemoryGoesAtOnceWhenNothingIsOut() {
        final long token = keep(3);
        assertThat(frames.giveBack(token)).isTrue();
        // One that is in a batch is not waited for.
        final long lent = frames.lend(4);
        close();
        assertThat(freed).hasValue(1);
        assertThat(frames.giveBack(lent)).isTrue();
        assertThat(freed).hasValue(1);
    }

    @Test
    void theMemoryGoesWithTheLastFrame() {
        final long first = keep(0);
        final long second = keep(1);
        close();
        assertThat(freed).hasValue(0);
        assertThat(frames.giveBack(second)).isTrue();
        assertThat(frames.giveBack(second)).as("twice").isFalse();
        assertThat(freed).hasValue(0);
        assertThat(frames.giveBack(first)).isTrue();
        assertThat(freed).hasValue(1);
    }

    @Test
    void drainedFramesAreNoLongerKept() {
        final long token = keep(7);
        keep(8);
        frames.giveBack(token);
        assertThat(frames.kept()).isEqualTo(2);
        assertThat(frames.drain()).isEqualTo(7);
        assertThat(frames.next(7)).isEqualTo(-1);
        assertThat(frames.kept()).isEqualTo(1);
    }

    /** Whoever comes last, the owner's end or a holder, frees the memory, once, and not before. */
    @Test
    void theOwnersEndAndTheLastReturnMayCoincide() throws Exception {
        final Random random = new Random(5);
        final ExecutorService holders = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 5000; round++) {
                final RetainedFrames each = new RetainedFrames(BUFFERS);
                final AtomicInteger home = new AtomicInteger();
                final AtomicInteger freedAt = new AtomicInteger(-1);
                final int kept = random.nextInt(6);
                final List<Future<Boolean>> returns = new ArrayList<>();
                final List<Callable<Boolean>> tasks = new ArrayList<>();
                for (int i = 0; i < kept; i++) {
                    final long token = each.lend(i);
                    each.keep(token);
                    tasks.add(() -> {
                        home.incrementAndGet();
                        return each.giveBack(token);
                    });
                }
                tasks.forEach(task -> returns.add(holders.submit(task)));
                each.close(() -> assertThat(freedAt.getAndSet(home.get())).isEqualTo(-1));
                for (final Future<Boolean> came : returns) {
                    assertThat(came.get()).isTrue();
                }
                assertThat(freedAt).hasValue(kept);
            }
        } finally {
            holders.shutdownNow();
        }
    }
}
