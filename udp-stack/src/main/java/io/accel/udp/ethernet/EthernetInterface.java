package io.accel.udp.ethernet;

import io.accel.core.Reason;
import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.natives.Errno;
import io.accel.core.vi.Receiver;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.path.Path;
import io.accel.udp.path.SourceVerdicts;
import io.accel.udp.tap.FrameTap;
import io.accel.udp.tap.TapPoint;
import io.accel.udp.wait.ShortLock;
import io.accel.udp.wait.Sleeper;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A VI on an Ethernet interface, shared by all endpoints: whoever receives polls for all, whoever sends takes the send side for one
 * datagram. Both sides are guarded by a flag, never by a lock that queues: a poll that is under way serves the caller too. Of a VI that
 * has several receive sides, as many threads may poll at once.
 */
public final class EthernetInterface implements AutoCloseable {
    /** IEEE 802.3's shortest frame without FCS; not every NIC pads. */
    private static final int MIN_FRAME_BYTES = 60;

    private final String name;
    private final int ifIndex;
    private final int mtu;
    private final VirtualInterface vi;
    private final MemoryRegion region;
    private final Demux demux = new Demux();
    private final FrameReceiver[] receivers;
    private final ShortLock sending = new ShortLock();
    private final PushModerator moderator;
    /** Of what is sent. */
    private final InterfaceCounters counters = new InterfaceCounters();
    private volatile boolean usable = true;
    private volatile Reason failure;
    private volatile Runnable onFailure = () -> { };
    private final EthernetTap shown;
    private final TapPoint shownSent;
    private int nextIpId;
    /** Bytes of the longest claim. */
    private final int contiguous;
    private final FrameParts parts;
    /** For the length of a call: a datagram that lies in one buffer and leaves in several. */
    private final ByteBuffer[] alone = new ByteBuffer[1];

    /**
     * @param vi      belongs to this from now on; its TX frames must lie in its first memory region
     * @param sources says whose IPv4 datagrams may be taken; this interface's alone
     */
    public EthernetInterface(String name, int ifIndex, int mtu, VirtualInterface vi, Flusher flusher, SourceVerdicts sources) {
        this.name = name;
        this.ifIndex = ifIndex;
        this.mtu = mtu;
        this.vi = vi;
        this.region = vi.memory()[0];
        this.moderator = new PushModerator(this, flusher);
        this.contiguous = vi.capabilities().contiguousTxBytes();
        this.parts = new FrameParts(vi, region);
        this.shown = new EthernetTap(name, ifIndex, vi.capabilities(), demux);
        this.shownSent = shown.point();
        final Receiver[] sides = vi.receivers();
        final boolean stamps = vi.capabilities().timestamps();
        this.receivers = new FrameReceiver[sides.length];
        for (int i = 0; i < sides.length; i++) {
            receivers[i] = new FrameReceiver(this, sides[i], i == 0 ? sources : sources.another(), stamps);
        }
    }

    public String name() {
        return name;
    }

    public int ifIndex() {
        return ifIndex;
    }

    /** The device's MTU when this was opened, bytes of IP packet. */
    public int mtu() {
        return mtu;
    }

    public VirtualInterface vi() {
        return vi;
    }

    /** What has been counted up to now. */
    public InterfaceCounters counters() {
        final InterfaceCounters sum = new InterfaceCounters();
        sum.add(counters);
        for (final FrameReceiver each : receivers) {
            sum.add(each.counters());
        }
        return sum;
    }

    /** False once the link, the device or the VI has failed: its datagrams go by the kernel until it is rebuilt. */
    public boolean isUsable() {
        return usable;
    }

    /** Why it is not usable. */
    public Reason failure() {
        final Reason found = failure;
        return found == null ? Reason.INTERFACE_DOWN : found;
    }

    /** Who is told at once, by the thread that finds the failure in the midst of a send or a poll. */
    public void onFailure(Runnable told) {
        onFailure = told;
    }

    void fail(Reason why) {
        failure = why;
        usable = false;
        onFailure.run();
    }

    /**
     * Has a sleeper watch the wake-up descriptor, which it stops to by itself when this closes.
     *
     * @param data as {@link Sleeper#add} takes it
     * @return false: this has failed
     */
    public boolean watch(Sleeper sleeper, long data) throws IOException {
        // It closes with both sides' locks held.
        if (!receivers[0].lock()) {
            return false;
        }
        try {
            sleeper.add(vi.capabilities().wakeFd(), Sleeper.READABLE, data);
            return true;
        } finally {
            receivers[0].unlock();
        }
    }

    // ---- receive

    /** Its receive sides: several where the NIC spreads flows over VIs. Not to be written. */
    public FrameReceiver[] receivers() {
        return receivers;
    }

    /**
     * Delivers a burst of each receive side to whomever it is for.
     *
     * @return events, 0 when idle or when other threads are at it
     */
    public int poll() {
        int events = 0;
        for (final FrameReceiver each : receivers) {
            events += each.poll();
        }
        return events;
    }

    /** Delivers all that has arrived, for one who is about to stop receiving here. Any thread; never while it polls. */
    public void drain() {
        for (final FrameReceiver each : receivers) {
            each.drain();
        }
    }

    /** Arms the wake-up descriptor; true: do not sleep. */
    public boolean prime() {
        if (!usable) {
            return false;
        }
        vi.txFlush();
        boolean there = false;
        for (final FrameReceiver each : receivers) {
            there |= each.prime();
        }
        return there;
    }

    /** Whoever polls is about to look at a VI. */
    void polling() {
        moderator.received();
        vi.txFlush();
    }

    EthernetTap shown() {
        return shown;
    }

    Demux demux() {
        return demux;
    }

    // ---- send

    /**
     * Sends one datagram.
     *
     * @param src  its whole remainder; the position moves when it is sent
     * @param more whether the doorbell may wait until the caller sends without, or calls {@link #flush}, which it does soon
     * @return false: nothing was sent, the ring is full or the link has failed
     */
    public boolean send(Path path, ByteBuffer src, boolean more) {
        final int length = src.remaining();
        final int headers = path.template().bytes();
        sending.lock();
        try {
            if (headers + length > contiguous) {
                return sendAlone(path, src, more);
            }
            final long frame = claim(headers, length);
            if (frame == VirtualInterface.NONE) {
                return false;
            }
            boolean written = false;
            try {
                region.buffer().put(region.offset(frame) + headers, src, src.position(), length);
                written = true;
            } finally {
                if (!written) {
                    vi.txUndo();
                }
            }
            finish(path, frame, length, more);
            src.position(src.limit());
            return true;
        } finally {
            sending.unlock();
        }
    }

    private boolean sendAlone(Path path, ByteBuffer src, boolean more) {
        alone[0] = src;
        try {
            return sendParts(path, alone, 0, 1, src.remaining(), more);
        } finally {
            alone[0] = null;
        }
    }

    /** As {@link #send(Path, ByteBuffer, boolean)} with the datagram in several buffers. */
    public boolean send(Path path, ByteBuffer[] srcs, int from, int count, int length, boolean more) {
        final int headers = path.template().bytes();
        sending.lock();
        try {
            if (headers + length > contiguous) {
                return sendParts(path, srcs, from, count, length, more);
            }
            final long frame = claim(headers, length);
            if (frame == VirtualInterface.NONE) {
                return false;
            }
            boolean written = false;
            try {
                int at = region.offset(frame) + headers;
                for (int i = from; i < from + count; i++) {
                    final int part = srcs[i].remaining();
                    region.buffer().put(at, srcs[i], srcs[i].position(), part);
                    at += part;
                }
                written = true;
            } finally {
                if (!written) {
                    vi.txUndo();
                }
            }
            finish(path, frame, length, more);
            for (int i = from; i < from + count; i++) {
                srcs[i].position(srcs[i].limit());
            }
            return true;
        } finally {
            sending.unlock();
        }
    }

    /** A datagram that no single claim holds. */
    private boolean sendParts(Path path, ByteBuffer[] srcs, int from, int count, int length, boolean more) {
        if (!claimParts(path.template().bytes(), length)) {
            return false;
        }
        boolean written = false;
        try {
            for (int i = from; i < from + count; i++) {
                parts.put(srcs[i]);
            }
            parts.finish(path.template(), nextIpId++, path.dontFragment());
            final FrameTap tap = FrameTap.current();
            if (tap != null) {
                shown.sent(tap, shownSent.of(tap), parts);
            }
            parts.init();
            written = true;
        } finally {
            if (!written) {
                vi.txUndo();
            }
        }
        push(more);
        for (int i = from; i < from + count; i++) {
            srcs[i].position(srcs[i].limit());
        }
        return true;
    }

    private boolean claimParts(int headers, int length) {
        if (!usable || parts.claim(headers, length)) {
            return usable;
        }
        vi.txFlush();
        if (parts.claim(headers, length)) {
            return true;
        }
        counters.ringFull++;
        return false;
    }

    /**
     * Returns when all that was sent before has left: for one who goes on by another way and must not overtake himself. A flush would
     * not do, as it returns at once while another thread's is under way.
     */
    public void settle() {
        sending.lock();
        try {
            if (usable) {
                vi.txPush(false);
            }
        } finally {
            sending.unlock();
        }
    }

    private long claim(int headers, int length) {
        if (!usable) {
            return VirtualInterface.NONE;
        }
        final int bytes = Math.max(headers + length, MIN_FRAME_BYTES);
        final long frame = vi.txClaim(0, bytes);
        if (frame != VirtualInterface.NONE) {
            return frame;
        }
        vi.txFlush();
        final long again = vi.txClaim(0, bytes);
        if (again == VirtualInterface.NONE) {
            counters.ringFull++;
        }
        return again;
    }

    private void finish(Path path, long frame, int length, boolean more) {
        int bytes = path.template().write(frame, length, nextIpId++, path.dontFragment());
        while (bytes < MIN_FRAME_BYTES) {
            Memory.putByte(frame + bytes++, (byte) 0);
        }
        final FrameTap tap = FrameTap.current();
        if (tap != null) {
            shown.sent(tap, shownSent.of(tap), frame, bytes);
        }
        vi.txInit(frame, bytes, TxFlags.NONE);
        push(more);
    }

    private void push(boolean more) {
        final int pending = vi.txPush(more || moderator.mayWait());
        counters.sent++;
        if (pending > 0 && !more && moderator.mustFlush()) {
            vi.txFlush();
        } else if (pending == -Errno.ENETRESET) {
            fail(Reason.VI_FAILED);
        } else if (pending == -Errno.ENETDOWN || pending == -Errno.ENXIO) {
            fail(Reason.INTERFACE_DOWN);
        }
    }

    /** Rings the doorbell for what waits. Any thread. */
    public void flush() {
        if (usable) {
            vi.txFlush();
        }
    }

    /** Once a second. */
    public void tick() {
        moderator.lookForBurstsAnew();
    }

    PushModerator moderator() {
        return moderator;
    }

    // ---- endpoints: any thread

    /** Delivers to this endpoint from now on; the caller installs its filters. Who sleeps for it learns what else can wake him. */
    public void add(UdpEndpoint endpoint) {
        endpoint.attach(this);
        demux.add(endpoint);
        endpoint.signal();
    }

    /** Delivers nothing more to this endpoint once it returns. */
    public void remove(UdpEndpoint endpoint) {
        demux.remove(endpoint);
        for (final FrameReceiver each : receivers) {
            each.await();
        }
        endpoint.detach(this);
    }

    /** Stops both sides, then frees the VI. */
    @Override
    public void close() {
        usable = false;
        for (final FrameReceiver each : receivers) {
            each.close();
        }
        sending.lock();
        shownSent.close();
        vi.close();
        // All flags stay set: nobody enters again.
    }
}
