package io.accel.udp.management;

import io.accel.udp.state.SocketState;
import java.util.List;
import java.util.Map;

/** A channel at one moment; a composite of these attributes to clients. */
public final class ChannelInfo {
    private final SocketState state;

    ChannelInfo(SocketState state) {
        this.state = state;
    }

    /** Its address, as {@code 10.0.0.1:9000}. */
    public String getLocal() {
        return state.local();
    }

    /** The connected peer's, or null. */
    public String getRemote() {
        return state.remote();
    }

    /** {@code fast}; {@code part}: the kernel receives what could come on the fast path; {@code kernel}: it serves the channel alone. */
    public String getPath() {
        return !state.accelerated() ? "kernel" : state.reason() == null ? "fast" : "part";
    }

    /** Why the path is not fast, or null. */
    public String getReason() {
        return state.reason();
    }

    /** Datagrams received past the kernel. */
    public long getFastReceived() {
        return state.fastReceived();
    }

    /** Datagrams sent past the kernel. */
    public long getFastSent() {
        return state.fastSent();
    }

    /** Datagrams received through the kernel. */
    public long getKernelReceived() {
        return state.kernelReceived();
    }

    /** Datagrams sent through the kernel. */
    public long getKernelSent() {
        return state.kernelSent();
    }

    /** Datagrams that went through the kernel, or that it refused to send, by reason. */
    public Map<String, Long> getReasons() {
        return state.reasons();
    }

    /** Datagrams that were dropped, by cause. */
    public Map<String, Long> getDrops() {
        return state.drops();
    }

    /** Bytes that interfaces delivered and the program has not read; without what waits in shared memory. */
    public long getQueuedBytes() {
        return state.queued();
    }

    /** Bytes of SO_RCVBUF as the kernel counts them; 0 where the kernel alone serves it. */
    public long getReceiveBufferBytes() {
        return state.receiveBuffer();
    }

    /** What it has joined on the fast path, as {@code 239.1.2.3%2} with the interface's index. */
    public List<String> getGroups() {
        return state.groups();
    }
}
