package io.accel.core.check;

import io.accel.core.vi.EventBatch;
import io.accel.core.vi.ForwardingVirtualInterface;
import io.accel.core.vi.Receiver;
import io.accel.core.vi.VirtualInterface;
import java.util.Arrays;

/**
 * Enforces the rules of {@link VirtualInterface} on both its user and the datapath behind it: an {@link AssertionError} tells the one
 * that was broken. Released frames and fresh claims are filled with 0xDB, so that whoever reads them sees garbage, not luck.
 *
 * <p>Threads: two at once on a side are always found. With {@code strict}, a side also stays with the thread that used it first until
 * that one calls {@link #handOverReceive} or {@link #handOverSend}.
 */
public final class CheckedVirtualInterface extends ForwardingVirtualInterface {
    private final Violations violations = new Violations();
    private final CheckedReceiver[] receivers;
    private final SideGuard sendGuard;
    private final SendRules send;

    public CheckedVirtualInterface(VirtualInterface vi) {
        this(vi, false);
    }

    public CheckedVirtualInterface(VirtualInterface vi, boolean strict) {
        super(vi);
        final int maxRetained = vi.capabilities().maxRetained();
        receivers = Arrays.stream(vi.receivers()).map(each -> new CheckedReceiver(each, maxRetained, strict, violations))
            .toArray(CheckedReceiver[]::new);
        sendGuard = new SideGuard("send", strict, violations);
        send = new SendRules(vi, violations);
    }

    /** The owner gives the receive side to the next thread that uses it. */
    public void handOverReceive() {
        receivers[0].handOver();
    }

    /** The owner gives the send side to the next thread that uses it. */
    public void handOverSend() {
        sendGuard.handOver();
    }

    /** The first error that was thrown, or null: for tests whose threads may swallow one. */
    public AssertionError violation() {
        return violations.first();
    }

    /** Frames that the user holds now: lent, retained or claimed. To be asked when both sides rest. */
    public int held() {
        return Arrays.stream(receivers).mapToInt(CheckedReceiver::held).sum() + send.held();
    }

    @Override
    public Receiver[] receivers() {
        return receivers.clone();
    }

    @Override
    public int poll(EventBatch events, int limit) {
        return receivers[0].poll(events, limit);
    }

    @Override
    public void release(EventBatch events) {
        receivers[0].release(events);
    }

    @Override
    public boolean prime() {
        return receivers[0].prime();
    }

    @Override
    public int txSpace() {
        sendGuard.enter("txSpace");
        try {
            final int space = vi.txSpace();
            if (space < 0) {
                throw violations.broken("txSpace is a number of frames, not %d", space);
            }
            return space;
        } finally {
            sendGuard.exit();
        }
    }

    @Override
    public long txClaim(int peer, int length) {
        sendGuard.enter("txClaim");
        try {
            send.beforeClaim(length);
            final long address = vi.txClaim(peer, length);
            send.afterClaim(address, length);
            return address;
        } finally {
            sendGuard.exit();
        }
    }

    @Override
    public void txInit(long address, int length, int flags) {
        sendGuard.enter("txInit");
        try {
            send.beforeInit(address, length, flags);
            vi.txInit(address, length, flags);
        } finally {
            sendGuard.exit();
        }
    }

    @Override
    public void txUndo() {
        sendGuard.enter("txUndo");
        try {
            send.undo();
            vi.txUndo();
        } finally {
            sendGuard.exit();
        }
    }

    @Override
    public int txPush(boolean more) {
        sendGuard.enter("txPush");
        try {
            send.beforePush();
            return vi.txPush(more);
        } finally {
            sendGuard.exit();
        }
    }

    @Override
    public void releaseRetained(long token) {
        receivers[0].releaseRetained(token);
    }

    /** Frames of batches are invalid after it and may no longer come back; retained ones may. */
    @Override
    public void close() {
        for (final CheckedReceiver each : receivers) {
            each.close();
        }
        sendGuard.close();
        vi.close();
    }
}
