package io.accel.tools.top;

import io.accel.udp.state.SocketState;
import java.util.Comparator;
import java.util.Map;

/**
 * One channel of one process.
 *
 * @param pid    of its process
 * @param socket as it was told last
 * @param before as it was told before; null: it was not open then, or nothing was told before
 * @param flow   between the two
 */
record ChannelRow(long pid, SocketState socket, SocketState before, Flow flow) {
    /**
     * Which way it goes now: by what it did between the two states, and where it did nothing, by what it would do. For instance
     * {@code fast}, {@code kernel: FIREWALL}, {@code 93% fast: NEIGHBOUR_UNRESOLVED}.
     */
    String path() {
        if (!socket.accelerated()) {
            return "kernel: " + socket.reason();
        }
        final long fast = fast(socket) - (before == null ? 0 : fast(before));
        final long kernel = kernel(socket) - (before == null ? 0 : kernel(before));
        if (fast <= 0 && kernel <= 0) {
            return socket.reason() == null ? "fast" : "part fast: " + socket.reason();
        }
        if (kernel <= 0) {
            return "fast";
        }
        final String because = ": " + mostOfTheKernel();
        return fast <= 0 ? "kernel" + because : 100 * fast / (fast + kernel) + "% fast" + because;
    }

    /** The reason that has sent most datagrams through the kernel. */
    private String mostOfTheKernel() {
        final Map<String, Long> earlier = before == null ? Map.of() : before.reasons();
        return socket.reasons().entrySet().stream()
            .max(Comparator.comparingLong(each -> each.getValue() - earlier.getOrDefault(each.getKey(), 0L)))
            .map(Map.Entry::getKey).orElse("UNKNOWN");
    }

    private static long fast(SocketState state) {
        return state.fastReceived() + state.fastSent();
    }

    private static long kernel(SocketState state) {
        return state.kernelReceived() + state.kernelSent();
    }

    /** How full its queue is, in percent; NaN where it has none. */
    double level() {
        return socket.receiveBuffer() == 0 ? Double.NaN : 100.0 * socket.queued() / socket.receiveBuffer();
    }
}
