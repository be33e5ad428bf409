/**
 * A ring in a mapped file through which a process shows its packets to a tool: the process makes and fills it, the tool reads it. Neither
 * believes what the other may have written.
 */
package io.accel.core.capture;
