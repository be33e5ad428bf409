package io.accel.nio;

import java.nio.channels.DatagramChannel;

/**
 * A {@link DatagramChannel} that tells when the NIC received a datagram. Channels that Accel serves are such; the JDK's are not:
 *
 * <pre>{@code
 * final ReceiveTimestamp stamp = new ReceiveTimestamp();
 * channel.receive(buffer);
 * if (channel instanceof TimestampedChannel stamped && stamped.receiveTimestamp(stamp)) {
 *     use(stamp.epochNanos(), stamp.isClockInSync());
 * }
 * }</pre>
 *
 * <p>NICs on the efvi datapath stamp frames, where {@code accel.efvi.timestamps=true} asks for it.
 */
public interface TimestampedChannel {
    /**
     * Tells when the datagram was received that this channel's last {@code receive} or {@code read} returned. For the thread that called
     * it, before its next one; where several threads receive from one channel it may be another's. No garbage.
     *
     * @param into is written
     * @return whether there is a timestamp: not for what came by shared memory, by AF_XDP or through the kernel, where timestamps are off,
     *     and until a second or so after the start, when the NIC's clock is not known yet
     */
    boolean receiveTimestamp(ReceiveTimestamp into);
}
