package io.accel.udp.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

@Name("io.accel.Stall")
@Label("Stall")
@Category("Accel")
@Description("The fast path waits until the kernel knows a neighbour or a route")
final class StallEvent extends Event {
    @Label("Local Address")
    String local;

    @Label("Destination")
    String destination;

    @Label("Reason")
    String reason;
}
