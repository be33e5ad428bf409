package io.accel.core.shm;

import io.accel.core.memory.Memory;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;

/** Numbered messages: a long in front, the rest a pattern that the number and the length determine. */
final class Messages {
    private Messages() {
    }

    /** False when it was refused. */
    static boolean send(ShmVirtualInterface from, int peer, long number, int length) {
        final long at = from.txClaim(peer, length);
        if (at == VirtualInterface.NONE) {
            return false;
        }
        fill(at, number, length);
        from.txInit(at, length, TxFlags.NONE);
        from.txPush(false);
        return true;
    }

    static void fill(long at, long number, int length) {
        if (length >= Long.BYTES) {
            Memory.putLong(at, number);
            Memory.fill(at + Long.BYTES, length - Long.BYTES, pattern(number));
        } else {
            Memory.fill(at, length, pattern(number));
        }
    }

    private static byte pattern(long number) {
        return (byte) (number * 31 + 7);
    }

    /** The number of a message of 8 bytes or more, or -1 when its pattern is broken. */
    static long number(EventBatch events, int i) {
        final long at = events.frame(i);
        final long number = Memory.getLong(at);
        for (int k = Long.BYTES; k < events.length(i); k++) {
            if (Memory.getByte(at + k) != pattern(number)) {
                return -1;
            }
        }
        return events.type(i) == EventType.RX ? number : -1;
    }
}
