package io.accel.udp.ethernet;

import io.accel.core.DropCause;
import io.accel.core.capture.CaptureRecord;
import io.accel.core.capture.CaptureRing;
import io.accel.core.capture.CaptureWriter;
import io.accel.core.vi.ViCapabilities;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.ScopedPort;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.tap.FrameTap;
import io.accel.udp.tap.TapPoint;
import io.accel.udp.tap.Verdict;
import io.accel.udp.wire.Udp6Frame;
import io.accel.udp.wire.UdpFrame;

/** Shows an interface's frames to a capture. Any thread: each of its receive sides, and its send side, has a {@link TapPoint}. */
final class EthernetTap {
    private final String name;
    private final String description;
    private final int ifIndex;
    private final Demux demux;

    EthernetTap(String name, int ifIndex, ViCapabilities vi, Demux demux) {
        this.name = name;
        this.description = vi.datapath() + ", " + vi.mode();
        this.ifIndex = ifIndex;
        this.demux = demux;
    }

    /** For one of its sides. */
    TapPoint point() {
        return new TapPoint(tap -> tap.ethernet(name, description));
    }

    /** @param verdict tells also whether the frame's headers are good, so that it has a channel */
    void received(CaptureWriter into, long frame, int length, int verdict, long stamp) {
        final int captured = into.snap(length);
        final long position = into.claim(captured);
        if (position != CaptureRing.NONE) {
            final UdpEndpoint channel = hasChannel(verdict) ? channelOf(frame, length) : null;
            if (channel == null) {
                CaptureRecord.channel(into.record(position), 0, 0, 0);
            } else {
                channel.nameIn(into.record(position));
            }
            into.publish(position, captured, CaptureRecord.INBOUND, verdict, stamp, frame, length);
        }
    }

    /** A frame that is given to the VI next. */
    void sent(FrameTap tap, CaptureWriter into, long frame, int length) {
        if (into.misses()) {
            return;
        }
        final int captured = into.snap(length);
        final long position = into.claim(captured);
        if (position != CaptureRing.NONE) {
            nameSender(into.record(position), frame, length);
            into.publish(position, captured, CaptureRecord.OUTBOUND, Verdict.SENT, tap.now(), frame, length);
        }
    }

    /** As {@link #sent(FrameTap, CaptureWriter, long, int)}; it is one packet. @param frame with its headers, which its first part holds */
    void sent(FrameTap tap, CaptureWriter into, FrameParts frame) {
        if (into.misses()) {
            return;
        }
        final int captured = into.snap(frame.length());
        final long position = into.claim(captured);
        if (position != CaptureRing.NONE) {
            final long record = into.record(position);
            nameSender(record, frame.first(), frame.length());
            frame.copyTo(CaptureRecord.packet(record), captured);
            into.publish(position, captured, CaptureRecord.OUTBOUND, Verdict.SENT, tap.now(), frame.length());
        }
    }

    private static void nameSender(long record, long frame, int length) {
        if (Udp6Frame.isIpv6(frame, length)) {
            CaptureRecord.channel(record, Udp6Frame.sourceHigh(frame), Udp6Frame.sourceLow(frame), Udp6Frame.sourcePort(frame));
        } else {
            CaptureRecord.channel(record, 0, IpAddress.mapped(UdpFrame.source(frame)), UdpFrame.sourcePort(frame));
        }
    }

    private static boolean hasChannel(int verdict) {
        return verdict == Verdict.DELIVERED || verdict == Verdict.of(DropCause.QUEUE_FULL);
    }

    /** Whom it was given to, looked up once more; of a group's members the first. */
    private UdpEndpoint channelOf(long frame, int length) {
        if (Udp6Frame.isIpv6(frame, length)) {
            final long fromHigh = Udp6Frame.sourceHigh(frame);
            return find(Udp6Frame.destinationHigh(frame), Udp6Frame.destinationLow(frame), Udp6Frame.destinationPort(frame), fromHigh,
                Udp6Frame.sourceLow(frame), ScopedPort.of(Udp6Frame.sourcePort(frame), IpAddress.needsScope(fromHigh) ? ifIndex : 0));
        }
        return find(0, IpAddress.mapped(UdpFrame.destination(frame)), UdpFrame.destinationPort(frame), 0,
            IpAddress.mapped(UdpFrame.source(frame)), UdpFrame.sourcePort(frame));
    }

    private UdpEndpoint find(long toHigh, long toLow, int toPort, long fromHigh, long fromLow, long fromScopedPort) {
        if (!IpAddress.isMulticast(toHigh, toLow)) {
            return demux.find(toHigh, toLow, toPort, fromHigh, fromLow, fromScopedPort);
        }
        final UdpEndpoint[] candidates = demux.onPort(toPort);
        for (int i = 0; candidates != null && i < candidates.length; i++) {
            if (candidates[i].acceptsGroup(toHigh, toLow, ifIndex, fromHigh, fromLow, fromScopedPort)) {
                return candidates[i];
            }
        }
        return null;
    }
}
