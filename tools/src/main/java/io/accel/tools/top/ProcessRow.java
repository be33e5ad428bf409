package io.accel.tools.top;

import io.accel.tools.state.ProcessState;
import java.util.List;

/**
 * One process.
 *
 * @param state as it was told last
 * @param flow  of all its channels, closed ones included, and what its interfaces dropped and lost
 */
record ProcessRow(ProcessState state, Flow flow, List<ChannelRow> channels, List<InterfaceRow> interfaces) {
}
