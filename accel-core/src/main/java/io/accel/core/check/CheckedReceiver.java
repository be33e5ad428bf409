package io.accel.core.check;

import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.Receiver;

/** Enforces the rules of a receive side. */
final class CheckedReceiver implements Receiver {
    private final Receiver receiver;
    private final SideGuard guard;
    private final ReceiveRules rules;

    CheckedReceiver(Receiver receiver, int maxRetained, boolean strict, Violations violations) {
        this.receiver = receiver;
        guard = new SideGuard("receive", strict, violations);
        rules = new ReceiveRules(receiver, maxRetained, violations);
    }

    void handOver() {
        guard.handOver();
    }

    int held() {
        return rules.held();
    }

    /** Nobody comes any more, and of what is out only retained frames come back. */
    void close() {
        guard.close();
        rules.forgetLent();
    }

    @Override
    public MemoryRegion[] memory() {
        return receiver.memory();
    }

    @Override
    public int memoryVersion() {
        return receiver.memoryVersion();
    }

    @Override
    public int poll(EventBatch events, int limit) {
        guard.enter("poll");
        try {
            rules.beforePoll(events, limit);
            final int count = receiver.poll(events, limit);
            rules.afterPoll(events, limit, count);
            return count;
        } finally {
            guard.exit();
        }
    }

    @Override
    public void release(EventBatch events) {
        guard.enter("release");
        try {
            rules.beforeRelease(events);
            receiver.release(events);
            rules.afterRelease(events);
        } finally {
            guard.exit();
        }
    }

    @Override
    public int retainable() {
        return receiver.retainable();
    }

    @Override
    public boolean prime() {
        guard.enter("prime");
        try {
            return receiver.prime();
        } finally {
            guard.exit();
        }
    }

    @Override
    public void releaseRetained(long token) {
        rules.beforeReleaseRetained(token);
        receiver.releaseRetained(token);
    }
}
