package io.accel.core.shm;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.datapath.DatapathException;
import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;
import io.accel.core.natives.RemovableLock;
import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The directory that all processes of one user and network namespace share, and the lock under which it changes shape. */
final class ShmRoot {
    private static final int PRIVATE_DIRECTORY = 0040700;
    private static final long LOCK_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int LOCK_RETRIES = 5000;

    private final String path;

    private ShmRoot(String path) {
        this.path = path;
    }

    /** Names the directory for the calling process; makes nothing. */
    static ShmRoot of(Configuration configuration) throws DatapathException {
        final long cookie = Posix.networkNamespaceCookie();
        if (cookie < 0) {
            throw new DatapathException(Reason.DATAPATH_FAILED, "the kernel does not tell the network namespace (SO_NETNS_COOKIE, "
                + "Linux 5.14): " + Errno.text((int) cookie));
        }
        final String base = configuration.get(Options.SHM_DIRECTORY);
        return new ShmRoot(base + "/" + prefix() + Long.toHexString(cookie));
    }

    private static String prefix() {
        return "accel-" + Integer.toUnsignedString(Posix.effectiveUser()) + "-";
    }

    /** The directories of this user's other network namespaces, of those included that are gone; none that only has such a name. */
    List<ShmRoot> others() {
        final File own = new File(path);
        final String[] names = own.getParentFile().list((directory, name) -> name.startsWith(prefix()) && !name.equals(own.getName()));
        return names == null ? List.of() : Arrays.stream(names).map(name -> new ShmRoot(own.getParent() + "/" + name))
            .filter(root -> isOurs(Posix.ownerAndMode(root.path))).toList();
    }

    String path() {
        return path;
    }

    String processDirectory(long id) {
        return path + "/p-" + Ids.text(id);
    }

    /** Makes the directory if need be, refuses it when it is not ours alone, and takes its lock; returns the descriptor. */
    int enter() throws DatapathException {
        for (int i = 0; i < LOCK_RETRIES; i++) {
            final int made = Posix.mkdir(path, 0700);
            if (made < 0 && made != -Errno.EEXIST) {
                throw failed("cannot make the directory " + path + ": " + Errno.text(made)
                    + "; name a directory on tmpfs that this user may write with -D" + Options.SHM_DIRECTORY.property() + "=");
            }
            checkOurs();
            final int fd = lock();
            if (fd >= 0) {
                return fd;
            }
            if (fd != -Errno.EAGAIN && fd != -Errno.ENOENT) {
                throw failed("cannot lock " + path + "/lock: " + Errno.text(fd));
            }
            LockSupport.parkNanos(LOCK_RETRY_NANOS);
        }
        throw failed("another process keeps " + path + "/lock; end it, or name another directory with -D"
            + Options.SHM_DIRECTORY.property() + "=");
    }

    /** One attempt at the lock: a descriptor or negated errno; EAGAIN also when the file was removed meanwhile. */
    int lock() {
        return RemovableLock.take(path + "/lock");
    }

    /** Whether it is a directory of this user that nobody else may enter, so that what lies in it is ours too. */
    private static boolean isOurs(long ownerAndMode) {
        return ownerAndMode == (Integer.toUnsignedLong(Posix.effectiveUser()) << 32 | PRIVATE_DIRECTORY);
    }

    private void checkOurs() throws DatapathException {
        final long found = Posix.ownerAndMode(path);
        if (!isOurs(found) && found != -Errno.ENOENT) {
            throw failed(path + " is not a directory of this user with mode 0700 (owner " + (found >>> 32) + ", mode 0"
                + Long.toOctalString(found & 0xFFFF_FFFFL) + "), so others could read the traffic; remove it, or name another directory"
                + " with -D" + Options.SHM_DIRECTORY.property() + "=");
        }
    }

    /** Numbers of all processes that have a directory, dead ones too. */
    long[] processes() {
        final String[] entries = new File(path).list((directory, name) -> name.startsWith("p-") && Ids.isId(name, 2, name.length()));
        if (entries == null) {
            return new long[0];
        }
        final long[] ids = new long[entries.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Ids.parse(entries[i], 2);
        }
        return ids;
    }

    /** Under the lock: removes the directory itself, with whatever is in it, when no process has one in it. */
    void removeIfUnused() {
        if (processes().length > 0) {
            return;
        }
        final String[] left = new File(path).list((directory, name) -> !name.equals("lock"));
        if (left != null) {
            for (final String name : left) {
                Reaper.remove(path + "/" + name, Reaper.DEPTH);
            }
        }
        // Last: until now nobody could come in.
        Posix.unlink(path + "/lock");
        Posix.rmdir(path);
    }

    static DatapathException failed(String message) {
        return new DatapathException(Reason.DATAPATH_FAILED, message);
    }
}
