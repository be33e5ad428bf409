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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.IntArrayList;

/** This process's table of names; the domain's lock guards it. What others may have written into it is never believed, and put right. */
final class NameTable {
    private final String path;
    private final NameSegment heads;
    private final List<NameSegment> segments = new ArrayList<>();
    private final Map<Owned, Integer> entries = new HashMap<>();
    private final IntArrayList free = new IntArrayList();
    private int used;
    private long changes;

    private record Owned(String name, NameEntry owner) {
    }

    private NameTable(String path, NameSegment heads) {
        this.path = path;
        this.heads = heads;
    }

    static NameTable create(String path) throws ErrnoException {
        final NameTable made = new NameTable(path, NameSegment.create(path, NameTableDescriptor.BYTES));
        made.heads.putLong(0, NameTableDescriptor.MAGIC);
        return made;
    }

    /** @return false: it was there already */
    boolean add(String name, NameEntry owner) throws ErrnoException {
        final Owned owned = new Owned(name, owner);
        if (entries.containsKey(owned)) {
            return false;
        }
        final int entry = takeEntry();
        final NameSegment segment = segmentOf(entry);
        final int at = NameTableDescriptor.offset(entry);
        final int head = NameTableDescriptor.headOffset(name);
        beginChange();
        segment.putInt(at + VI_OFFSET, owner.vi());
        segment.putInt(at + GENERATION_OFFSET, owner.generation());
        segment.putInt(at + LENGTH_OFFSET, name.length());
        segment.putLong(at + CHECK_OFFSET,
            NameTableDescriptor.check(NameTableDescriptor.hash(name), owner.process(), owner.vi(), owner.generation()));
        for (int i = 0; i < name.length(); i++) {
            segment.put(at + NAME_OFFSET + i, (byte) name.charAt(i));
        }
        segment.putInt(at + NEXT_OFFSET, heads.getInt(head));
        heads.putInt(head, entry + 1);
        endChange();
        entries.put(owned, entry);
        return true;
    }

    /** @return false: it was not there */
    boolean remove(String name, NameEntry owner) {
        final Integer entry = entries.remove(new Owned(name, owner));
        if (entry == null) {
            return false;
        }
        NameSegment segment = heads;
        int link = NameTableDescriptor.headOffset(name);
        for (int next = segment.getInt(link) - 1; next != entry; next = segment.getInt(link) - 1) {
            segment = segmentOf(next);
            link = NameTableDescriptor.offset(next) + NEXT_OFFSET;
        }
        final NameSegment own = segmentOf(entry);
        final int at = NameTableDescriptor.offset(entry);
        beginChange();
        segment.putInt(link, own.getInt(at + NEXT_OFFSET));
        // A link that somebody else spoilt may still lead here.
        own.putLong(at + CHECK_OFFSET, 0);
        endChange();
        free.pushInt(entry);
        return true;
    }

    /** Stores again what somebody else has overwritten, in names, chains or the header; false: all is as it should be. */
    boolean repair() {
        boolean spoilt = heads.isSpoilt();
        for (final NameSegment segment : segments) {
            spoilt |= segment.isSpoilt();
        }
        if (spoilt) {
            beginChange();
            heads.restore();
            segments.forEach(NameSegment::restore);
            endChange();
        }
        return spoilt;
    }

    private int takeEntry() throws ErrnoException {
        if (!free.isEmpty()) {
            return free.popInt();
        }
        if (used == MAX_ENTRIES) {
            throw new ErrnoException(Errno.ENOSPC, "names");
        }
        final int index = NameTableDescriptor.segment(used);
        if (index == segments.size()) {
            segments.add(NameSegment.create(path + index, NameTableDescriptor.bytesOf(index)));
        }
        return used++;
    }

    private NameSegment segmentOf(int entry) {
        return segments.get(NameTableDescriptor.segment(entry));
    }

    /** Readers that meet an odd number, or another one at the end than at the start, look again. */
    private void beginChange() {
        heads.putLong(CHANGES_OFFSET, ++changes);
        Memory.fullFence();
    }

    private void endChange() {
        heads.putLong(CHANGES_OFFSET, ++changes);
    }

    void unmap() {
        heads.unmap();
        segments.forEach(NameSegment::unmap);
    }
}
