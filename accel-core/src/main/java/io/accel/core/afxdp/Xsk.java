package io.accel.core.afxdp;

import io.accel.core.memory.Memory;

/** An open AF_XDP socket: its {@code struct xsk} in native memory, with the mapped rings. */
final class Xsk implements AutoCloseable {
    private final int queue;
    private long struct;

    private Xsk(int queue, long struct) {
        this.queue = queue;
        this.struct = struct;
    }

    /**
     * Opens and binds.
     *
     * @throws SetUpFailure with the step and the errno
     */
    static Xsk open(int interfaceIndex, int queue, Xsk umemOwner, int bindFlags, Umem umem, int rxSize, int txSize) throws SetUpFailure {
        final long struct = Memory.allocateAligned(Layout.XSK_BYTES, Long.BYTES);
        // A socket that never sends must have a completion ring all the same.
        final int completionSize = Math.max(txSize, 2);
        final int error = AfXdpNative.socketOpen(interfaceIndex, queue, umemOwner == null ? -1 : umemOwner.fd(), bindFlags, umem.address(),
            umem.bytes(), umem.frameBytes(), rxSize, txSize, completionSize, struct);
        if (error != 0) {
            final int step = Memory.getInt(struct + Layout.XSK_STEP);
            Memory.freeAligned(struct);
            throw new SetUpFailure(SetUpFailure.Step.values()[step], -error);
        }
        return new Xsk(queue, struct);
    }

    int fd() {
        return Memory.getInt(struct + Layout.XSK_FD);
    }

    /** Number of the receive queue. */
    int queue() {
        return queue;
    }

    /** Address of the {@code struct xsk}, for the kick. */
    long struct() {
        return struct;
    }

    /** Address of one of the socket's {@code struct ring}. */
    long ring(int offset) {
        return struct + offset;
    }

    @Override
    public void close() {
        if (struct != 0) {
            AfXdpNative.socketClose(struct);
            Memory.freeAligned(struct);
            struct = 0;
        }
    }
}
