package io.accel.udp.state;

import io.accel.core.Reason;

/**
 * One of the decisions, in their order, that make a path.
 *
 * @param about  what was asked, as {@code route}
 * @param answer in words
 * @param reason why the kernel, where this step says so; null: it does not
 */
public record DryStep(String about, String answer, Reason reason) {
}
