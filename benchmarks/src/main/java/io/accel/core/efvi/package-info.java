/** Benchmarks of the ef_vi glue, in its package since it shows nobody else its VI over a NIC that is none. */
package io.accel.core.efvi;
