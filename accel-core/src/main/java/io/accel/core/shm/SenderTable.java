package io.accel.core.shm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The processes that have rings to VIs of ours, and whether they live. Any thread. */
final class SenderTable {
    private final ShmRoot root;
    private final long self;
    private final Map<Long, Sender> senders = new ConcurrentHashMap<>();

    SenderTable(ShmRoot root, long self) {
        this.root = root;
        this.self = self;
    }

    Sender get(long id) {
        return senders.computeIfAbsent(id, Sender::new);
    }

    /** Looks at every sender's lock; true when one died since. The dead are forgotten here, their rings remember them. */
    boolean sweep() {
        boolean died = false;
        for (final Sender sender : senders.values()) {
            if (sender.id() != self && !ShmProcess.isAlive(root.processDirectory(sender.id()))) {
                sender.died();
                senders.remove(sender.id());
                died = true;
            }
        }
        return died;
    }
}
