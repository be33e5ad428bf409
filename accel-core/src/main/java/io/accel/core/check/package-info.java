/** A decorator that enforces the ownership rules of a VI, for tests of datapaths and of what uses them. */
package io.accel.core.check;
