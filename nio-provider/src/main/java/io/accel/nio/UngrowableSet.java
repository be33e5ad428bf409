package io.accel.nio;

import java.nio.channels.SelectionKey;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;

/** The program's view of the selected keys: it may remove, and adding anything at all is refused, as the inherited {@code add} does. */
final class UngrowableSet extends AbstractSet<SelectionKey> {
    private final KeySet keys;

    UngrowableSet(KeySet keys) {
        this.keys = keys;
    }

    @Override
    public int size() {
        return keys.size();
    }

    @Override
    public boolean contains(Object key) {
        return keys.contains(key);
    }

    @Override
    public boolean remove(Object key) {
        return keys.remove(key);
    }

    @Override
    public void clear() {
        keys.clear();
    }

    @Override
    public Iterator<SelectionKey> iterator() {
        return keys.iterator();
    }

    @Override
    public boolean addAll(Collection<? extends SelectionKey> added) {
        throw new UnsupportedOperationException();
    }
}
