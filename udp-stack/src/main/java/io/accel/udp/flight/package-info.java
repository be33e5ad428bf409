/**
 * What the stack tells Java Flight Recorder. {@link io.accel.udp.flight.FlightEvents} is all that others see: it names no class of jdk.jfr,
 * which an image may lack.
 */
package io.accel.udp.flight;
