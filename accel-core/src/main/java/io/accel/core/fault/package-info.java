/** A decorator that makes a good link a bad one, the same way for the same seed. */
package io.accel.core.fault;
