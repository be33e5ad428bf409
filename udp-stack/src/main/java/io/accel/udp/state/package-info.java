/** What is told of sockets, inside the process and outside of it: plain values, and the words for them. */
package io.accel.udp.state;
