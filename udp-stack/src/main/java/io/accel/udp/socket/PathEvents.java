package io.accel.udp.socket;

import io.accel.core.Reason;
import io.accel.udp.flight.FlightEvents;
import java.net.InetSocketAddress;

/** Tells a flight recording of decisions that differ from those before them. */
final class PathEvents {
    private PathEvents() {
    }

    /** @param before null: there was none, as far as is known */
    static void tell(UdpSocket socket, Decision before, Decision now) {
        final String local = SocketText.address(socket.local());
        final String destination = SocketText.address(new InetSocketAddress(now.destination().inetAddress(), now.port()));
        if (before == null || before.reason() != now.reason() || !via(before).equals(via(now))) {
            FlightEvents.pathChanged(local, destination, before == null ? "none" : via(before), via(now), now.reason());
        }
        if (now.reason() == Reason.NEIGHBOUR_UNRESOLVED || now.reason() == Reason.NEIGHBOUR_REFRESH || now.reason() == Reason.NO_ROUTE) {
            FlightEvents.stalled(local, destination, now.reason());
        }
    }

    private static String via(Decision decision) {
        return decision.via() == null ? "kernel" : decision.via();
    }
}
