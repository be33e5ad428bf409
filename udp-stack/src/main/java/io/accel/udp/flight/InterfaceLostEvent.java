package io.accel.udp.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("io.accel.VirtualInterfaceLost")
@Label("Virtual Interface Lost")
@Category("Accel")
@Description("A virtual interface was given up, and is opened anew when that can be")
@StackTrace(false)
final class InterfaceLostEvent extends Event {
    @Label("Interface")
    String name;

    @Label("Reason")
    String reason;
}
