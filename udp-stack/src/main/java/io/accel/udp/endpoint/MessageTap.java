package io.accel.udp.endpoint;

import io.accel.core.capture.CaptureRecord;
import io.accel.core.capture.CaptureRing;
import io.accel.core.capture.CaptureWriter;

/** Shows received messages to a capture. */
final class MessageTap {
    private MessageTap() {
    }

    /** @param frame of another process, which may go on writing: what is shown may not be what was judged */
    static void received(CaptureWriter tap, UdpEndpoint channel, long frame, int length, int verdict, long stamp) {
        final boolean datagram = MessageHeader.isDatagram(frame, length);
        final boolean toGroup = datagram && MessageHeader.isToGroup(frame, length);
        final int header = toGroup ? MessageHeader.GROUP_BYTES : datagram ? MessageHeader.BYTES : 0;
        final int bytes = length - header;
        final int captured = tap.snap(bytes);
        final long position = tap.claim(captured);
        if (position == CaptureRing.NONE) {
            return;
        }
        final long record = tap.record(position);
        channel.nameIn(record);
        if (datagram) {
            CaptureRecord.source(record, MessageHeader.high(frame), MessageHeader.low(frame), MessageHeader.scopedPort(frame));
        } else {
            CaptureRecord.source(record, 0, 0, 0);
        }
        if (toGroup) {
            CaptureRecord.destination(record, MessageHeader.groupHigh(frame), MessageHeader.groupLow(frame), channel.localPort());
        } else {
            channel.destinationIn(record);
        }
        tap.publish(position, captured, CaptureRecord.INBOUND, verdict, stamp, frame + header, bytes);
    }
}
