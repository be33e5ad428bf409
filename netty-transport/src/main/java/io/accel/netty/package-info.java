/** A transport of Netty 4.2 over the user-space stack: an IoHandler for event loops, and a DatagramChannel. */
package io.accel.netty;
