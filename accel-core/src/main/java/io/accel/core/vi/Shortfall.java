package io.accel.core.vi;

import io.accel.core.Reason;

/**
 * What was asked for of a VI and could not be had, while the rest is there.
 *
 * @param message what it is instead, and what to do
 */
public record Shortfall(Reason reason, String message) {
}
