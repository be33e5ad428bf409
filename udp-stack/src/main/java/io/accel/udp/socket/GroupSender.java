package io.accel.udp.socket;

import io.accel.core.Reason;
import io.accel.core.shm.ShmVirtualInterface;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.endpoint.MessageHeader;
import io.accel.udp.group.FanOut;
import io.accel.udp.group.TaggedCopy;
import io.accel.udp.path.Path;
import io.accel.udp.tap.FrameTap;
import java.nio.ByteBuffer;

/**
 * Sends a datagram to a group: through the interface where it leaves the host, by message to each member of ours here, and as a tagged
 * copy by the kernel where others listen. Whatever may refuse it comes first, so that it goes by this or by the kernel, never by halves.
 * Belongs to the holder of the write side.
 */
final class GroupSender implements AutoCloseable {
    private final UdpSocket socket;
    private TaggedCopy copy;
    private ByteBuffer gathered;

    GroupSender(UdpSocket socket) {
        this.socket = socket;
    }

    /** As {@link UdpSocket#send(Path, ByteBuffer, boolean)}. A member whose ring is full loses it, as one whose socket buffer is. */
    boolean send(Path path, ByteBuffer src) {
        final int position = src.position();
        final int length = src.remaining();
        final FanOut to = path.fanOut();
        if (to.isCopied() && !sendCopy(to, src, position, length)) {
            return false;
        }
        if (path.ethernet() != null && !path.ethernet().send(path, src, false)) {
            return false;
        }
        for (final int peer : to.peers()) {
            sendMessage(peer, path, src, position, length);
        }
        src.position(position + length);
        socket.counters().fastSent++;
        return true;
    }

    /** As {@link #send(Path, ByteBuffer)}, one datagram from several buffers. */
    boolean send(Path path, ByteBuffer[] srcs, int from, int count, int length) {
        if (gathered == null) {
            gathered = ByteBuffer.allocateDirect(UdpSocket.MAX_DATAGRAM);
        }
        int at = 0;
        for (int i = from; i < from + count; i++) {
            gathered.put(at, srcs[i], srcs[i].position(), srcs[i].remaining());
            at += srcs[i].remaining();
        }
        if (!send(path, gathered.limit(length).position(0))) {
            return false;
        }
        for (int i = from; i < from + count; i++) {
            srcs[i].position(srcs[i].limit());
        }
        return true;
    }

    private boolean sendCopy(FanOut to, ByteBuffer src, int position, int length) {
        if (copy == null) {
            copy = new TaggedCopy(socket.shadow().fd(), to.tag());
        }
        copy.payload().put(0, src, position, length);
        if (copy.send(to.group().ipv4(), to.port(), length) != length) {
            return false;
        }
        socket.copiedToKernel(Reason.GROUP_SHARED);
        return true;
    }

    private void sendMessage(int peer, Path path, ByteBuffer src, int position, int length) {
        final ShmVirtualInterface vi = socket.endpoint().messages();
        final long slot = MessageSlot.fill(vi, peer, MessageHeader.GROUP_BYTES, src, position, length);
        final FrameTap tap = FrameTap.current();
        if (slot == VirtualInterface.NONE) {
            if (tap != null && !socket.shown().misses(tap)) {
                socket.shown().refused(tap, path, vi.refusal(), length);
            }
            return;
        }
        if (tap != null && !socket.shown().misses(tap)) {
            socket.shown().sent(tap, path, slot + MessageHeader.GROUP_BYTES, length);
        }
        final FanOut to = path.fanOut();
        MessageHeader.writeGroup(slot, path.sourceHigh(), path.sourceLow(), path.sourceScopedPort(), to.group(), to.ifIndex(),
            to.version());
        vi.txInit(slot, MessageHeader.GROUP_BYTES + length, TxFlags.NONE);
        vi.txPush(false);
    }

    /** The write side has been left for good. */
    @Override
    public void close() {
        if (copy != null) {
            copy.close();
        }
    }
}
