/** {@code accel tcpdump}: what processes with Accel send, receive and drop past the kernel, as a capture or in lines. */
package io.accel.tools.tcpdump;
