package io.accel.core.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.core.memory.Memory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several may sleep on one wake-up, while others take the descriptors out. */
class WakeUpTest {
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLLIN = 1;

    private final int descriptor = Posix.eventFd();
    private final WakeUp wakeUp = new WakeUp(descriptor);

    WakeUpTest() throws ErrnoException {
    }

    @AfterEach
    void close() {
        wakeUp.close();
        Posix.close(descriptor);
    }

    /** Whether a sleeper would be woken. */
    private boolean wakes() {
        final long record = Memory.allocateAligned(16, Long.BYTES);
        final int sleeper = Posix.epollCreate();
        try {
            assertThat(Posix.epollCtl(sleeper, EPOLL_CTL_ADD, wakeUp.fd(), EPOLLIN, 0)).isZero();
            return Posix.epollWait(sleeper, record, 1, 0) == 1;
        } finally {
            Posix.close(sleeper);
            Memory.freeAligned(record);
        }
    }

    @Test
    void whatIsTakenOutIsWatchedAgainBeforeSomebodySleeps() {
        wakeUp.unwatch();
        wakeUp.consume();
        Posix.eventFdSignal(descriptor);
        assertThat(wakes()).isFalse();
        assertThat(wakeUp.arm()).isFalse();
        assertThat(wakes()).isTrue();
    }

    @Test
    void whoSleepsIsWokenWhenTheDescriptorsAreTakenOut() {
        assertThat(wakeUp.arm()).isFalse();
        assertThat(wakes()).isFalse();
        wakeUp.unwatch();
        assertThat(wakes()).isTrue();
        wakeUp.unwatch();
        assertThat(wakeUp.arm()).isTrue();
        assertThat(wakeUp.arm()).isFalse();
    }

    @Test
    void whoTakesTheSignalBackLeavesTheOthersWatched() {
        wakeUp.arm();
        wakeUp.unwatch();
        assertThat(wakeUp.arm()).isTrue();
        assertThat(wakes()).isFalse();
        Posix.eventFdSignal(descriptor);
        assertThat(wakes()).isTrue();
    }

    @Test
    void whatCannotBeWatchedAgainIsNotSleptOn() throws ErrnoException {
        final int closing = Posix.eventFd();
        try (WakeUp broken = new WakeUp(descriptor, closing)) {
            broken.unwatch();
            broken.consume();
            Posix.close(closing);
            assertThat(broken.arm()).isTrue();
            assertThat(broken.arm()).isTrue();
        }
    }

    @Test
    void whatCannotBeWatchedFails() {
        assertThatThrownBy(() -> new WakeUp(descriptor, -1)).isInstanceOf(ErrnoException.class).hasMessageContaining("wake-up");
    }

    @Test
    void isHarmlessWhenClosed() {
        wakeUp.arm();
        wakeUp.close();
        wakeUp.unwatch();
        wakeUp.signal();
        assertThat(wakeUp.arm()).isFalse();
    }
}
