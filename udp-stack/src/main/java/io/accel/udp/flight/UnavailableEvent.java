package io.accel.udp.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

@Name("io.accel.Unavailable")
@Label("Unavailable")
@Category("Accel")
@Description("UDP channels that are opened from now on are the JDK's")
final class UnavailableEvent extends Event {
    @Label("Reason")
    String reason;

    @Label("Cause")
    String cause;
}
