package io.accel.tools.tcpdump;

import io.accel.core.capture.CapturedPacket;
import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;

/** The packet at hand, as captures have it: what came over Ethernet as it was, a message behind the headers that it would have had. */
final class Packet {
    private final MessageHeaders headers = new MessageHeaders();
    private final int snap;
    private LinkType link;
    private MemoryRegion memory;
    private int offset;
    private int captured;
    private int original;

    /** @param snap bytes of each that are kept */
    Packet(int snap) {
        this.snap = snap;
    }

    /** Takes the next; its memory is good until that of {@code from} changes. */
    void set(LinkType type, CapturedPacket from) {
        link = type;
        if (type == LinkType.ETHERNET) {
            memory = from.memory();
            offset = from.memory().offset(from.data());
            captured = from.captured();
            original = from.original();
        } else {
            memory = headers.memory();
            offset = 0;
            final int header = headers.write(from);
            Memory.copy(from.data(), memory.address() + header, from.captured());
            captured = header + from.captured();
            original = header + from.original();
            headers.sum(captured, original);
        }
        captured = Math.min(captured, snap);
    }

    LinkType link() {
        return link;
    }

    /** Where its bytes are, from {@link #offset()}. */
    MemoryRegion memory() {
        return memory;
    }

    int offset() {
        return offset;
    }

    /** Bytes that are there. */
    int captured() {
        return captured;
    }

    /** Bytes of the whole packet. */
    int original() {
        return original;
    }
}
