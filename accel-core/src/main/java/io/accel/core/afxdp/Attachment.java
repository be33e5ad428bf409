package io.accel.core.afxdp;

import io.accel.core.natives.ErrnoException;
import io.accel.core.natives.WakeUp;

import java.util.ArrayList;
import java.util.List;

/** What is held of the kernel for one interface: the buffers, the attached program, a bound socket per receive queue, the wake-up. */
final class Attachment implements AutoCloseable {
    private final InterfaceFacts facts;
    private final List<Xsk> sockets = new ArrayList<>();
    private Umem umem;
    private Steering steering;
    private WakeUp wakeUp;
    private String mode;

    private Attachment(InterfaceFacts facts) {
        this.facts = facts;
    }

    /** Opens all, or nothing. */
    static Attachment open(InterfaceFacts facts, XdpMode mode, int frames, int ringSize) throws SetUpFailure {
        final Attachment attachment = new Attachment(facts);
        try {
            attachment.openAll(mode, frames, ringSize);
            return attachment;
        } catch (final SetUpFailure | RuntimeException e) {
            attachment.close();
            throw e;
        }
    }

    private void openAll(XdpMode wanted, int frames, int ringSize) throws SetUpFailure {
        steering = new Steering();
        steering.attach(facts.index(), wanted);
        umem = new Umem(frames);
        final int queues = Math.min(facts.rxQueues(), Layout.MAX_QUEUES);
        for (int queue = 0; queue < queues; queue++) {
            final Xsk first = queue == 0 ? null : sockets.get(0);
            final Xsk socket = Xsk.open(facts.index(), queue, first, wanted.bindFlags(), umem, ringSize, queue == 0 ? ringSize : 0);
            sockets.add(socket);
            steering.add(socket);
        }
        wakeUp = wakeUp(sockets);
        mode = (AfXdpNative.isZeroCopy(sockets.get(0).fd()) == 1 ? XdpMode.ZERO_COPY : wanted).text();
    }

    /** A socket is readable for as long as its RX ring holds something, so nothing has to be armed. */
    private static WakeUp wakeUp(List<Xsk> sockets) throws SetUpFailure {
        try {
            return new WakeUp(sockets.stream().mapToInt(Xsk::fd).toArray());
        } catch (final ErrnoException e) {
            throw new SetUpFailure(SetUpFailure.Step.WAKE_UP, e.errno());
        }
    }

    InterfaceFacts facts() {
        return facts;
    }

    /** What runs, as reports name it. */
    String mode() {
        return mode;
    }

    Umem umem() {
        return umem;
    }

    Steering steering() {
        return steering;
    }

    List<Xsk> sockets() {
        return sockets;
    }

    WakeUp wakeUp() {
        return wakeUp;
    }

    @Override
    public void close() {
        closeKernelSide();
        if (umem != null) {
            umem.close();
        }
    }

    /** All but the buffers. The program goes first, so that nothing is stolen that nobody would read. */
    void closeKernelSide() {
        if (steering != null) {
            steering.close();
        }
        if (wakeUp != null) {
            wakeUp.close();
        }
        sockets.forEach(Xsk::close);
    }
}
