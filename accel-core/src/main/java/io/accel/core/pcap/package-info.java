/** A decorator that writes what a VI sends and receives to a capture file, since captures on its interface cannot see it. */
package io.accel.core.pcap;
