package io.accel.netty;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;

/** Netty's leak detector for buffers, which it lets allocators use. */
abstract class LeakDetection extends AbstractByteBufAllocator {
    private LeakDetection() {
    }

    /** A buffer that begins to be used: itself, or a wrapper that is watched, as the detector's level has it. */
    static ByteBuf track(ByteBuf begun) {
        return toLeakAwareBuffer(begun);
    }
}
