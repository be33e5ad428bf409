package io.accel.core.vi;

/** What a NIC's events tell that is neither a received frame nor a drop: the one list from which reports, tools and documents are made. */
public enum NicEvent {
    TX_WITH_TIMESTAMP("sent frames of which the NIC told when they left"),
    TX_BY_CTPIO("sent frames that left by CTPIO, in place of DMA"),
    TX_WAITS_FOR_THE_FIFO("sends that had to wait for room in the NIC's FIFO"),
    SOFTWARE("events that software wrote into the queue, not the NIC"),
    UNKNOWN("events of types that are not used here");

    private final String text;

    NicEvent(String text) {
        this.text = text;
    }

    /** What is counted, in plain words. */
    public String text() {
        return text;
    }
}
