package io.accel.core.shm;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.datapath.DatapathException;
import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.natives.Errno;
import io.accel.core.natives.ErrnoException;
import io.accel.core.natives.Natives;
import io.accel.core.natives.Posix;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;

/**
 * This process's part in the shared memory of its user and network namespace: its VIs, the names that they own, the rings through which
 * they send, and its waiters. Normally one per JVM. Any thread, unless said otherwise.
 *
 * <p>Names are opaque: 1 to 128 of {@code 0-9 a-z .}, not starting with a dot.
 */
public final class ShmDomain implements AutoCloseable {
    /** {@link #lookup}: nobody owns the name. */
    public static final int ABSENT = -1;
    /** {@link #lookup}: more than one VI owns the name. */
    public static final int SHARED = -2;
    /** {@link #lookup}: the name has an owner, but no ring to it could be made: no space on the file system, or no descriptor. */
    public static final int UNREACHABLE = -3;

    /** A receive ring's bytes unless a program wants others. */
    public static final int DEFAULT_RING_BYTES = RingDescriptor.MIN_CAPACITY;

    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A VI's number rests for as many opens, so that a mark or a wake-up for the one before is rare. */
    private static final int NUMBERS_AT_REST = 64;

    /** Whether VIs get the names that they are to have. */
    private final boolean namesItself;
    private final ShmRoot root;
    private final ShmProcess self;
    private final int lockFd;
    private final int signalSocket;
    private final NameDirectory names;
    private final PeerTable peers;
    private final SenderTable senders;
    private final Reaper reaper;

    private final AtomicReferenceArray<ShmVirtualInterface> vis = new AtomicReferenceArray<>(ControlDescriptor.MAX_VIS);
    private final Queue<Integer> restingNumbers = new ArrayDeque<>();
    private final int[] generations = new int[ControlDescriptor.MAX_VIS];
    private int nextNumber;

    private final BitSet waiterNumbers = new BitSet();
    private final AtomicReferenceArray<ShmWaiter> waiters = new AtomicReferenceArray<>(ControlDescriptor.MAX_WAITERS);

    private final AtomicBoolean collecting = new AtomicBoolean();
    private final Collector collector = new Collector();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private long lastTick;
    private boolean ticked;
    private volatile boolean closed;

    private ShmDomain(ShmRoot root, ShmProcess self, int lockFd, int signalSocket, NameDirectory names, boolean namesItself) {
        this.namesItself = namesItself;
        this.root = root;
        this.self = self;
        this.lockFd = lockFd;
        this.signalSocket = signalSocket;
        this.names = names;
        this.peers = new PeerTable(root, self);
        this.senders = new SenderTable(root, self.id());
        this.reaper = new Reaper(root, names);
    }

    /**
     * Joins the shared memory of the calling thread's user and network namespace, making its directory if need be and removing what dead
     * processes left there and, where nobody lives any more, in this user's other namespaces.
     *
     * @throws DatapathException when the directory cannot be made or is not this user's alone, with the remedy
     */
    public static ShmDomain open(Configuration configuration) throws DatapathException {
        return open(configuration, true);
    }

    /**
     * The same for who only looks others up: no VI of it gets a name, so that nobody sends to one.
     *
     * @throws DatapathException as {@link #open}
     */
    public static ShmDomain openUnnamed(Configuration configuration) throws DatapathException {
        return open(configuration, false);
    }

    private static ShmDomain open(Configuration configuration, boolean namesItself) throws DatapathException {
        if (!Natives.isAvailable()) {
            throw new DatapathException(Reason.NO_NATIVE_LIBRARY, "shared memory needs the native library", Natives.unavailabilityCause());
        }
        final ShmRoot root = ShmRoot.of(configuration);
        final int lock = root.enter();
        try {
            Reaper.reapOtherNamespaces(root);
            return join(root, namesItself);
        } catch (final ErrnoException e) {
            throw new DatapathException(Reason.DATAPATH_FAILED, e.getMessage()
                + "; see that there is space on the file system of " + root.path(), e);
        } finally {
            Posix.close(lock);
        }
    }

    private static ShmDomain join(ShmRoot root, boolean namesItself) throws ErrnoException {
        final NameDirectory names = NameDirectory.open(root);
        new Reaper(root, names).reapAll();
        final long id = new SecureRandom().nextLong();
        final String directory = root.processDirectory(id);
        int lock = -1;
        int socket = -1;
        ShmProcess self = null;
        boolean joined = false;
        try {
            ErrnoException.check(Posix.mkdir(directory, 0700), directory);
            lock = ErrnoException.check(Posix.lockFile(directory + "/lock"), directory);
            socket = ErrnoException.check(Posix.unixDatagramSocket(null), directory);
            self = ShmProcess.create(id, directory);
            names.join(directory);
            joined = true;
            return new ShmDomain(root, self, lock, socket, names, namesItself);
        } finally {
            if (!joined) {
                if (self != null) {
                    self.unmap();
                }
                names.unmap();
                closeIfOpen(socket);
                Reaper.removeProcess(directory);
                closeIfOpen(lock);
            }
        }
    }

    private static void closeIfOpen(int fd) {
        if (fd >= 0) {
            Posix.close(fd);
        }
    }

    /**
     * Opens a VI.
     *
     * @param ringBytes capacity of each of its receive rings, one per sending process: a power of two, 256 KiB to 64 MiB
     */
    public ShmVirtualInterface openVi(int ringBytes) throws DatapathException {
        if (!RingDescriptor.isCapacity(ringBytes)) {
            throw new IllegalArgumentException("ring bytes " + ringBytes + " is not a power of two in " + RingDescriptor.MIN_CAPACITY
                + ".." + RingDescriptor.MAX_CAPACITY);
        }
        synchronized (vis) {
            checkOpen();
            final int number = freeNumber();
            try {
                return openVi(number, ringBytes);
            } catch (final ErrnoException e) {
                restingNumbers.add(number);
                throw new DatapathException(Reason.DATAPATH_FAILED, e.getMessage() + "; free space there", e);
            }
        }
    }

    private ShmVirtualInterface openVi(int number, int ringBytes) throws ErrnoException {
        final long header = self.header(number, true);
        final int generation = generations[number] == Integer.MAX_VALUE ? 1 : generations[number] + 1;
        generations[number] = generation;
        final RxRings rings = new RxRings(senders, self.viDirectory(number, generation), ringBytes, header);
        final ShmVirtualInterface vi = new ShmVirtualInterface(this, peers, number, generation, header, rings);
        vis.set(number, vi);
        Memory.putInt(header + ViHeader.RING_BYTES_OFFSET, ringBytes);
        Memory.putInt(header + ViHeader.RECEIVE_LIMIT_OFFSET, Integer.MAX_VALUE);
        Memory.putLong(header + ViHeader.ARMED_OFFSET, 0);
        Memory.putIntVolatile(header + ViHeader.GENERATION_OFFSET, generation);
        return vi;
    }

    private int freeNumber() throws DatapathException {
        if (nextNumber < ControlDescriptor.MAX_VIS && restingNumbers.size() <= NUMBERS_AT_REST) {
            return nextNumber++;
        }
        final Integer number = restingNumbers.poll();
        if (number == null) {
            throw new DatapathException(Reason.DATAPATH_FAILED, "this process has " + ControlDescriptor.MAX_VIS
                + " endpoints in shared memory already; close some");
        }
        return number;
    }

    void close(ShmVirtualInterface vi) {
        synchronized (vis) {
            if (vi.isClosed()) {
                return;
            }
            for (final String name : vi.names()) {
                names.withdraw(name, vi.entry());
            }
            vi.names().clear();
            vi.closeRings();
            vis.set(vi.number(), null);
            restingNumbers.add(vi.number());
        }
        peers.disconnect(vi.entry());
    }

    /**
     * Gives a VI a name, beside those that it has. Other VIs may have the same: then it is {@link #SHARED}.
     *
     * @throws DatapathException when the file system refuses it
     */
    public void publish(ShmVirtualInterface vi, String name) throws DatapathException {
        NameDirectory.checkName(name);
        synchronized (vis) {
            if (vi.isClosed()) {
                throw new IllegalStateException("the VI is closed");
            }
            if (!namesItself) {
                return;
            }
            try {
                names.publish(name, vi.entry());
                vi.names().add(name);
            } catch (final ErrnoException e) {
                throw new DatapathException(Reason.DATAPATH_FAILED, e.getMessage() + "; free space there", e);
            }
        }
    }

    /** Takes a name from a VI; nothing happens when it does not have it. */
    public void withdraw(ShmVirtualInterface vi, String name) {
        synchronized (vis) {
            if (vi.names().remove(name)) {
                names.withdraw(name, vi.entry());
            }
        }
    }

    /**
     * Finds the one VI that owns a name and makes the ring to it at the first time; it may do system calls. To be cached together with the
     * {@link #version} read before it, and asked again when that changes and every second in any case: a process that was killed
     * changes no version until somebody finds it dead.
     *
     * @return a peer handle for {@code txClaim}, or {@link #ABSENT}, {@link #SHARED} or {@link #UNREACHABLE}
     */
    public int lookup(String name) {
        checkOpen();
        NameEntry owner = null;
        try {
            for (final NameEntry entry : names.entries(name)) {
                if (isLive(entry)) {
                    if (owner != null) {
                        return SHARED;
                    }
                    owner = entry;
                }
            }
        } catch (final ErrnoException e) {
            return UNREACHABLE;
        }
        return owner == null ? ABSENT : peerOf(owner);
    }

    /**
     * Finds all VIs that own a name, and makes the rings to them at the first time; otherwise as {@link #lookup}.
     *
     * @return peer handles, of which there may be none, or null: an owner cannot be reached
     */
    public int[] lookupAll(String name) {
        checkOpen();
        try {
            final List<NameEntry> entries = names.entries(name);
            final int[] found = new int[entries.size()];
            int count = 0;
            for (final NameEntry entry : entries) {
                final int peer = isLive(entry) ? peerOf(entry) : ABSENT;
                if (peer == UNREACHABLE) {
                    return null;
                }
                if (peer != ABSENT) {
                    found[count++] = peer;
                }
            }
            return Arrays.copyOf(found, count);
        } catch (final ErrnoException e) {
            return null;
        }
    }

    /** The ring to a VI, or {@link #ABSENT} when it closed meanwhile, or {@link #UNREACHABLE}. */
    private int peerOf(NameEntry owner) {
        try {
            return peers.connect(owner);
        } catch (final ErrnoException e) {
            return e.errno() == Errno.ENOENT ? ABSENT : UNREACHABLE;
        }
    }

    /** Whether a VI of a live process has this name, one or several; no ring is made. It does system calls, as {@link #lookup}. */
    public boolean isPublished(String name) {
        checkOpen();
        try {
            for (final NameEntry entry : names.entries(name)) {
                if (isLive(entry)) {
                    return true;
                }
            }
            return false;
        } catch (final ErrnoException e) {
            // A process cannot be asked: it may be alive.
            return true;
        }
    }

    /** A number that all processes have in common which share this memory, and that others hardly have. */
    public int tag() {
        return root.path().hashCode() * 0x9E3779B1;
    }

    private boolean isLive(NameEntry entry) throws ErrnoException {
        return (entry.process() == self.id() || ShmProcess.isAlive(root.processDirectory(entry.process()))) && peers.isOpen(entry);
    }

    /** The stripe of version words that a name belongs to, 0 to 255: one for all names that are the same before their last dot. */
    public int stripe(String name) {
        return NameDirectory.stripe(name);
    }

    /** Changes whenever a name of the stripe gets or loses an owner; a load. */
    public long version(int stripe) {
        checkOpen();
        return names.version(stripe);
    }

    /** Has all who cache an answer on a name of its stripe ask again. @return the version that they will see, or a later one */
    public long touch(String name) {
        checkOpen();
        names.changed(name);
        return names.version(stripe(name));
    }

    /** The memory that claims for a peer lie in, while something is claimed; null when the peer is gone. */
    public MemoryRegion txRegion(int peer) {
        final TxRing ring = peers.get(peer);
        return ring == null ? null : ring.region();
    }

    /** Opens a waiter: one descriptor and one socket file. */
    public ShmWaiter openWaiter() throws DatapathException {
        synchronized (waiterNumbers) {
            final int number = waiterNumbers.nextClearBit(0);
            if (number >= ControlDescriptor.MAX_WAITERS) {
                throw new DatapathException(Reason.DATAPATH_FAILED, "this process has " + number + " waiters in shared memory already");
            }
            final String path = self.waiterPath(number);
            final int fd = Posix.unixDatagramSocket(path);
            if (fd < 0) {
                throw new DatapathException(Reason.DATAPATH_FAILED, path + ": " + Errno.text(fd)
                    + "; see the limit of open files (ulimit -n), and that the path is below 108 characters");
            }
            waiterNumbers.set(number);
            final ShmWaiter waiter = new ShmWaiter(this, number, fd);
            waiters.set(number, waiter);
            return waiter;
        }
    }

    void close(ShmWaiter waiter) {
        synchronized (waiterNumbers) {
            if (waiters.compareAndSet(waiter.number(), waiter, null)) {
                waiter.closeSocket();
                waiterNumbers.clear(waiter.number());
            }
        }
    }

    /**
     * Takes every mark off the ready board and hands out the VIs: armed ones to which something was sent since the last time. Returns at
     * once when another thread is collecting; that one hands out all, so it must tell the others what is theirs.
     *
     * @return VIs handed out
     */
    public int collectReady(ReadySink sink) {
        checkOpen();
        if (!self.board().any() || !collecting.compareAndSet(false, true)) {
            return 0;
        }
        try {
            return collector.collect(sink);
        } finally {
            collecting.set(false);
        }
    }

    boolean isAnyReady() {
        return self.board().any() || collecting.get();
    }

    /** One collector at a time, so that handing out VIs allocates nothing. */
    private final class Collector implements IntConsumer {
        private ReadySink sink;
        private int count;

        int collect(ReadySink to) {
            sink = to;
            count = 0;
            try {
                self.board().collect(this);
            } finally {
                sink = null;
            }
            return count;
        }

        @Override
        public void accept(int number) {
            final ShmVirtualInterface vi = vis.get(number);
            if (vi != null) {
                count++;
                sink.ready(vi);
            }
        }
    }

    /**
     * Once a second at most: finds dead processes, closes rings to them, has the VIs let go of rings from them, and removes what they
     * left. To be called by any thread, often; it does system calls when the second is over.
     */
    public void tick(long nowNanos) {
        if (ticking.compareAndSet(false, true)) {
            try {
                if (!ticked || nowNanos - lastTick >= TICK_NANOS) {
                    ticked = true;
                    lastTick = nowNanos;
                    sweep();
                }
            } finally {
                ticking.set(false);
            }
        }
    }

    private void sweep() {
        synchronized (vis) {
            if (closed) {
                return;
            }
            senders.sweep();
            boolean spoilt = self.repair();
            for (int i = 0; i < nextNumber; i++) {
                final ShmVirtualInterface vi = vis.get(i);
                if (vi != null) {
                    spoilt |= vi.repair();
                    if (vi.rings().needsRefresh()) {
                        vi.rings().touch();
                    }
                }
            }
            spoilt |= names.repair();
            if (spoilt) {
                names.changedAltogether();
            }
            peers.sweep();
            reaper.reap();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the domain is closed");
        }
    }

    /** Rings through which this process sends. */
    public int peerCount() {
        return peers.size();
    }

    ShmProcess self() {
        return self;
    }

    int signalSocket() {
        return signalSocket;
    }

    /**
     * Closes all VIs and waiters and removes every file of this process. Nobody may be inside a VI or call this domain meanwhile.
     * Idempotent.
     */
    @Override
    public void close() {
        synchronized (vis) {
            if (closed) {
                return;
            }
            for (int i = 0; i < nextNumber; i++) {
                final ShmVirtualInterface vi = vis.get(i);
                if (vi != null) {
                    vi.close();
                }
            }
            closed = true;
            for (int i = 0; i < waiters.length(); i++) {
                final ShmWaiter waiter = waiters.get(i);
                if (waiter != null) {
                    waiter.close();
                }
            }
            peers.close();
            leave();
        }
    }

    /**
     * Takes this process's names and files away but unmaps nothing, for the exit of a JVM whose other threads may be inside. Senders of
     * other processes go by the kernel from now on.
     */
    public void abandon() {
        synchronized (vis) {
            if (closed) {
                return;
            }
            for (int i = 0; i < nextNumber; i++) {
                final ShmVirtualInterface vi = vis.get(i);
                if (vi != null) {
                    vi.names().forEach(name -> names.withdraw(name, vi.entry()));
                    vi.names().clear();
                }
            }
            removeFiles();
        }
    }

    private void leave() {
        removeFiles();
        names.processesChanged();
        Posix.close(signalSocket);
        Posix.close(lockFd);
        self.unmap();
        names.unmap();
    }

    /** This process's, and the directory of all when it is the last. */
    private void removeFiles() {
        Reaper.removeProcess(self.directory());
        final int lock = root.lock();
        if (lock >= 0) {
            root.removeIfUnused();
            Posix.close(lock);
        }
    }
}
