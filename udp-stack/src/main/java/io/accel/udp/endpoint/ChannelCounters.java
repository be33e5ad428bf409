package io.accel.udp.endpoint;

import io.accel.core.DropCause;
import io.accel.core.Reason;

/**
 * What one channel did, by path. Receive fields are written by the holder of the read side, send fields by the holder of the write
 * side; readers elsewhere see values that may be a moment old.
 */
public final class ChannelCounters {
    private static final int REASONS = Reason.values().length;

    /** Datagrams received through VIs. */
    public long fastReceived;
    /** Of these, datagrams that the program got in their frames, not as a copy. */
    public long taken;
    /** Datagrams sent through VIs. */
    public long fastSent;
    /** Datagrams that interfaces lent to the reader in place of queueing them. */
    public long lent;
    /** Datagrams that interfaces queued. */
    public long queued;
    /** Datagrams received through the shadow. */
    public long kernelReceived;
    /** Datagrams sent through the shadow. */
    public long kernelSent;
    /** Datagrams that a connected channel did not take since they were not its peer's. */
    public long notFromPeer;
    /** Datagrams for which the receive queue had no room. */
    public long queueFull;
    /** Datagrams to groups that a channel is not, or no longer, a member of, or of sources that it does not want. */
    public long notMember;
    /** Messages that were no datagrams. */
    public long malformed;
    /** Messages whose source is no address of this host, or no port. */
    public long spoofed;
    /** Datagrams that waited when the channel was connected or closed. */
    public long unread;

    private final long[] receiveReasons = new long[REASONS];
    private final long[] sendReasons = new long[REASONS];

    public void kernelReceived(Reason reason) {
        kernelReceived++;
        receiveReasons[reason.ordinal()]++;
    }

    public void kernelSent(Reason reason) {
        kernelSent++;
        sendReasons[reason.ordinal()]++;
    }

    /** A datagram for it was dropped. @param cause one of {@link io.accel.core.DropCause.Layer#CHANNEL} */
    void drop(DropCause cause) {
        switch (cause) {
            case QUEUE_FULL -> queueFull++;
            case NOT_FROM_PEER -> notFromPeer++;
            case NOT_MEMBER -> notMember++;
            case MALFORMED -> malformed++;
            case SPOOFED_SOURCE -> spoofed++;
            case UNREAD -> unread++;
            default -> throw new IllegalArgumentException(cause + " is no channel's");
        }
    }

    /** The kernel was asked to send one for this reason, and answered with an error. */
    public void kernelRefused(Reason reason) {
        sendReasons[reason.ordinal()]++;
    }

    /** Adds what another channel counted. */
    public void add(ChannelCounters other) {
        fastReceived += other.fastReceived;
        taken += other.taken;
        fastSent += other.fastSent;
        kernelReceived += other.kernelReceived;
        kernelSent += other.kernelSent;
        notFromPeer += other.notFromPeer;
        queueFull += other.queueFull;
        notMember += other.notMember;
        malformed += other.malformed;
        spoofed += other.spoofed;
        unread += other.unread;
        lent += other.lent;
        queued += other.queued;
        for (int i = 0; i < REASONS; i++) {
            receiveReasons[i] += other.receiveReasons[i];
            sendReasons[i] += other.sendReasons[i];
        }
    }

    /** How many datagrams took the kernel path for this reason, those included that the kernel refused to send. */
    public long count(Reason reason) {
        return receiveReasons[reason.ordinal()] + sendReasons[reason.ordinal()];
    }
}
