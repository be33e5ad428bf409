package io.accel.udp.state;

import java.util.List;
import java.util.Map;

/**
 * A socket at one moment. Reasons and causes are names, since the state may be of a process with another version.
 *
 * @param local          its address, as {@code 10.0.0.1:9000}
 * @param remote         the connected peer's, or null
 * @param accelerated    false: the kernel alone serves it
 * @param reason         why the kernel receives what could come on the fast path, or serves it alone; null: it does not
 * @param fastReceived   datagrams received through VIs
 * @param fastSent       datagrams sent through VIs
 * @param kernelReceived datagrams received through the shadow
 * @param kernelSent     datagrams sent through the shadow
 * @param reasons        datagrams that went through the kernel, by reason
 * @param drops          datagrams that were dropped, by cause
 * @param arrived        datagrams that VIs delivered to it: received ones, dropped ones, and those that wait
 * @param waiting        datagrams of these that wait
 * @param queued         bytes that interfaces delivered and the program has not read; without what waits in shared memory
 * @param receiveBuffer  bytes of SO_RCVBUF as the kernel counts them; 0 where the kernel alone serves it
 * @param groups         what it has joined on the fast path, as {@code 239.1.2.3%2} with the interface's index
 * @param destinations   where it last sent to, the latest last
 */
public record SocketState(String local, String remote, boolean accelerated, String reason, long fastReceived, long fastSent,
                          long kernelReceived, long kernelSent, Map<String, Long> reasons, Map<String, Long> drops, long arrived,
                          long waiting, long queued, long receiveBuffer, List<String> groups, List<Destination> destinations) {
    /**
     * How datagrams to one address went when that was last asked.
     *
     * @param via    the interface, {@code lo} for messages on this host; null: the kernel
     * @param reason why the kernel, or null
     */
    public record Destination(String to, String via, String reason) {
    }

    /** Local and remote address. */
    public String name() {
        return remote == null ? local : local + " -> " + remote;
    }
}
