package io.accel.core.shm;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Errno;
import io.accel.core.natives.ErrnoException;
import io.accel.core.natives.Posix;

/** A process's control file and VI headers, as mapped here: our own, or a peer's to which we send. */
final class ShmProcess {
    private final long id;
    private final String directory;
    private final Mapping control;
    private final ReadyBoard board;
    private final Mapping[] segments = new Mapping[ViHeader.SEGMENTS];
    private final String[] waiterPaths = new String[ControlDescriptor.MAX_WAITERS];

    private ShmProcess(long id, String directory, Mapping control) {
        this.id = id;
        this.directory = directory;
        this.control = control;
        this.board = new ReadyBoard(control.address());
    }

    /** Makes the control file in a directory that exists already. */
    static ShmProcess create(long id, String directory) throws ErrnoException {
        final Mapping control = Mapping.create(directory + "/control", ControlDescriptor.BYTES);
        Memory.putLongRelease(control.address(), ControlDescriptor.MAGIC);
        return new ShmProcess(id, directory, control);
    }

    /** Puts our own control file's magic right; true: somebody had overwritten it. */
    boolean repair() {
        if (Memory.getLongAcquire(control.address()) == ControlDescriptor.MAGIC) {
            return false;
        }
        Memory.putLongRelease(control.address(), ControlDescriptor.MAGIC);
        return true;
    }

    static ShmProcess open(long id, String directory) throws ErrnoException {
        final String path = directory + "/control";
        final Mapping control = Mapping.open(path);
        if (control.length() != ControlDescriptor.BYTES || Memory.getLongAcquire(control.address()) != ControlDescriptor.MAGIC) {
            control.unmap();
            throw new ErrnoException(Errno.EINVAL, path);
        }
        return new ShmProcess(id, directory, control);
    }

    long id() {
        return id;
    }

    String directory() {
        return directory;
    }

    ReadyBoard board() {
        return board;
    }

    /** Whether a process holds its lock; an error other than a missing file counts as alive. */
    static boolean isAlive(String directory) {
        final int locked = Posix.isLocked(directory + "/lock");
        return locked != 0 && locked != -Errno.ENOENT;
    }

    String viDirectory(int vi, int generation) {
        return directory + "/" + vi + "." + generation;
    }

    /** Address of a VI's header, mapping its segment, and making it when it is ours. */
    synchronized long header(int vi, boolean create) throws ErrnoException {
        final int index = vi / ViHeader.PER_SEGMENT;
        if (segments[index] == null) {
            final String path = directory + "/h" + index;
            final Mapping segment = create ? Mapping.create(path, ViHeader.SEGMENT_BYTES) : Mapping.open(path);
            if (segment.length() != ViHeader.SEGMENT_BYTES) {
                segment.unmap();
                throw new ErrnoException(Errno.EINVAL, path);
            }
            segments[index] = segment;
        }
        return segments[index].address() + (long) (vi % ViHeader.PER_SEGMENT) * ViHeader.BYTES;
    }

    /** Address of a waiter's sleeping word. */
    long sleeping(int waiter) {
        return control.address() + ControlDescriptor.SLEEPING_OFFSET + (long) waiter * ControlDescriptor.SLEEPING_STRIDE;
    }

    String waiterPath(int waiter) {
        String path = waiterPaths[waiter];
        if (path == null) {
            path = directory + "/w" + waiter;
            waiterPaths[waiter] = path;
        }
        return path;
    }

    /** Marks a VI and wakes those of its waiters that sleep; the caller has published and fenced. */
    void wake(int vi, long armed, int socket) {
        board.mark(vi);
        for (long left = armed; left != 0; left >>>= Short.SIZE) {
            final int waiter = (int) (left & 0xFFFF) - 1;
            if (waiter >= 0 && waiter < ControlDescriptor.MAX_WAITERS) {
                signal(waiter, socket);
            }
        }
    }

    private void signal(int waiter, int socket) {
        final long at = sleeping(waiter);
        if (Memory.getIntVolatile(at) != 0 && Memory.getAndSetInt(at, 0) != 0) {
            // A refusal means that the sleeper is gone: there is nobody to wake.
            Posix.unixSignal(socket, waiterPath(waiter));
        }
    }

    void unmap() {
        control.unmap();
        for (final Mapping segment : segments) {
            if (segment != null) {
                segment.unmap();
            }
        }
    }
}
