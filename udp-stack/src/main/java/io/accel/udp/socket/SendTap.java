package io.accel.udp.socket;

import io.accel.core.DropCause;
import io.accel.core.Reason;
import io.accel.core.capture.CaptureRecord;
import io.accel.core.capture.CaptureRing;
import io.accel.core.capture.CaptureWriter;
import io.accel.udp.address.IpAddress;
import io.accel.udp.path.Path;
import io.accel.udp.tap.FrameTap;
import io.accel.udp.tap.TapPoint;
import io.accel.udp.tap.Verdict;

/** Shows a socket's messages, and what it hands to the kernel, to a capture. Belongs to the holder of the write side. */
final class SendTap implements AutoCloseable {
    private final UdpSocket socket;
    private final TapPoint messages = new TapPoint(FrameTap::messages);

    SendTap(UdpSocket socket) {
        this.socket = socket;
    }

    /** Asked before a message is shown: counts it where there is no room. Small, to become a part of its callers. */
    boolean misses(FrameTap tap) {
        return messages.of(tap).misses();
    }

    /** A message that is given to the VI next. @param payload where it lies */
    void sent(FrameTap tap, Path path, long payload, int length) {
        show(tap, messages.of(tap), path, Verdict.SENT, payload, length, length);
    }

    /** A message that the VI refused. */
    void refused(FrameTap tap, Path path, DropCause cause, int length) {
        show(tap, messages.of(tap), path, Verdict.of(cause), 0, 0, length);
    }

    /** A datagram that went through the shadow. */
    void byKernel(FrameTap tap, Path path, Reason reason, int length) {
        show(tap, tap.kernel(), path, Verdict.byKernel(reason), 0, 0, length);
    }

    private void show(FrameTap tap, CaptureWriter into, Path path, int verdict, long payload, int bytes, int length) {
        final int captured = into.snap(bytes);
        final long position = into.claim(captured);
        if (position == CaptureRing.NONE) {
            return;
        }
        final long record = into.record(position);
        final IpAddress bound = socket.shadow().bound().address();
        final int port = socket.shadow().port();
        CaptureRecord.channel(record, bound.high(), bound.low(), port);
        final boolean fast = path.isFast() && path.ethernet() == null;
        CaptureRecord.source(record, fast ? path.sourceHigh() : bound.high(), fast ? path.sourceLow() : bound.low(), port);
        CaptureRecord.destination(record, path.destination().high(), path.destination().low(), path.destinationPort());
        into.publish(position, captured, CaptureRecord.OUTBOUND, verdict, tap.now(), payload, length);
    }

    /** The write side has been left for good. */
    @Override
    public void close() {
        messages.close();
    }
}
