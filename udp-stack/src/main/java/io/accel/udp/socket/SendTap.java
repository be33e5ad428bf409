package io.accel.udp.socket;

import io.accel.core.DropCause;
import io.accel.core.Reason;
import io.accel.core.capture.CaptureRecord;
import io.accel.core.capture.CaptureRing;
import io.accel.udp.address.IpAddress;
import io.accel.udp.path.Path;
import io.accel.udp.tap.FrameTap;
import io.accel.udp.tap.Verdict;

/** Shows a socket's messages, and what it hands to the kernel, to a capture. The holder of the write side. */
final class SendTap {
    private SendTap() {
    }

    /** A message that is given to the VI next. @param payload where it lies */
    static void sent(FrameTap tap, UdpSocket socket, Path path, long payload, int length) {
        show(tap, tap.messages(), socket, path, Verdict.SENT, payload, length, length);
    }

    /** A message that the VI refused. */
    static void refused(FrameTap tap, UdpSocket socket, Path path, DropCause cause, int length) {
        show(tap, tap.messages(), socket, path, Verdict.of(cause), 0, 0, length);
    }

    /** A datagram that went through the shadow. */
    static void byKernel(FrameTap tap, UdpSocket socket, Path path, Reason reason, int length) {
        show(tap, tap.kernel(), socket, path, Verdict.byKernel(reason), 0, 0, length);
    }

    private static void show(FrameTap tap, int lane, UdpSocket socket, Path path, int verdict, long payload, int bytes, int length) {
        final int captured = tap.snap(bytes);
        final long record = tap.claim(lane, captured);
        if (record == CaptureRing.NONE) {
            return;
        }
        final IpAddress bound = socket.shadow().bound().address();
        final int port = socket.shadow().port();
        CaptureRecord.channel(record, bound.high(), bound.low(), port);
        final boolean fast = path.isFast() && path.ethernet() == null;
        CaptureRecord.source(record, fast ? path.sourceHigh() : bound.high(), fast ? path.sourceLow() : bound.low(), port);
        CaptureRecord.destination(record, path.destination().high(), path.destination().low(), path.destinationPort());
        tap.publish(record, captured, lane, CaptureRecord.OUTBOUND, verdict, tap.now(), payload, length);
    }
}
