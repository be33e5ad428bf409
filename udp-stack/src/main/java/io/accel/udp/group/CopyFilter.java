package io.accel.udp.group;

import io.accel.core.memory.Memory;
import java.util.List;

/**
 * Keeps the kernel's copies of what came by shared memory out of a shadow: a filter on its descriptor that drops tagged copies to the
 * groups for which the socket is known to senders. What has no tag, or the tag of another user's programs, passes.
 */
public final class CopyFilter {
    private CopyFilter() {
    }

    /**
     * Replaces the filter.
     *
     * @param groups IPv4, host order; none: no filter
     * @return 0 or -errno; E2BIG beyond 250 groups
     */
    public static int attach(int fd, int tag, List<Integer> groups) {
        final long memory = Memory.allocateAligned(Math.max(groups.size(), 1) * Integer.BYTES, Integer.BYTES);
        try {
            for (int i = 0; i < groups.size(); i++) {
                Memory.putInt(memory + (long) i * Integer.BYTES, groups.get(i));
            }
            return GroupNatives.dropCopies(fd, tag, memory, groups.size());
        } finally {
            Memory.freeAligned(memory);
        }
    }
}
