package io.accel.core.shm;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Errno;
import io.accel.core.natives.ErrnoException;
import io.accel.core.natives.Posix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The rings that this process sends through, by peer handle. Making, finding and closing them is serialised; {@link #get} is a load.
 * A handle is an index and a generation, so that one that outlived its ring finds nothing.
 */
final class PeerTable {
    static final int INDEX_BITS = 20;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
    private static final int GENERATION_MASK = (1 << 31 - INDEX_BITS) - 1;
    private static final int FIRST_SIZE = 64;

    private final ShmRoot root;
    private final ShmProcess self;
    private final Map<NameEntry, TxRing> byEntry = new HashMap<>();
    private final Map<Long, ShmProcess> processes = new HashMap<>();
    private volatile TxRing[] rings = new TxRing[FIRST_SIZE];
    private int[] generations = new int[FIRST_SIZE];
    private int searchFrom;

    PeerTable(ShmRoot root, ShmProcess self) {
        this.root = root;
        this.self = self;
    }

    /** The ring of a handle, or null when it is gone. */
    TxRing get(int handle) {
        final TxRing[] table = rings;
        final int index = handle & INDEX_MASK;
        final TxRing ring = index < table.length ? table[index] : null;
        return ring != null && ring.handle() == handle ? ring : null;
    }

    /** Whether the VI of an entry is open; the owner must hold its lock for a true to mean anything. */
    synchronized boolean isOpen(NameEntry entry) throws ErrnoException {
        final long header = process(entry.process()).header(entry.vi(), false);
        return Memory.getIntAcquire(header + ViHeader.GENERATION_OFFSET) == entry.generation();
    }

    private ShmProcess process(long id) throws ErrnoException {
        if (id == self.id()) {
            return self;
        }
        ShmProcess process = processes.get(id);
        if (process == null) {
            process = ShmProcess.open(id, root.processDirectory(id));
            processes.put(id, process);
        }
        return process;
    }

    /** The handle of the ring to a VI, which is made at the first call. */
    synchronized int connect(NameEntry entry) throws ErrnoException {
        final TxRing known = byEntry.get(entry);
        if (known != null && !known.isCorrupt()) {
            return known.handle();
        }
        if (known != null && !close(known)) {
            throw new ErrnoException(Errno.EBUSY, entry.text());
        }
        final ShmProcess process = process(entry.process());
        final long header = process.header(entry.vi(), false);
        final int ringBytes = Memory.getIntAcquire(header + ViHeader.RING_BYTES_OFFSET);
        if (!RingDescriptor.isCapacity(ringBytes)) {
            throw new ErrnoException(Errno.EINVAL, entry.text());
        }
        final int index = freeIndex();
        final int handle = (generations[index] & GENERATION_MASK) << INDEX_BITS | index;
        final TxRing ring = new TxRing(handle, process, entry.vi(), entry.generation(), header,
            makeRing(process, entry, header, ringBytes));
        byEntry.put(entry, ring);
        rings[index] = ring;
        rings = rings;
        return handle;
    }

    private int freeIndex() throws ErrnoException {
        final TxRing[] table = rings;
        for (int i = 0; i < table.length; i++) {
            final int index = (searchFrom + i) % table.length;
            if (table[index] == null) {
                searchFrom = index + 1;
                return index;
            }
        }
        if (table.length > INDEX_MASK) {
            throw new ErrnoException(Errno.ENOSPC, "peers");
        }
        final int first = table.length;
        generations = Arrays.copyOf(generations, first * 2);
        rings = Arrays.copyOf(table, first * 2);
        searchFrom = first + 1;
        return first;
    }

    private Mapping makeRing(ShmProcess process, NameEntry entry, long header, int ringBytes) throws ErrnoException {
        final String directory = process.viDirectory(entry.vi(), entry.generation());
        final String path = directory + "/" + Ids.text(self.id());
        final int made = Posix.mkdir(directory, 0700);
        if (made != -Errno.EEXIST) {
            ErrnoException.check(made, directory);
        }
        // Only a ring of our own that the receiver gave up can be there.
        Posix.unlink(path);
        final Mapping mapping;
        try {
            mapping = Mapping.create(path, RingDescriptor.DATA_OFFSET + (long) ringBytes, TxRing.FIRST_BYTES);
        } catch (final ErrnoException e) {
            Posix.rmdir(directory);
            throw e;
        }
        Memory.putInt(mapping.address() + RingDescriptor.CAPACITY_OFFSET, ringBytes);
        Memory.putLongRelease(mapping.address() + RingDescriptor.MAGIC_OFFSET, RingDescriptor.MAGIC);
        Memory.getAndAddLong(header + ViHeader.RINGS_VERSION_OFFSET, 1);
        Memory.fullFence();
        if (Memory.getIntAcquire(header + ViHeader.GENERATION_OFFSET) != entry.generation()) {
            // It closed meanwhile, perhaps before it could see the ring: then this is ours to remove.
            mapping.unmap();
            Posix.unlink(path);
            Posix.rmdir(directory);
            throw new ErrnoException(Errno.ENOENT, directory);
        }
        return mapping;
    }

    private boolean close(TxRing ring) {
        if (!ring.tryClose()) {
            return false;
        }
        final int index = ring.handle() & INDEX_MASK;
        generations[index]++;
        rings[index] = null;
        byEntry.remove(new NameEntry(ring.process().id(), ring.vi(), ring.generation()));
        return true;
    }

    /** Closes rings whose receiver closed or died, and forgets dead processes. A ring in use at this moment waits for the next time. */
    synchronized void sweep() {
        for (final Iterator<ShmProcess> i = processes.values().iterator(); i.hasNext();) {
            final ShmProcess process = i.next();
            if (!ShmProcess.isAlive(process.directory()) && closeAll(process)) {
                process.unmap();
                i.remove();
            }
        }
        for (final TxRing ring : rings) {
            if (ring != null && !ring.isReceiverOpen()) {
                close(ring);
            }
        }
    }

    /** Closes the ring to a VI, if there is one and no thread is inside. */
    synchronized void disconnect(NameEntry entry) {
        final TxRing ring = byEntry.get(entry);
        if (ring != null) {
            close(ring);
        }
    }

    private boolean closeAll(ShmProcess process) {
        boolean all = true;
        for (final TxRing ring : rings) {
            if (ring != null && ring.process() == process) {
                all &= close(ring);
            }
        }
        return all;
    }

    /** Closes everything; what a thread is inside of right now stays mapped until the JVM ends. */
    synchronized void close() {
        closeAll(self);
        for (final ShmProcess process : processes.values()) {
            if (closeAll(process)) {
                process.unmap();
            }
        }
        processes.clear();
    }

    /** Rings that are open. */
    synchronized int size() {
        return byEntry.size();
    }
}
