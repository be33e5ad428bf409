package io.accel.core.vi;

import java.util.Map;
import java.util.Optional;

/**
 * One RX ring, one TX ring and one event queue on a NIC or its stand-in: the seam between the stack and every datapath.
 *
 * <p>Modelled on ef_vi for set-up, with <em>borrow and release</em> for buffers, since newer NICs lend RX packets and AF_XDP
 * returns them in any order. One call per burst fills a flat {@link EventBatch}; the stack loops over it without virtual calls.
 *
 * <h2>Rules</h2>
 * <ul>
 * <li>Each side has one owner thread at a time, and the two may be different threads. Two VIs are independent.</li>
 * <li>Between {@link #poll} and {@link #release} the frames in the batch are the caller's; after it they are not. A frame the
 *     caller marked with {@link EventBatch#retain} stays the caller's until {@link #releaseRetained}; such frames are bounded in
 *     number by {@link ViCapabilities#maxRetained()}.</li>
 * <li>A claimed TX frame is the caller's until {@link #txInit}, then the VI's. Completed frames are recycled by the send side
 *     itself, so that sends go on when nobody polls.</li>
 * <li>A frame longer than {@link ViCapabilities#contiguousTxBytes()} is several claims with {@link TxFlags#CONT}, all or none.</li>
 * <li>{@code poll} never blocks. Nothing on the burst path allocates, logs, reads a clock per packet or throws, except on a closed
 *     VI ({@link IllegalStateException}); overflow, reset, link and removal are events.</li>
 * <li>At most one native call per burst and direction.</li>
 * </ul>
 */
public interface VirtualInterface extends Receiver, AutoCloseable {
    /** What {@link #txClaim} answers when no frame is free. */
    long NONE = 0;

    /** Fixed for the life of the VI. */
    ViCapabilities capabilities();

    /**
     * Itself, and the receive sides of the other VIs of its set where it is a set's (RSS). Filters are for all of them, the wake-up
     * descriptor is all of theirs, and they close with it.
     */
    default Receiver[] receivers() {
        return new Receiver[] {this};
    }

    /** What of it was asked for and could not be had. */
    default Optional<Shortfall> shortfall() {
        return Optional.empty();
    }

    // send side, its owner thread only

    /** Frames that may be claimed now; recycles completed ones. */
    int txSpace();

    /**
     * Claims a frame to write.
     *
     * @param peer   where it goes on a {@link Medium#MESSAGE} medium, as its datapath numbers peers; ignored on others
     * @param length bytes
     * @return the address to write at, or {@link #NONE}: nothing free, the datapath has counted a refusal under its cause
     */
    long txClaim(int peer, int length);

    /**
     * Writes the descriptor of a claimed frame.
     *
     * @param length bytes, no more than were claimed
     * @param flags  {@link TxFlags}
     */
    void txInit(long address, int length, int flags);

    /** Forgets what was claimed and inited since the last push. */
    void txUndo();

    /**
     * One doorbell for all that was inited.
     *
     * @param more true: more is coming soon, the doorbell may wait until {@link #txFlush} or a push without {@code more}. Never
     *             true for a lone datagram.
     * @return frames inited for which no doorbell has rung, or -errno: ENETDOWN and ENXIO when the link or the device has gone, ENETRESET
     *         when the VI must be rebuilt
     */
    int txPush(boolean more);

    // any thread

    /** Rings the doorbell for what a moderated push left pending; cheap when nothing is. */
    void txFlush();

    /** Makes the wake-up descriptor readable. */
    void wake();

    /**
     * Steers packets to this VI.
     *
     * @throws FilterRefusedException with the reason, in words that say what to do
     */
    Filter addFilter(FilterSpec spec, FilterMode mode) throws FilterRefusedException;

    /** What was lost here so far, by cause, for reports; zeros may be left out. Slow. */
    default Map<String, Long> drops() {
        return Map.of();
    }

    /**
     * How full the rings and pools are at this moment, in frames, by names that are the datapath's own: {@code rx} waits for a poll,
     * {@code posted} for frames to come, {@code tx} for the device, {@code retained} is held by channels, {@code spare} by nobody. Read
     * beside both sides, so that the numbers are of slightly different moments; empty once closed. Any thread; slow.
     */
    default Map<String, Long> levels() {
        return Map.of();
    }

    /** The events of {@link #nic}, without the question to the NIC that the rest of it takes. Any thread. */
    default Map<NicEvent, Long> events() {
        return Map.of();
    }

    /** What the NIC tells of itself, where a NIC is behind this that tells; the last state once closed. Slow. */
    default Optional<NicDescription> nic() {
        return Optional.empty();
    }

    /**
     * Frees all but retained frames, which stay the caller's: their memory goes with the last one that is given back. Frames of a batch
     * that has not been released, and claims, are invalid after it. Idempotent.
     */
    @Override
    void close();
}
