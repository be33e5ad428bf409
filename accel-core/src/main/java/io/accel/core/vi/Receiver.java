package io.accel.core.vi;

import io.accel.core.memory.MemoryRegion;

/**
 * A receive ring and its event queue: a VI's, or another one of its set ({@link VirtualInterface#receivers()}). One owner thread at a time;
 * two of a set are independent, and which of them a frame comes to the NIC chooses, the same for all of a flow.
 */
public interface Receiver {
    /**
     * What events, and of a VI claims too, may address, by {@link MemoryRegion#id()}. It may grow or shrink; it changed when
     * {@link #memoryVersion()} did. The array is the receiver's own and must not be written.
     */
    MemoryRegion[] memory();

    /** Changes whenever {@link #memory()} does; read by the owner after {@link #poll}. */
    int memoryVersion();

    /**
     * Fills the batch, which must be empty or released, with what is there.
     *
     * @param limit events at most, no more than the batch's capacity
     * @return the number of events, 0 when idle
     */
    int poll(EventBatch events, int limit);

    /** Gives back every RX frame of the batch that is not retained, refills the ring, rings the doorbell and empties the batch. */
    void release(EventBatch events);

    /** How many frames of a batch may be retained now: {@link ViCapabilities#maxRetained()} less those that are. */
    int retainable();

    /**
     * Arms the VI's wake-up descriptor, one for all of a set; it stays so while polls find nothing, since whoever is about to sleep looks
     * once more.
     *
     * @return true: something is there already, do not sleep
     */
    boolean prime();

    /** Gives back a retained frame, through a bounded queue which the owner drains. Any thread, also when the VI is closed. */
    void releaseRetained(long token);
}
