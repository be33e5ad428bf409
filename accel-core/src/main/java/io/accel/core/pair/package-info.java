/** Two linked VIs in memory: the wire of unit tests and of the stack's benchmarks, with everything that a NIC's rings can do. */
package io.accel.core.pair;
