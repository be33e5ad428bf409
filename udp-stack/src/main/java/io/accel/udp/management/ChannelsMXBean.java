package io.accel.udp.management;

import java.util.List;
import java.util.Map;

/** The UDP channels of this JVM, as {@code io.accel:type=Channels}. Counts never fall; every look takes them anew. */
public interface ChannelsMXBean {
    /** The open ones, in the order in which they were bound. */
    List<ChannelInfo> getChannels();

    /** How many open ones may send and receive past the kernel. */
    int getAccelerated();

    /** How many open ones the kernel alone serves. */
    int getKernelOnly();

    /** Datagrams of all channels there have been: {@code fastReceived}, {@code fastSent}, {@code kernelReceived}, {@code kernelSent}. */
    Map<String, Long> getDatagrams();

    /** Datagrams of all channels there have been that the kernel carried or refused to send, by reason; without those that have none. */
    Map<String, Long> getReasons();

    /** Datagrams of all channels there have been that they dropped, by cause; causes that have none are not in it. */
    Map<String, Long> getDrops();

    /** The lines of the exit report. */
    List<String> getReport();

    /**
     * In sentences: what of a channel's traffic is fast, what is not, why, and what to do.
     *
     * @param local the channel's address as {@link ChannelInfo#getLocal} has it; those that share it are explained one after the other
     * @throws IllegalArgumentException when no open channel has it
     */
    List<String> explain(String local);
}
