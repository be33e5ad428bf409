package io.accel.core;

import static io.accel.core.DropCause.Layer.CHANNEL;
import static io.accel.core.DropCause.Layer.NIC;
import static io.accel.core.DropCause.Layer.STACK;
import static io.accel.core.DropCause.Layer.VI;

/**
 * What became of a datagram that did not arrive: the one list from which reports, tools and documents are made. Each name is stable. What
 * the stack finds wrong with a frame itself is in {@code io.accel.udp.wire.FrameError}.
 */
public enum DropCause {
    QUEUE_FULL(CHANNEL, "the channel's receive queue was full", "read faster, or raise SO_RCVBUF"),
    NOT_FROM_PEER(CHANNEL, "a connected channel takes its peer's datagrams alone", "none: the kernel drops these as well"),
    NOT_MEMBER(CHANNEL, "the channel is not, or no longer, a member of the group, or has blocked the source",
        "none: the kernel drops these as well"),
    MALFORMED(CHANNEL, "a message of another process was no datagram", "find the process that writes it: it is broken or hostile"),
    SPOOFED_SOURCE(CHANNEL, "a message told a source that is no address of this host", "find the process that sends it"),
    UNREAD(CHANNEL, "it waited when the channel was connected, or closed", "none: the kernel drops these as well"),

    RECEIVER_RING_FULL(VI, "senders on this host found no room in the channel's ring", "read faster, or in bursts"),
    PEER_RING_FULL(VI, "the receiver on this host had no room in its ring", "send slower, or have the receiver read faster"),
    PEER_GONE(VI, "the receiver on this host ended while it was sent to", "none: the kernel takes over within a second"),
    SEND_REFUSED(VI, "a message was longer than a ring takes", "send datagrams of 65,507 bytes at most"),
    CORRUPT_RING(VI, "another process wrote into a shared ring what no sender of Accel writes, and the ring was given up",
        "find the process that writes it"),
    RX_DROPPED(VI, "the kernel had no buffer to put a stolen frame into", "poll more often, or raise accel.afxdp.frames"),
    RX_RING_FULL(VI, "the receive ring was full", "poll more often, or raise accel.afxdp.ring"),
    RX_INVALID_DESCRIPTORS(VI, "the kernel refused a buffer that was posted", "report it: this is a defect of Accel"),
    TX_INVALID_DESCRIPTORS(VI, "the kernel refused a frame that was sent", "report it: this is a defect of Accel"),
    TX_DROPPED_BY_DEVICE(VI, "frames that were queued when the link or the device went away", "none"),
    TX_REFUSED(VI, "a frame was longer than the interface sends, or there was no free one", "none: the kernel takes such datagrams"),
    RETAINED_TOKENS_REFUSED(VI, "a frame was given back that was not held", "report it: this is a defect of Accel"),

    RX_BAD_CHECKSUM(NIC, "the NIC found a wrong IP or UDP checksum", "look at the sender and what is between"),
    RX_BAD_INNER_CHECKSUM(NIC, "the NIC found a wrong checksum inside a tunnel", "look at the sender and what is between"),
    RX_MULTICAST_MISMATCH(NIC, "a group's frame that no filter wants", "none"),
    RX_BAD_CRC(NIC, "the frame was damaged on the wire", "look at cables, transceivers and the switch"),
    RX_TRUNCATED(NIC, "the frame did not fit the NIC's buffers", "report it with the frame's length"),
    RX_NO_RIGHTS(NIC, "the NIC may not write to the posted buffer", "report it: this is a defect of Accel"),
    RX_EVENT_ERROR(NIC, "the NIC's event was wrong in itself", "see the driver's log"),
    RX_DISCARDED(NIC, "the NIC discarded the frame for another cause", "see ethtool -S"),
    RX_OUT_OF_BUFFERS_WITHIN_A_FRAME(NIC, "buffers ran out in the middle of a long frame", "raise accel.efvi.frames or accel.efvi.ring"),
    RX_UNREACHABLE(NIC, "the NIC told of a frame that is not to be found", "report it with the NIC's firmware version"),
    RX_NO_DESCRIPTORS(NIC, "no buffer was posted when the frame came", "poll more often, or raise accel.efvi.ring"),
    TX_NO_RIGHTS(NIC, "the NIC may not read the frame that was sent", "report it: this is a defect of Accel"),
    TX_PACER_OVERFLOW(NIC, "the NIC's pacer had no room", "send slower"),
    TX_TOO_BIG(NIC, "the frame is longer than the NIC sends", "see the interface's MTU"),
    TX_BUS_ERROR(NIC, "the NIC could not read the frame from memory", "see the driver's log"),
    TX_LOST_WITH_AN_ERROR(NIC, "frames that were queued behind one that failed, and went with it", "see the causes beside it"),
    SEND_ERROR(NIC, "the hardware did not send a frame", "see the NIC's causes beside it"),
    TX_FIFO_STALLED(NIC, "the NIC's send FIFO stayed full", "send slower; look for pause frames on the link"),

    UNMATCHED(STACK, "no channel takes it: its port was closed a moment ago, or it came before a filter was changed", "none"),
    REFUSED_SOURCE(STACK, "the kernel would refuse this source on this interface", "see rp_filter and the routes"),
    NIC_DISCARD(STACK, "the hardware found the frame bad", "see the NIC's causes beside it"),
    INCOMPLETE_FRAME(STACK, "a part of a long frame is missing", "see the NIC's causes beside it");

    /** Where it is counted: STACK and CHANNEL count what had arrived there, NIC and VI what never did, and what was not sent. */
    public enum Layer {
        NIC, VI, STACK, CHANNEL
    }

    private final Layer layer;
    private final String text;
    private final String remedy;

    DropCause(Layer layer, String text, String remedy) {
        this.layer = layer;
        this.text = text;
        this.remedy = remedy;
    }

    public Layer layer() {
        return layer;
    }

    /** One clause in plain words. */
    public String text() {
        return text;
    }

    /** What a user can do about it. */
    public String remedy() {
        return remedy;
    }
}
