package io.accel.core.shm;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.natives.Errno;
import io.accel.core.natives.ErrnoException;
import io.accel.core.natives.Posix;
import io.accel.core.vi.EventBatch;
import java.io.File;
import java.util.ArrayList;
import java.util.List;

/** The rings that senders made for one VI; its receive owner only, but for what is said to be any thread's. */
final class RxRings {
    private static final RxRing[] NONE = {};
    private static final MemoryRegion[] NO_MEMORY = {};
    /** Senders at once; what is beyond is not looked at until others are gone. */
    private static final int MAX_RINGS = 4096;

    private final SenderTable senders;
    private final String directory;
    /** The largest ring that senders were ever asked to make. */
    private volatile int capacity;
    private final long versionAddress;

    private volatile RxRing[] rings = NONE;
    private volatile MemoryRegion[] memory = NO_MEMORY;
    private volatile int memoryVersion;
    private volatile boolean incomplete;
    private long seenVersion;
    private int cursor;
    private boolean draining;
    private boolean lent;
    private boolean wasIdle;

    private long lost;
    private long corruptRings;

    /** @param header address of the VI's header */
    RxRings(SenderTable senders, String directory, int capacity, long header) {
        this.senders = senders;
        this.directory = directory;
        this.capacity = capacity;
        this.versionAddress = header + ViHeader.RINGS_VERSION_OFFSET;
        this.seenVersion = Memory.getLongAcquire(versionAddress);
    }

    /** Has rings that are made from now on hold as many bytes, as far as rings may; any thread. */
    synchronized void grow(int bytes, long header) {
        final int wanted = RingDescriptor.capacityFor(bytes);
        if (wanted > capacity) {
            capacity = wanted;
            Memory.putIntVolatile(header + ViHeader.RING_BYTES_OFFSET, wanted);
        }
    }

    /** Bytes of a ring. */
    int capacity() {
        return capacity;
    }

    /** Any thread. */
    MemoryRegion[] memory() {
        return memory;
    }

    /** Any thread. */
    int memoryVersion() {
        return memoryVersion;
    }

    /** Messages that senders could not fit in; any thread, up to date after an empty poll. */
    long lost() {
        return lost;
    }

    /** Rings given up for garbage; any thread. */
    long corruptRings() {
        return corruptRings;
    }

    /** Rings mapped; any thread. */
    int count() {
        return rings.length;
    }

    int poll(EventBatch events, int limit) {
        if (Memory.getLongAcquire(versionAddress) != seenVersion && !lent) {
            refresh();
        }
        final RxRing[] all = rings;
        // The first record after an idle time goes alone: looking behind it would wait for a line that its sender owns.
        final int most = wasIdle ? 1 : limit;
        int n = 0;
        if (all.length == 1) {
            n = all[0].poll(events, 0, most);
        } else if (all.length > 1) {
            n = pollAll(all, events, most);
        }
        wasIdle = n == 0;
        events.count(n);
        if (n == 0) {
            idle(all);
        } else {
            lent = true;
        }
        return n;
    }

    /** Starts each time at the ring behind the one that came first last time, so that a flood does not starve the others. */
    private int pollAll(RxRing[] all, EventBatch events, int limit) {
        int at = cursor;
        cursor = at + 1 < all.length ? at + 1 : 0;
        int n = 0;
        for (int i = 0; i < all.length && n < limit; i++) {
            if (at >= all.length) {
                at = 0;
            }
            n = all[at++].poll(events, n, limit);
        }
        return n;
    }

    private void idle(RxRing[] all) {
        for (final RxRing ring : all) {
            // Padding that nobody's record followed yields no event, hence no release.
            ring.release();
            lost += ring.takeDrops();
        }
        if (draining && !lent) {
            refresh();
        }
    }

    void release() {
        lent = false;
        boolean broken = false;
        for (final RxRing ring : rings) {
            ring.release();
            broken |= ring.isCorrupt();
        }
        if (broken) {
            refresh();
        }
    }

    boolean hasPending() {
        for (final RxRing ring : rings) {
            if (ring.hasPending()) {
                return true;
            }
        }
        return Memory.getLongAcquire(versionAddress) != seenVersion;
    }

    /** Maps what is new and lets go of what is done; no frame is lent at this moment. */
    private void refresh() {
        seenVersion = Memory.getLongAcquire(versionAddress);
        incomplete = false;
        draining = false;
        final List<RxRing> now = new ArrayList<>();
        for (final RxRing ring : rings) {
            if (ring.isDone()) {
                retire(ring);
            } else {
                now.add(ring);
                draining |= ring.sender().isDead();
            }
        }
        final String[] files = new File(directory).list();
        if (files != null) {
            for (final String file : files) {
                if (Ids.isId(file, 0, file.length()) && !contains(now, Ids.parse(file, 0))) {
                    open(file, now);
                }
            }
        }
        install(now);
    }

    private static boolean contains(List<RxRing> rings, long sender) {
        for (final RxRing ring : rings) {
            if (ring.sender().id() == sender) {
                return true;
            }
        }
        return false;
    }

    private void open(String file, List<RxRing> now) {
        if (now.size() >= MAX_RINGS) {
            incomplete = true;
            return;
        }
        final String path = directory + "/" + file;
        try {
            final RxRing ring = RxRing.open(senders.get(Ids.parse(file, 0)), path, capacity);
            if (ring != null) {
                now.add(ring);
            }
        } catch (final ErrnoException e) {
            if (e.errno() != Errno.EINVAL) {
                incomplete = true;
            } else if (Posix.ownerAndMode(path) >= 0 && new File(path).length() > 0) {
                corruptRings++;
                Posix.unlink(path);
            }
        }
    }

    private void retire(RxRing ring) {
        lost += ring.takeDrops();
        if (ring.isCorrupt()) {
            corruptRings++;
        }
        ring.close();
    }

    private void install(List<RxRing> now) {
        final RxRing[] next = now.toArray(NONE);
        final MemoryRegion[] regions = new MemoryRegion[next.length];
        for (int i = 0; i < next.length; i++) {
            next[i].index(i);
            regions[i] = next[i].region();
        }
        cursor = 0;
        rings = next;
        memory = regions;
        memoryVersion++;
    }

    /** Makes the next poll look at the directory; any thread. */
    void touch() {
        Memory.getAndAddLong(versionAddress, 1);
    }

    /** Whether a ring could not be mapped or has a dead sender; any thread. */
    boolean needsRefresh() {
        if (incomplete) {
            return true;
        }
        for (final RxRing ring : rings) {
            if (ring.sender().isDead()) {
                return true;
            }
        }
        return false;
    }

    /** Unmaps and removes everything; the header says closed already, so that a sender who comes now removes its own. */
    void close() {
        for (final RxRing ring : rings) {
            lost += ring.takeDrops();
            ring.close();
        }
        install(List.of());
        // A sender may have died after any step.
        final int removed = Posix.rmdir(directory);
        if (removed != 0 && removed != -Errno.ENOENT) {
            Reaper.remove(directory, 1);
        }
    }
}
