package io.accel.udp.poll;

import java.util.Arrays;

/**
 * The sockets that may be ready; those that looks find not to be leave, unless they cannot be heard. Leaving means that every sender's
 * next datagram writes to lines that the poller reads, and costs both a cache miss for each: while there are few, they are looked at for
 * some time before. The poller's thread's.
 */
final class Candidates {
    /** Of the looks in a row that found nothing; a look at one socket costs some 5 ns. */
    private static final int PATIENCE = 2000;
    private static final int FEW = 4;

    private PolledSocket[] sockets = new PolledSocket[16];
    private int count;
    private boolean anyUnheard;

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    PolledSocket get(int index) {
        return sockets[index];
    }

    /** Whether sockets stay because senders cannot tell: a sleep must be short. As of the last {@link #refresh}. */
    boolean isAnyUnheard() {
        return anyUnheard;
    }

    void add(PolledSocket socket) {
        if (socket.listedAt() == PolledSocket.UNLISTED) {
            if (count == sockets.length) {
                sockets = Arrays.copyOf(sockets, count << 1);
            }
            put(socket, count++);
        }
    }

    void remove(PolledSocket socket) {
        final int index = socket.listedAt();
        if (index != PolledSocket.UNLISTED) {
            socket.listedAt(PolledSocket.UNLISTED);
            final PolledSocket last = sockets[--count];
            sockets[count] = null;
            if (index < count) {
                put(last, index);
            }
        }
    }

    /** Looks at each once. @return whether any is ready */
    boolean refresh() {
        return refresh(count <= FEW ? PATIENCE : 0);
    }

    /** Before a sleep: what is not ready leaves, or is unheard. @return whether any is ready */
    boolean settle() {
        return refresh(0);
    }

    private boolean refresh(int patience) {
        boolean any = false;
        boolean silent = false;
        int i = 0;
        while (i < count) {
            final PolledSocket socket = sockets[i];
            if (socket.look()) {
                any = true;
                i++;
            } else if (socket.isExpected(patience)) {
                i++;
            } else if (socket.armAndLook()) {
                any = true;
                i++;
            } else if (socket.isUnheard()) {
                silent = true;
                i++;
            } else {
                remove(socket);
            }
        }
        anyUnheard = silent;
        return any;
    }

    private void put(PolledSocket socket, int index) {
        sockets[index] = socket;
        socket.listedAt(index);
    }
}
