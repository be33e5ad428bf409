package io.accel.nio;

import java.nio.channels.SelectionKey;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The fast keys that may be ready, level-triggered: a key stays until looks find nothing and its senders have been asked to tell, or
 * for as long as they cannot tell. Asking makes the next datagram write to lines that the selector reads, a cache miss each way: while
 * there are few keys, they are looked at for some time before. The selecting thread's.
 */
final class ReadyList {
    /** Of the looks in a row that found nothing; a look at one key costs some 5 ns. */
    private static final int PATIENCE = 2000;
    private static final int FEW = 4;

    private FastKey[] keys = new FastKey[16];
    private int count;
    private boolean anyUnheard;

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether keys stay because senders cannot tell: a sleep must be short. As of the last {@link #refresh}. */
    boolean isAnyUnheard() {
        return anyUnheard;
    }

    void add(FastKey key) {
        if (key.listedAt() == FastKey.UNLISTED) {
            if (count == keys.length) {
                keys = Arrays.copyOf(keys, count << 1);
            }
            put(key, count++);
        }
    }

    void remove(FastKey key) {
        if (key.listedAt() != FastKey.UNLISTED) {
            removeAt(key.listedAt());
        }
    }

    /** Looks at each key once. @return whether any is ready */
    boolean refresh() {
        return refresh(count <= FEW ? PATIENCE : 0);
    }

    /** Before a sleep: a key that is not ready leaves, or is unheard. @return whether any is ready */
    boolean settle() {
        return refresh(0);
    }

    private boolean refresh(int patience) {
        boolean any = false;
        boolean silent = false;
        int i = 0;
        while (i < count) {
            final FastKey key = keys[i];
            if (key.look()) {
                any = true;
                i++;
            } else if (key.isExpected(patience)) {
                i++;
            } else if (key.armAndLook()) {
                any = true;
                i++;
            } else if (key.isUnheard()) {
                silent = true;
                i++;
            } else {
                removeAt(i);
            }
        }
        anyUnheard = silent;
        return any;
    }

    /** Reports what the last look found; as in the JDK, also for a key that an action before it cancelled. */
    int process(AccelSelector selector, Consumer<SelectionKey> action) {
        int updated = 0;
        for (int i = 0; i < count; i++) {
            final FastKey key = keys[i];
            final int events = key.takeEvents();
            if (events != 0) {
                updated += selector.update(events, key.key(), action);
            }
        }
        return updated;
    }

    private void put(FastKey key, int index) {
        keys[index] = key;
        key.listedAt(index);
    }

    private void removeAt(int index) {
        keys[index].listedAt(FastKey.UNLISTED);
        final FastKey last = keys[--count];
        keys[count] = null;
        if (index < count) {
            put(last, index);
        }
    }
}
