package io.accel.tools.top;

/**
 * One virtual interface of one process.
 *
 * @param state {@code open}, {@code closed}, {@code failed}, or the reason why it is not used
 */
record InterfaceRow(long pid, String name, String datapath, String state, Flow flow) {
}
