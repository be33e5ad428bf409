package io.accel.udp.endpoint;

/** Who wants to know that an endpoint may have something to receive: selectors and blocked readers. */
public interface ReadyListener {
    /** Called by any thread, possibly for nothing, possibly often; must not block. What it throws is logged. */
    void onReady(UdpEndpoint endpoint);
}
