/** How one thread learns which of many sockets have something, on the fast path and in the kernel, and sleeps until one has. */
package io.accel.udp.poll;
