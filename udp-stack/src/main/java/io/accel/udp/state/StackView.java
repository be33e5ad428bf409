package io.accel.udp.state;

import java.util.List;

/** A running stack as those who report see it. Any thread; slow. */
public interface StackView {
    /** The open ones, in the order in which they were bound. */
    List<SocketState> sockets();

    /** Shared memory, where it is used, and the interfaces that are named or offered. */
    List<VirtualInterfaceState> interfaces();

    Totals totals();

    /** The lines of the exit report. */
    List<String> report();
}
