package io.accel.core.pair;

import io.accel.core.vi.ChecksumStatus;
import io.accel.core.vi.Medium;

/**
 * How a {@link Pair} behaves, the same on both sides.
 *
 * @param medium      what a frame is
 * @param mtu         as {@link io.accel.core.vi.ViCapabilities#mtu()}
 * @param frameBytes  bytes of a buffer, a power of two: the longest claim; an MTU beyond it needs several claims
 * @param ring        buffers in each receive ring; what finds it full is dropped and counted
 * @param txFrames    frames that may be claimed and not pushed
 * @param maxRetained frames that may be retained at once
 * @param checksum    what receive events say, one of {@link ChecksumStatus}
 * @param txChecksums whether the pair claims to complete checksums; it sums nothing, so go with VERIFIED
 * @param wakeable    whether there is a wake-up descriptor, which needs the native library
 * @param moderated   whether a push with {@code more} waits for a flush
 */
public record PairOptions(Medium medium, int mtu, int frameBytes, int ring, int txFrames, int maxRetained, byte checksum,
                          boolean txChecksums, boolean wakeable, boolean moderated) {
    /** An Ethernet link with an MTU of 1500. */
    public static final PairOptions ETHERNET =
        new PairOptions(Medium.ETHERNET, 1500, 2048, 1024, 256, 256, ChecksumStatus.UNKNOWN, false, false, false);
    /** Messages of every size that UDP has. */
    public static final PairOptions MESSAGE =
        new PairOptions(Medium.MESSAGE, 65536, 65536, 128, 32, 32, ChecksumStatus.VERIFIED, false, false, false);

    public PairOptions {
        if (Integer.bitCount(frameBytes) != 1 || frameBytes < 64) {
            throw new IllegalArgumentException("frameBytes " + frameBytes + " is not a power of two from 64");
        }
        if (ring < 1 || txFrames < 1 || maxRetained < 0 || (long) frameBytes * (ring + txFrames + maxRetained) > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException("ring " + ring + ", txFrames " + txFrames + ", maxRetained " + maxRetained);
        }
        if (medium == Medium.MESSAGE && mtu > frameBytes) {
            throw new IllegalArgumentException("a message is one frame: mtu " + mtu + " is more than frameBytes " + frameBytes);
        }
    }

    public PairOptions withMtu(int value) {
        return new PairOptions(medium, value, frameBytes, ring, txFrames, maxRetained, checksum, txChecksums, wakeable, moderated);
    }

    public PairOptions withFrameBytes(int value) {
        return new PairOptions(medium, mtu, value, ring, txFrames, maxRetained, checksum, txChecksums, wakeable, moderated);
    }

    public PairOptions withRing(int value) {
        return new PairOptions(medium, mtu, frameBytes, value, txFrames, maxRetained, checksum, txChecksums, wakeable, moderated);
    }

    public PairOptions withTxFrames(int value) {
        return new PairOptions(medium, mtu, frameBytes, ring, value, maxRetained, checksum, txChecksums, wakeable, moderated);
    }

    public PairOptions withMaxRetained(int value) {
        return new PairOptions(medium, mtu, frameBytes, ring, txFrames, value, checksum, txChecksums, wakeable, moderated);
    }

    public PairOptions withChecksums(byte received, boolean completed) {
        return new PairOptions(medium, mtu, frameBytes, ring, txFrames, maxRetained, received, completed, wakeable, moderated);
    }

    public PairOptions withWakeable(boolean value) {
        return new PairOptions(medium, mtu, frameBytes, ring, txFrames, maxRetained, checksum, txChecksums, value, moderated);
    }

    public PairOptions withModerated(boolean value) {
        return new PairOptions(medium, mtu, frameBytes, ring, txFrames, maxRetained, checksum, txChecksums, wakeable, value);
    }
}
