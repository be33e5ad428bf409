package io.accel.udp.path;

/** Decides whether an address may be the source of what has come in. */
public interface SourcePolicy {
    /** Slow; called by whoever receives. Both are IPv4 addresses in host order. */
    boolean admits(int source, int destination);
}
