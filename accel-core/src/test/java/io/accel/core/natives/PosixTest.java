package io.accel.core.natives;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosixTest {
    private static final int EPOLLIN = 1;
    private static final int ADD = 1;
    private static final int REMOVE = 2;

    @TempDir
    private Path directory;
    private final long scratch = Memory.allocateAligned(64, 64);

    @AfterEach
    void free() {
        Memory.freeAligned(scratch);
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void errorsHaveNames() {
        assertThat(Errno.text(-Errno.ENOENT)).isEqualTo("No such file or directory");
        assertThat(Posix.close(-1)).isEqualTo(-9);
    }

    @Test
    void eventFdAndEpoll() {
        final int event = Posix.eventFd();
        final int epoll = Posix.epollCreate();
        assertThat(Posix.epollCtl(epoll, ADD, event, EPOLLIN, 0x1122334455667788L)).isZero();
        assertThat(Posix.epollCtl(epoll, ADD, event, EPOLLIN, 0)).isEqualTo(-Errno.EEXIST);
        assertThat(Posix.epollWait(epoll, scratch, 4, 0)).isZero();
        assertThat(Posix.epollWait(epoll, scratch, 4, 1000)).as("a microsecond").isZero();
        assertThat(Posix.eventFdDrain(event)).as("draining nothing").isZero();
        assertThat(Posix.eventFdSignal(event)).isZero();
        assertThat(Posix.epollWait(epoll, scratch, 4, -1)).isEqualTo(1);
        assertThat(Memory.getInt(scratch)).isEqualTo(EPOLLIN);
        assertThat(Memory.getLong(scratch + 8)).isEqualTo(0x1122334455667788L);
        assertThat(Posix.eventFdDrain(event)).isZero();
        assertThat(Posix.epollWait(epoll, scratch, 4, 0)).isZero();
        assertThat(Posix.epollCtl(epoll, REMOVE, event, 0, 0)).isZero();
        Posix.close(event);
        Posix.close(epoll);
    }

    @Test
    void mappedFileIsSharedAndSized() throws Exception {
        assertThat(Posix.mapFile(path("m"), 0, Posix.EXISTING, scratch)).isEqualTo(-Errno.ENOENT);
        assertThat(Posix.mapFile(path("m"), 8192, 8192, scratch)).isZero();
        final long first = Memory.getLong(scratch);
        assertThat(Memory.getLong(scratch + 8)).isEqualTo(8192);
        assertThat(Posix.mapFile(path("m"), 8192, 8192, scratch)).isEqualTo(-Errno.EEXIST);
        assertThat(Posix.mapFile(path("m"), 8193, Posix.EXISTING, scratch)).isEqualTo(-Errno.EINVAL);
        assertThat(Posix.mapFile(path("m"), 0, Posix.EXISTING, scratch)).isZero();
        final long second = Memory.getLong(scratch);
        Memory.putLong(first + 4096, 42);
        assertThat(Memory.getLong(second + 4096)).isEqualTo(42);
        final ByteBuffer buffer = Posix.wrap(second, 8192).order(ByteOrder.nativeOrder());
        assertThat(buffer.getLong(4096)).isEqualTo(42);
        assertThat(Posix.mapFile(path("sparse"), 8192, 4096, scratch)).isZero();
        assertThat(Files.getAttribute(Path.of(path("sparse")), "unix:size")).isEqualTo(8192L);
        assertThat(Posix.populate(Memory.getLong(scratch) + 4096, 4096)).isZero();
        assertThat(Posix.unmap(Memory.getLong(scratch), 8192)).isZero();
        assertThat(Posix.unmap(first, 8192)).isZero();
        assertThat(Posix.unmap(second, 8192)).isZero();
        Files.createFile(Path.of(path("empty")));
        assertThat(Posix.mapFile(path("empty"), 0, Posix.EXISTING, scratch)).isEqualTo(-Errno.EINVAL);
        Files.createSymbolicLink(Path.of(path("link")), Path.of(path("m")));
        assertThat(Posix.mapFile(path("link"), 0, Posix.EXISTING, scratch)).as("links are not followed").isNegative();
        assertThat(Posix.readlink(path("link"))).isEqualTo(path("m"));
        assertThat(Posix.readlink(path("m"))).isNull();
    }

    @Test
    void directoriesAndOwners() {
        assertThat(Posix.mkdir(path("d"), 0700)).isZero();
        assertThat(Posix.mkdir(path("d"), 0700)).isEqualTo(-Errno.EEXIST);
        assertThat(Posix.ownerAndMode(path("d"))).isEqualTo(Integer.toUnsignedLong(Posix.effectiveUser()) << 32 | 0040700);
        assertThat(Posix.unlink(path("d"))).isNegative();
        assertThat(Posix.rmdir(path("d"))).isZero();
        assertThat(Posix.ownerAndMode(path("d"))).isEqualTo(-Errno.ENOENT);
        assertThat(Posix.mkdir("/" + "x".repeat(2000), 0700)).as("ENAMETOOLONG").isEqualTo(-36);
    }

    /** Holds a lock until it is killed. */
    static final class Holder {
        private Holder() {
        }

        public static void main(String[] arguments) throws Exception {
            System.out.println(Posix.lockFile(arguments[0]) >= 0);
            System.in.read();
        }
    }

    @Test
    void lockLivesAsLongAsItsProcess() throws Exception {
        final Process holder = ChildJvm.start(Holder.class, List.of(), Map.of(), path("lock"));
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("true");
            assertThat(Posix.isLocked(path("lock"))).isEqualTo(1);
            assertThat(Posix.lockFile(path("lock"))).isEqualTo(-Errno.EAGAIN);
            holder.destroyForcibly();
            assertThat(holder.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(Posix.isLocked(path("lock"))).isZero();
            final int fd = Posix.lockFile(path("lock"));
            assertThat(fd).isNotNegative();
            assertThat(Posix.isLocked(path("lock"))).as("it is the descriptor's, not the process's").isEqualTo(1);
            assertThat(Posix.close(fd)).isZero();
            assertThat(Posix.isLocked(path("lock"))).isZero();
        } finally {
            holder.destroyForcibly();
        }
        assertThat(Posix.isLocked(path("none"))).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void unixSocketsSignal() {
        final String name = path("s");
        final int receiver = Posix.unixDatagramSocket(name);
        final int sender = Posix.unixDatagramSocket(null);
        assertThat(receiver).isNotNegative();
        assertThat(sender).isNotNegative();
        final int epoll = Posix.epollCreate();
        Posix.epollCtl(epoll, ADD, receiver, EPOLLIN, 1);
        for (int i = 0; i < 2000; i++) {
            assertThat(Posix.unixSignal(sender, name)).as("a full queue is no error").isZero();
        }
        assertThat(Posix.epollWait(epoll, scratch, 1, 0)).isEqualTo(1);
        assertThat(Posix.unixDrain(receiver)).isZero();
        assertThat(Posix.epollWait(epoll, scratch, 1, 0)).isZero();
        Posix.close(receiver);
        assertThat(Posix.unixSignal(sender, name)).isEqualTo(-Errno.ECONNREFUSED);
        assertThat(Posix.unixSignal(sender, path("none"))).isEqualTo(-Errno.ENOENT);
        assertThat(Posix.unixDatagramSocket(path("x".repeat(200)))).isEqualTo(-36);
        Posix.close(sender);
        Posix.close(epoll);
    }

    @Test
    void descriptorsDoNotLeak() {
        final int before = new File("/proc/self/fd").list().length;
        for (int i = 0; i < 200; i++) {
            Posix.mapFile(path("none"), 0, Posix.EXISTING, scratch);
            Posix.isLocked(directory.toString());
            Posix.networkNamespaceCookie();
            Posix.unixDatagramSocket(path("no/such/directory"));
        }
        assertThat(new File("/proc/self/fd").list().length).isLessThan(before + 100);
    }
}
