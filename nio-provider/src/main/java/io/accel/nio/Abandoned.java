package io.accel.nio;

import io.accel.udp.socket.UdpSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.channels.DatagramChannel;

/** What a channel leaves behind that was never closed; freed when nobody can reach the channel any more. Holds no channel of ours. */
final class Abandoned implements Runnable {
    /** One thread for all that this module leaves to the collector. */
    static final Cleaner CLEANER = Cleaner.create();

    private final DatagramChannel shadow;
    private Cleaner.Cleanable cleanable;
    private UdpSocket socket;
    private BlockedReader reader;

    private Abandoned(DatagramChannel shadow) {
        this.shadow = shadow;
    }

    static Abandoned watch(AccelDatagramChannel channel) {
        final Abandoned left = new Abandoned(channel.shadow());
        left.cleanable = CLEANER.register(channel, left);
        return left;
    }

    synchronized void socket(UdpSocket bound) {
        socket = bound;
    }

    synchronized void reader(BlockedReader made) {
        reader = made;
    }

    /** The channel's close: frees all, once. */
    void free() {
        cleanable.clean();
    }

    /** The cleaner's. The shadow goes last: its descriptor is in use until then. */
    @Override
    public synchronized void run() {
        if (reader != null) {
            reader.close();
        }
        if (socket != null) {
            socket.close();
        }
        try {
            shadow.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
