package io.accel.udp.socket;

import io.accel.core.Reason;
import io.accel.udp.flight.FlightEvents;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/** Says once per socket and reason that the kernel carries its traffic. */
final class ReasonLog {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private final AtomicLong told = new AtomicLong();

    void tell(UdpSocket socket, Reason reason) {
        final long bit = 1L << reason.ordinal();
        if ((told.get() & bit) == 0 && (told.getAndAccumulate(bit, (a, b) -> a | b) & bit) == 0) {
            LOGGER.log(Level.INFO, "udp {0}{1} uses the kernel: {2}, {3}; {4}", SocketText.address(socket.local()),
                socket.remote() == null ? "" : " -> " + SocketText.address(socket.remote()), reason, reason.text(), reason.remedy());
            if (FlightEvents.on()) {
                FlightEvents.kernelPath(SocketText.address(socket.local()),
                    socket.remote() == null ? null : SocketText.address(socket.remote()), reason);
            }
        }
    }
}
