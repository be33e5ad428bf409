package io.accel.udp.socket;

/**
 * Decides when a receive looks at the shadow, so that an empty poll costs no system call while the traffic is on the fast path, and
 * a program whose traffic comes through the kernel is as fast as without us.
 *
 * <p>Cold: a watcher thread sleeps on the descriptor and raises a flag. Hot, from the first datagram that the kernel had: every empty
 * receive reads the shadow, as the JDK would. It turns cold again after a long run of either fast datagrams or empty reads. Either way
 * every sixteenth receive looks there first, when there is reason to: a datagram that came by the kernel, in fragments for instance, is
 * overtaken by that many of the fast path's and by those of the time that the watcher takes to wake. All but the marks and what is
 * said of errors belongs to the channel's read side.
 */
public final class ShadowWatch {
    private static final int KERNELS_TURN_MASK = 15;
    private static final int FAST_RUN_UNTIL_COLD = 1024;
    private static final int EMPTY_READS_UNTIL_COLD = 20_000;

    private static final int MAX_FIRST_READS = 1024;

    private final Watcher watcher;
    private final int fd;
    private final long id;
    private volatile boolean readable;
    private volatile boolean failed;
    private volatile boolean bypassed;
    private volatile boolean kernelFirst;
    private int firstReads;
    private boolean armed;
    private boolean hot;
    private int turn;
    private int fastRun;
    private int emptyReads;

    public ShadowWatch(Watcher watcher, int fd) {
        this.watcher = watcher;
        this.fd = fd;
        this.id = watcher.register(this);
    }

    /** Whether the shadow is to be read before the fast path, which may never be empty. */
    public boolean isKernelsTurn() {
        return kernelFirst && isStillFirst() || (++turn & KERNELS_TURN_MASK) == 0 && isWorthReading();
    }

    private boolean isStillFirst() {
        if (++firstReads > MAX_FIRST_READS) {
            kernelFirst = false;
        }
        return kernelFirst;
    }

    /** Any thread: what comes by the kernel until now will come on the fast path, and is not to overtake what is in the shadow. */
    public void kernelFirst() {
        firstReads = 0;
        kernelFirst = true;
    }

    /** Whether the shadow is to be read now that the fast path has nothing. */
    public boolean isWorthReading() {
        if (hot || readable) {
            return true;
        }
        if (!armed) {
            arm();
        }
        return false;
    }

    public void receivedFromKernel() {
        hot = true;
        fastRun = 0;
        emptyReads = 0;
    }

    public void receivedFast() {
        if (hot && ++fastRun > FAST_RUN_UNTIL_COLD) {
            turnCold();
        }
    }

    /** The shadow had nothing. */
    public void foundEmpty() {
        kernelFirst = false;
        readable = false;
        if (!hot) {
            arm();
        } else if (++emptyReads > EMPTY_READS_UNTIL_COLD) {
            turnCold();
        }
    }

    private void turnCold() {
        hot = false;
        fastRun = 0;
        emptyReads = 0;
        arm();
    }

    /** The flag is down before the descriptor is watched: a datagram that is there already raises it again. */
    private void arm() {
        readable = false;
        armed = true;
        watcher.arm(fd, id);
    }

    /** Whether the traffic comes through the kernel at present. */
    public boolean isHot() {
        return hot;
    }

    /** Whether the shadow has polled readable since it was last read. */
    public boolean isReadable() {
        return readable;
    }

    /** Any thread: the shadow's descriptor polls readable. */
    public void markReadable() {
        readable = true;
    }

    /** The shadow has connected: the kernel tells it of errors from now on, such as an unreachable port. The holder of both sides. */
    public void watchErrors() {
        failed = false;
        watcher.watchErrors(fd, id);
    }

    /** The shadow has disconnected. The holder of both sides. */
    public void ignoreErrors() {
        watcher.ignoreErrors(fd);
        failed = false;
    }

    /** The write side: whether sends go past the shadow at present, so that it tells them of no error. */
    void bypassed(boolean now) {
        bypassed = now;
    }

    /**
     * Any thread: the kernel has an error to tell.
     *
     * @return whether sends must be made to ask; to do that for an error that the shadow's own sends meet, one for each perhaps, would have
     *     every socket ask for its routes all the time
     */
    public boolean markFailed() {
        failed = true;
        return bypassed;
    }

    /** The write side: whether the shadow must be asked, once, since the kernel had an error to tell that no send of its own has met. */
    boolean takeFailure() {
        final boolean was = failed;
        if (was) {
            failed = false;
        }
        return was && bypassed;
    }

    /** The read side has left for good; before the shadow closes. */
    public void close() {
        watcher.remove(fd, id);
    }
}
