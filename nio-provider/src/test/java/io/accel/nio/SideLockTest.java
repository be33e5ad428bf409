package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SideLockTest {
    private final SideLock lock = new SideLock();

    @Test
    void anOperationExcludesOperationsAndLooks() {
        lock.lock();
        assertThat(lock.tryLock()).isFalse();
        assertThat(lock.tryLockToLook()).isFalse();
        lock.unlock();
        assertThat(lock.tryLock()).isTrue();
    }

    @Test
    void aLookExcludesOperations() throws Exception {
        assertThat(lock.tryLockToLook()).isTrue();
        assertThat(lock.tryLock()).isFalse();
        final Background<Boolean> operation = Background.start("operation", () -> {
            lock.lock();
            return true;
        });
        operation.awaitIn("lockSlowly");
        lock.unlock();
        assertThat(operation.result()).isTrue();
    }

    /** Two selectors that look at one channel at the same time must not take each other for a receiver. */
    @Test
    void looksAtTheSameTimeNeverFail() throws Exception {
        final Background<Integer> one = Background.start("one", this::failedLooks);
        final Background<Integer> two = Background.start("two", this::failedLooks);
        assertThat(one.result() + two.result()).isZero();
    }

    private int failedLooks() {
        int failed = 0;
        for (int i = 0; i < 100_000; i++) {
            if (lock.tryLockToLook()) {
                lock.unlock();
            } else {
                failed++;
            }
        }
        return failed;
    }
}
