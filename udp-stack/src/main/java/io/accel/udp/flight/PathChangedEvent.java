package io.accel.udp.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

@Name("io.accel.PathChanged")
@Label("Path Changed")
@Category("Accel")
@Description("What a channel sends to a destination goes another way")
final class PathChangedEvent extends Event {
    @Label("Local Address")
    String local;

    @Label("Destination")
    String destination;

    @Label("From")
    String from;

    @Label("To")
    String to;

    @Label("Reason")
    String reason;
}
