/** Counters that other processes of the same user can read while we run, in a mapped file with Agrona's documented layout. */
package io.accel.core.counters;
