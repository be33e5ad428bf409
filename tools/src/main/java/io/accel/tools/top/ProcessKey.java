package io.accel.tools.top;

import io.accel.tools.state.ProcessState;

/**
 * Which process it is, also when its id is used again.
 *
 * @param started milliseconds since the epoch
 */
record ProcessKey(int user, long pid, long started) {
    static ProcessKey of(ProcessState state) {
        return new ProcessKey(state.user(), state.pid(), state.started());
    }
}
