package io.accel.nio;

import java.nio.channels.SelectionKey;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The selected-key set: open addressing by identity, so that a ready key costs no garbage, where the JDK's HashSet makes an entry
 * each time. Not thread-safe, as the set that it replaces.
 */
final class KeySet extends AbstractSet<SelectionKey> {
    private static final int INITIAL_CAPACITY = 16;

    private SelectionKey[] slots = new SelectionKey[INITIAL_CAPACITY];
    private int size;
    private int changes;

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean contains(Object key) {
        return key instanceof SelectionKey && slots[slotOf((SelectionKey) key)] != null;
    }

    @Override
    public boolean add(SelectionKey key) {
        int slot = slotOf(key);
        if (slots[slot] != null) {
            return false;
        }
        if (size >= slots.length >> 1) {
            grow();
            slot = slotOf(key);
        }
        slots[slot] = key;
        size++;
        changes++;
        return true;
    }

    @Override
    public boolean remove(Object key) {
        if (!(key instanceof SelectionKey)) {
            return false;
        }
        final int slot = slotOf((SelectionKey) key);
        if (slots[slot] == null) {
            return false;
        }
        removeSlot(slot);
        return true;
    }

    @Override
    public void clear() {
        if (size > 0) {
            Arrays.fill(slots, null);
            size = 0;
            changes++;
        }
    }

    @Override
    public Iterator<SelectionKey> iterator() {
        return new Keys();
    }

    private static int hash(SelectionKey key) {
        final int h = System.identityHashCode(key);
        return h ^ h >>> 15;
    }

    /** Where the key is, or where it would go. */
    private int slotOf(SelectionKey key) {
        final SelectionKey[] table = slots;
        final int mask = table.length - 1;
        int slot = hash(key) & mask;
        while (table[slot] != null && table[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        final SelectionKey[] old = slots;
        slots = new SelectionKey[old.length << 1];
        for (final SelectionKey key : old) {
            if (key != null) {
                slots[slotOf(key)] = key;
            }
        }
    }

    /** Knuth 6.4 algorithm R: closes the gap, so that no tombstones gather. */
    private void removeSlot(int at) {
        final int mask = slots.length - 1;
        int gap = at;
        for (int i = gap + 1 & mask; slots[i] != null; i = i + 1 & mask) {
            final int home = hash(slots[i]) & mask;
            if ((i - home & mask) >= (i - gap & mask)) {
                slots[gap] = slots[i];
                gap = i;
            }
        }
        slots[gap] = null;
        size--;
        changes++;
    }

    /**
     * Walks the slots downwards from an empty one: no cluster of keys reaches across the start, so closing a gap moves keys that
     * have been met already, and only those.
     */
    private final class Keys implements Iterator<SelectionKey> {
        private int left = size;
        private int at = emptySlot();
        private SelectionKey current;
        private int expectedChanges = changes;

        @Override
        public boolean hasNext() {
            return left > 0;
        }

        @Override
        public SelectionKey next() {
            checkUnchanged();
            if (left == 0) {
                throw new NoSuchElementException();
            }
            final int mask = slots.length - 1;
            do {
                at = at - 1 & mask;
            } while (slots[at] == null);
            left--;
            current = slots[at];
            return current;
        }

        @Override
        public void remove() {
            if (current == null) {
                throw new IllegalStateException();
            }
            checkUnchanged();
            removeSlot(at);
            expectedChanges = changes;
            current = null;
        }

        private int emptySlot() {
            int slot = 0;
            while (slots[slot] != null) {
                slot++;
            }
            return slot;
        }

        private void checkUnchanged() {
            if (changes != expectedChanges) {
                throw new ConcurrentModificationException();
            }
        }
    }
}
