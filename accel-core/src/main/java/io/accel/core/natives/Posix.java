package io.accel.core.natives;

import java.nio.ByteBuffer;

/**
 * The system calls that Java lacks, one to one. Addresses are raw, lengths bytes; results are values or negated errno. Paths must be
 * free of NUL. Blocking calls leave the JVM free to collect garbage, but pin a virtual thread's carrier.
 */
public final class Posix {
    /** {@link #mapFile}: the file is there already. */
    public static final long EXISTING = -1;

    static {
        Natives.register(Posix.class, "posix");
    }

    private Posix() {
    }

    public static native String strerror(int errno);

    public static native int close(int fd);

    /** An eventfd, non-blocking and close-on-exec. */
    public static native int eventFd();

    /** Adds 1 to an eventfd. */
    public static native int eventFdSignal(int fd);

    /** Sets an eventfd to 0. */
    public static native int eventFdDrain(int fd);

    public static native int epollCreate();

    /** @param operation 1 ADD, 2 DEL, 3 MOD; the event's data is {@code data} */
    public static native int epollCtl(int epoll, int operation, int fd, int events, long data);

    /**
     * Fills {@code events} with up to {@code max} records of 16 bytes: u32 events at 0, u64 data at 8.
     *
     * @param timeoutNanos less than 0: for ever; 0: do not wait. Sub-millisecond waits are kept (epoll_pwait2).
     * @return the number of records, or negated errno (EINTR included)
     */
    public static native int epollWait(int epoll, long events, int max, long timeoutNanos);

    /**
     * Opens a file and maps it shared, read and write.
     *
     * @param length   bytes; of an existing file, 0 maps all of it
     * @param allocate {@link #EXISTING}, or: the file is made at this length and must not exist, and so many of its bytes have space on
     *                 the file system from the start
     * @param result   2 longs: address, length
     * @return 0 or negated errno; EINVAL when the file is empty or shorter than {@code length}
     */
    public static native int mapFile(String path, long length, long allocate, long result);

    /** Gives pages of a shared mapping their space in the file (MADV_POPULATE_WRITE): 0 or negated errno, as when there is none left. */
    public static native int populate(long address, long length);

    /** Gives the memory of a shared mapping's pages back (MADV_REMOVE): they read as 0 from now on. 0 or negated errno. */
    public static native int discard(long address, long length);

    /** Anonymous private memory, page-aligned and zeroed; an address, or negated errno (no address is ever in -4095..-1). */
    public static native long mapAnonymous(long length);

    public static native int unmap(long address, long length);

    /** A direct buffer over memory that somebody else keeps mapped. */
    public static native ByteBuffer wrap(long address, int length);

    public static native int mkdir(String path, int mode);

    public static native int rmdir(String path);

    public static native int unlink(String path);

    /**
     * Puts new content in the place of a file's, or makes it, mode 0600: a reader sees the old or the new as a whole.
     *
     * @param beside a path on the same file system that is the caller's alone, written first and renamed then
     * @param length bytes of {@code content} that count
     * @return 0 or negated errno; then the file is as it was
     */
    public static native int replaceFile(String path, String beside, byte[] content, int length);

    /** What a symbolic link holds, or null; {@code errno} is lost, since a reader can only look again. */
    public static native String readlink(String path);

    /**
     * Takes an exclusive open-file-description lock on a file, creating it with mode 0600. The lock lives as long as the descriptor,
     * and the kernel drops it when the process dies.
     *
     * @return the descriptor, or negated errno; EAGAIN when somebody else holds it
     */
    public static native int lockFile(String path);

    /** Whether somebody holds the lock of {@link #lockFile}: 1 yes, 0 no, or negated errno. It never takes the lock. */
    public static native int isLocked(String path);

    /** User id of the effective user. */
    public static native int effectiveUser();

    /** SO_NETNS_COOKIE of the caller's network namespace, or negated errno. */
    public static native long networkNamespaceCookie();

    /** Owner, mode and type, without following a link: {@code uid << 32 | st_mode}, or negated errno. */
    public static native long ownerAndMode(String path);

    /** A Unix datagram socket bound to a path (null: unbound), non-blocking and close-on-exec, or negated errno. */
    public static native int unixDatagramSocket(String path);

    /** Sends one empty datagram to a bound path: 0 or negated errno. */
    public static native int unixSignal(int fd, String path);

    /** The value of an option that is an int (getsockopt), or negated errno; not for options whose value may be negative. */
    public static native int socketOption(int fd, int level, int option);

    /** How late the calling thread's sleeps may end (prctl PR_SET_TIMERSLACK), in nanoseconds. */
    public static native int setTimerSlack(long nanos);

    /** Receives and forgets everything queued. */
    public static native int unixDrain(int fd);

    /** A network interface's driver, its version and the firmware's, in lines (ETHTOOL_GDRVINFO), or null where it does not tell. */
    static native String driver(String interfaceName);
}
