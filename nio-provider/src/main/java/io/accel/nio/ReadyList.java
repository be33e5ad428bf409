package io.accel.nio;

import java.nio.channels.SelectionKey;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The fast keys that may be ready, level-triggered: a key stays until a look finds nothing and its senders have been asked to tell. The
 * selecting thread's.
 */
final class ReadyList {
    private FastKey[] keys = new FastKey[16];
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    void add(FastKey key) {
        if (!key.isListed()) {
            if (count == keys.length) {
                keys = Arrays.copyOf(keys, count << 1);
            }
            keys[count++] = key;
            key.listed(true);
        }
    }

    void remove(FastKey key) {
        if (key.isListed()) {
            key.listed(false);
            for (int i = 0; i < count; i++) {
                if (keys[i] == key) {
                    removeAt(i);
                    return;
                }
            }
        }
    }

    /** Looks at each key once; those that are not ready leave. @return whether any is */
    boolean refresh() {
        int i = 0;
        while (i < count) {
            final FastKey key = keys[i];
            if (key.look() || key.armAndLook()) {
                i++;
            } else {
                key.listed(false);
                removeAt(i);
            }
        }
        return count > 0;
    }

    /** Reports what the last look found. */
    int process(AccelSelector selector, Consumer<SelectionKey> action) {
        int updated = 0;
        for (int i = 0; i < count; i++) {
            final FastKey key = keys[i];
            final int events = key.takeEvents();
            if (events != 0 && key.key().isValid()) {
                updated += selector.update(events, key.key(), action);
            }
        }
        return updated;
    }

    private void removeAt(int index) {
        keys[index] = keys[--count];
        keys[count] = null;
    }
}
