/** Where packets leave for a capture that a tool asked for, and what it tells of each. */
package io.accel.udp.tap;
