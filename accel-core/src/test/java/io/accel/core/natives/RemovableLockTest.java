package io.accel.core.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemovableLockTest {
    @TempDir
    private Path directory;

    @Test
    void isOneOwnersUntilItsDescriptorIsClosed() {
        final String path = directory.resolve("lock").toString();
        final int first = RemovableLock.take(path);
        assertThat(first).isNotNegative();
        assertThat(RemovableLock.take(path)).isEqualTo(-Errno.EAGAIN);
        Posix.close(first);
        final int second = RemovableLock.take(path);
        assertThat(second).isNotNegative();
        Posix.close(second);
    }

    @Test
    void aRemovedFileLocksNobodyOut() {
        final Path path = directory.resolve("lock");
        final int removed = RemovableLock.take(path.toString());
        Posix.unlink(path.toString());
        final int next = RemovableLock.take(path.toString());
        assertThat(next).isNotNegative();
        assertThat(path).exists();
        Posix.close(removed);
        assertThat(Posix.isLocked(path.toString())).isEqualTo(1);
        Posix.close(next);
    }

    @Test
    void tellsWhyItCannot() {
        assertThat(RemovableLock.take(directory.resolve("none/lock").toString())).isEqualTo(-Errno.ENOENT);
    }

    /** One thread cannot remove a file between its opening and its locking; a name that ends like the kernel's mark of one does as well. */
    @Test
    void aFileThatIsGoneIsNotLocked() {
        final String looksRemoved = directory.resolve("lock (deleted)").toString();
        assertThat(RemovableLock.take(looksRemoved)).isEqualTo(-Errno.EAGAIN);
        assertThat(Posix.isLocked(looksRemoved)).isZero();
    }
}
