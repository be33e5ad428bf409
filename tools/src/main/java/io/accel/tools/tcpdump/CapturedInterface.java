package io.accel.tools.tcpdump;

import io.accel.core.capture.CaptureReader;
import io.accel.tools.state.PlainText;

/** An interface of a process whose packets are captured, and what was counted of it. */
final class CapturedInterface {
    private final long pid;
    private final String name;
    private final String description;
    private final LinkType link;
    /** Its number in the capture file, or -1: not described yet. */
    private int number = -1;
    private long received;
    private long wanted;
    private long missed;

    /** @param lane as the process told it, which may be another user's: its words reach terminals and files as plain text */
    CapturedInterface(long pid, CaptureReader.Lane lane) {
        this.pid = pid;
        this.name = PlainText.of(lane.name());
        this.description = "process " + pid + ": " + PlainText.of(lane.description());
        this.link = LinkType.of(lane.medium());
    }

    long pid() {
        return pid;
    }

    String name() {
        return name;
    }

    String description() {
        return description;
    }

    LinkType link() {
        return link;
    }

    int number() {
        return number;
    }

    void number(int inFile) {
        number = inFile;
    }

    void countReceived() {
        received++;
    }

    void countWanted() {
        wanted++;
    }

    /** @param total since the capture began */
    void missed(long total) {
        missed = total;
    }

    /** Packets that the tool took. */
    long received() {
        return received;
    }

    /** Those of them that matched. */
    long wanted() {
        return wanted;
    }

    /** Packets that found no room. */
    long missed() {
        return missed;
    }
}
