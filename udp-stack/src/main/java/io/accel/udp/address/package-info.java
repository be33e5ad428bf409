/** IP addresses as the stack carries them: one form for both versions, which costs no objects where datagrams go by. */
package io.accel.udp.address;
