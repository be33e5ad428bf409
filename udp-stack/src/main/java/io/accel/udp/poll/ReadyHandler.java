package io.accel.udp.poll;

/** Takes what a {@link SocketPoller} found. */
@FunctionalInterface
public interface ReadyHandler {
    /** May add and remove sockets of the poller. Must not throw. @param events of epoll(7) */
    void ready(PolledSocket socket, int events);
}
