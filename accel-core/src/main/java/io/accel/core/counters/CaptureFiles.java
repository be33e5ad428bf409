package io.accel.core.counters;

/**
 * How a tool has a process show its packets: by the lock of its counters file, which nothing else takes, for as long as it wants them. The
 * process then makes the ring. Both files are the process's, so that a tool needs to leave nothing behind, and root's tools none of root's.
 *
 * @param request path of the file to lock, by {@link io.accel.core.natives.Posix#lockFile}
 * @param ring    path of the {@link io.accel.core.capture.CaptureRing}; there from the first capture on
 */
public record CaptureFiles(String request, String ring) {
}
