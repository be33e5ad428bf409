package io.accel.udp.stack;

import io.accel.core.counters.StateFile;
import io.accel.core.natives.Errno;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Tells the stack's state to those outside, once a second, or as much less often as keeps it below a fiftieth of a CPU when there are
 * thousands of sockets. The watcher's thread.
 */
final class StatePublisher {
    private static final Logger LOGGER = System.getLogger("io.accel");
    private static final int COST_SHARE = 50;

    private final StateFile file;
    private final StateDocument document;
    private long notBefore;
    private boolean complained;

    StatePublisher(StateFile file, StateDocument document) {
        this.file = file;
        this.document = document;
        this.notBefore = System.nanoTime();
    }

    void tick(UdpStack stack) {
        final long start = System.nanoTime();
        if (start - notBefore < 0) {
            return;
        }
        final int error = file.replace(document.write(stack, System.currentTimeMillis()));
        if (error != 0 && !complained) {
            complained = true;
            LOGGER.log(Level.WARNING, "the state of this process cannot be told to stackdump: {0}: {1}", file.path(), Errno.text(error));
        }
        final long end = System.nanoTime();
        notBefore = end + COST_SHARE * (end - start) - 1_000_000;
    }
}
