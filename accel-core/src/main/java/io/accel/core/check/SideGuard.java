package io.accel.core.check;

import java.util.concurrent.atomic.AtomicReference;

/** Watches that one thread at a time is on a side, and in strict use that it is the side's owner. */
final class SideGuard {
    private final String side;
    private final boolean strict;
    private final Violations violations;
    private final AtomicReference<Thread> inside = new AtomicReference<>();
    private volatile Thread owner;
    private volatile boolean closed;

    SideGuard(String side, boolean strict, Violations violations) {
        this.side = side;
        this.strict = strict;
        this.violations = violations;
    }

    void enter(String method) {
        final Thread self = Thread.currentThread();
        if (closed) {
            throw violations.broken("%s on a closed VI", method);
        }
        final Thread other = inside.compareAndExchange(null, self);
        if (other != null) {
            throw violations.broken("each side has one owner thread at a time: %s by '%s' while '%s' is on the %s side", method,
                self.getName(), other.getName(), side);
        }
        final Thread known = owner;
        if (known == null) {
            owner = self;
        } else if (strict && known != self) {
            inside.set(null);
            throw violations.broken("each side has one owner thread at a time: %s by '%s', but the %s side is owned by '%s', which did not "
                + "hand it over", method, self.getName(), side, known.getName());
        }
    }

    void exit() {
        inside.set(null);
    }

    /** The next thread that comes is the owner. */
    void handOver() {
        if (strict && owner != null && owner != Thread.currentThread()) {
            throw violations.broken("only the owner hands the %s side over, not '%s'", side, Thread.currentThread().getName());
        }
        owner = null;
    }

    void close() {
        closed = true;
    }
}
