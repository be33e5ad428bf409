package io.accel.core.afxdp;

import io.accel.core.memory.FramePool;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.natives.WakeUp;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterSpec;
import io.accel.core.vi.Medium;
import io.accel.core.vi.ViCapabilities;
import io.accel.core.vi.VirtualInterface;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * All receive queues of an interface as one VI over AF_XDP; sends leave by the first queue. After -ENETDOWN or -ENXIO from
 * {@link #txPush} the frames are still in the ring: they go out with the first push or flush when the link is up again, unless the VI is
 * closed before.
 */
public final class AfXdpInterface implements VirtualInterface {
    /** Bytes that XDP keeps free before a received frame: XDP_PACKET_HEADROOM, linux/bpf.h. */
    private static final int HEADROOM = 256;
    private static final int ETHERNET_HEADER = 14;
    /** Each time that so many frames were received, or sent, the sockets are watched no more until somebody primes (ADR 0019). */
    private static final int FRAMES_PER_UNWATCH = 256;

    private final Attachment attachment;
    private final ReceiveSide receive;
    private final TransmitSide transmit;
    private final Drops drops;
    private final WakeUp wakeUp;
    private final MemoryRegion[] memory;
    private final ViCapabilities capabilities;
    private int receivedSinceUnwatched;
    private int sentSinceUnwatched;
    private volatile boolean closed;

    AfXdpInterface(Attachment attachment, int ringSize) {
        this.attachment = attachment;
        final Umem umem = attachment.umem();
        final int receiveFrames = umem.frames() / 2;
        receive = new ReceiveSide(attachment.sockets(), umem, receiveFrames, ringSize);
        transmit = new TransmitSide(attachment.sockets().get(0), umem, receiveFrames, ringSize);
        drops = new Drops(attachment.sockets(), receive, transmit);
        wakeUp = attachment.wakeUp();
        memory = new MemoryRegion[] {umem.region()};
        final InterfaceFacts facts = attachment.facts();
        capabilities = capabilities(facts, attachment.mode(), receive.maxRetained(), wakeUp.fd());
        steer(facts);
    }

    /** Of a VI on this interface. @param wakeFd -1 where none is open */
    static ViCapabilities capabilities(InterfaceFacts facts, String mode, int maxRetained, int wakeFd) {
        return new ViCapabilities(AfXdpDatapath.NAME, facts.name(), mode, Medium.ETHERNET,
            Math.min(facts.mtu(), FramePool.FRAME_BYTES - ETHERNET_HEADER), FramePool.FRAME_BYTES, false, Set.of(FilterMode.STEAL), false,
            maxRetained, wakeFd);
    }

    private void steer(InterfaceFacts facts) {
        // What is longer than the MTU allows is a train of datagrams that a veth peer has not cut (UDP_SEGMENT): the kernel cuts it.
        attachment.steering().configure(facts.mac(), Math.min(facts.mtu() + ETHERNET_HEADER, FramePool.FRAME_BYTES - HEADROOM));
    }

    @Override
    public ViCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public MemoryRegion[] memory() {
        return memory;
    }

    @Override
    public int memoryVersion() {
        return 0;
    }

    @Override
    public int poll(EventBatch events, int limit) {
        checkOpen();
        final int n = receive.poll(events, limit);
        receivedSinceUnwatched += n;
        if (receivedSinceUnwatched >= FRAMES_PER_UNWATCH) {
            receivedSinceUnwatched = 0;
            wakeUp.unwatch();
        }
        return n;
    }

    @Override
    public void release(EventBatch events) {
        checkOpen();
        receive.release(events);
    }

    @Override
    public int retainable() {
        return receive.retainable();
    }

    @Override
    public boolean prime() {
        checkOpen();
        return wakeUp.arm() || !receive.isEmpty();
    }

    @Override
    public int txSpace() {
        checkOpen();
        return transmit.space();
    }

    @Override
    public long txClaim(int peer, int length) {
        checkOpen();
        return transmit.claim(length);
    }

    @Override
    public void txInit(long address, int length, int flags) {
        transmit.init(address, length);
    }

    @Override
    public void txUndo() {
        checkOpen();
        transmit.undo();
    }

    @Override
    public int txPush(boolean more) {
        checkOpen();
        if (++sentSinceUnwatched >= FRAMES_PER_UNWATCH) {
            sentSinceUnwatched = 0;
            wakeUp.unwatch();
        }
        return transmit.push(more);
    }

    @Override
    public void releaseRetained(long token) {
        receive.releaseRetained(token);
    }

    @Override
    public void txFlush() {
        transmit.flush();
    }

    @Override
    public void wake() {
        wakeUp.signal();
    }

    @Override
    public Filter addFilter(FilterSpec spec, FilterMode mode) throws FilterRefusedException {
        return attachment.steering().install(spec, mode);
    }

    /** Reads the interface's MAC address again, after it has changed; frames to the old one go to the kernel from then on. Any thread. */
    public void refreshHardwareAddress() {
        try {
            final InterfaceFacts now = InterfaceFacts.read(capabilities.name());
            if (now.index() == attachment.facts().index()) {
                steer(now);
            }
        } catch (final SetUpFailure e) {
            // The interface is gone: nothing will be stolen any more, and netlink tells the stack.
            return;
        }
    }

    /** 1 up, 0 down, -1 the interface that was opened is gone. A few system calls; any thread. */
    public int linkState() {
        try {
            final InterfaceFacts now = InterfaceFacts.read(capabilities.name());
            return now.index() != attachment.facts().index() ? -1 : now.up() ? 1 : 0;
        } catch (final SetUpFailure e) {
            return -1;
        }
    }

    /** Datagrams dropped below the stack, and the refusals of this VI, by cause; the last state when closed. Any thread. */
    @Override
    public Map<String, Long> drops() {
        return drops.read();
    }

    /** Serialised with {@link #close}, which unmaps the rings. */
    @Override
    public synchronized Map<String, Long> levels() {
        final Map<String, Long> levels = new LinkedHashMap<>();
        if (!closed) {
            receive.levels(levels);
            transmit.levels(levels);
        }
        return levels;
    }

    /** Native calls on the receive path so far; its owner thread only. */
    public long receiveCalls() {
        return receive.kicks();
    }

    /** Native calls on the send path so far, flushes included; its owner thread only. */
    public long transmitCalls() {
        return transmit.kicks();
    }

    ReceiveSide receiveSide() {
        return receive;
    }

    TransmitSide transmitSide() {
        return transmit;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the VI of " + capabilities.name() + " is closed");
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        drops.close();
        transmit.close();
        attachment.closeKernelSide();
        receive.close(attachment.umem()::close);
    }
}
