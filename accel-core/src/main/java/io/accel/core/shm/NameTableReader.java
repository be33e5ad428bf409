package io.accel.core.shm;

import static io.accel.core.shm.NameTableDescriptor.CHANGES_OFFSET;
import static io.accel.core.shm.NameTableDescriptor.CHECK_OFFSET;
import static io.accel.core.shm.NameTableDescriptor.GENERATION_OFFSET;
import static io.accel.core.shm.NameTableDescriptor.LENGTH_OFFSET;
import static io.accel.core.shm.NameTableDescriptor.MAX_ENTRIES;
import static io.accel.core.shm.NameTableDescriptor.NAME_OFFSET;
import static io.accel.core.shm.NameTableDescriptor.NEXT_OFFSET;
import static io.accel.core.shm.NameTableDescriptor.VI_OFFSET;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Errno;
import io.accel.core.natives.ErrnoException;
import java.util.List;

/**
 * A process's table of names as others see it; its callers see to it that one thread at a time is inside. The process may be writing, dead
 * or wrong: nothing that is read is believed.
 */
final class NameTableReader {
    private static final int ATTEMPTS = 1000;
    private static final int SPINS = 100;
    /** Entries of a chain that are looked at: more than any sound table has, less than a circle would take. */
    private static final int MAX_CHAIN = 4096;

    private final long process;
    private final String path;
    private final Mapping heads;
    private final Mapping[] segments = new Mapping[NameTableDescriptor.SEGMENTS];

    private NameTableReader(long process, String path, Mapping heads) {
        this.process = process;
        this.path = path;
        this.heads = heads;
    }

    /** Maps a process's table; null when there is none, or none that is finished. */
    static NameTableReader open(long process, String path) throws ErrnoException {
        final Mapping heads = map(path, NameTableDescriptor.BYTES);
        if (heads == null) {
            return null;
        }
        if (Memory.getLongAcquire(heads.address()) != NameTableDescriptor.MAGIC) {
            heads.unmap();
            return null;
        }
        return new NameTableReader(process, path, heads);
    }

    /** @return null: what is there, if anything, is no such file. @throws ErrnoException when that cannot be told */
    private static Mapping map(String path, int bytes) throws ErrnoException {
        final Mapping mapping;
        try {
            mapping = Mapping.open(path);
        } catch (final ErrnoException e) {
            if (e.errno() == Errno.EMFILE || e.errno() == Errno.ENFILE || e.errno() == Errno.ENOMEM) {
                throw e;
            }
            return null;
        }
        if (mapping.length() != bytes) {
            mapping.unmap();
            return null;
        }
        return mapping;
    }

    /** Adds the VIs that own the name. @throws ErrnoException when a part of the table cannot be mapped, so that some may be missing */
    void find(String name, List<NameEntry> into) throws ErrnoException {
        final int before = into.size();
        final long changes = heads.address() + CHANGES_OFFSET;
        for (int i = 0; i < ATTEMPTS; i++) {
            final long version = Memory.getLongAcquire(changes);
            into.subList(before, into.size()).clear();
            search(name, into);
            Memory.fullFence();
            if ((version & 1) == 0 && Memory.getLongAcquire(changes) == version) {
                return;
            }
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        // Its owner died in the middle of a change, or never ends changing: what was found counts, as far as it is alive.
    }

    private void search(String name, List<NameEntry> into) throws ErrnoException {
        final long hash = NameTableDescriptor.hash(name);
        int link = Memory.getIntAcquire(heads.address() + NameTableDescriptor.headOffset(name));
        for (int i = 0; i < MAX_CHAIN && link > 0 && link <= MAX_ENTRIES; i++) {
            final Mapping segment = segment(NameTableDescriptor.segment(link - 1));
            if (segment == null) {
                return;
            }
            final long at = segment.address() + NameTableDescriptor.offset(link - 1);
            final int vi = Memory.getInt(at + VI_OFFSET);
            final int generation = Memory.getInt(at + GENERATION_OFFSET);
            if (Memory.getLong(at + CHECK_OFFSET) == NameTableDescriptor.check(hash, process, vi, generation) && isNamed(at, name)
                && vi >= 0 && vi < ControlDescriptor.MAX_VIS && generation > 0) {
                final NameEntry entry = new NameEntry(process, vi, generation);
                if (!into.contains(entry)) {
                    into.add(entry);
                }
            }
            link = Memory.getIntAcquire(at + NEXT_OFFSET);
        }
    }

    private Mapping segment(int index) throws ErrnoException {
        if (segments[index] == null) {
            segments[index] = map(path + index, NameTableDescriptor.bytesOf(index));
        }
        return segments[index];
    }

    private static boolean isNamed(long at, String name) {
        if (Memory.getInt(at + LENGTH_OFFSET) != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (Memory.getByte(at + NAME_OFFSET + i) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    void unmap() {
        heads.unmap();
        for (final Mapping segment : segments) {
            if (segment != null) {
                segment.unmap();
            }
        }
    }
}
