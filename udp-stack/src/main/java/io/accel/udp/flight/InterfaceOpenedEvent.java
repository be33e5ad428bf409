package io.accel.udp.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("io.accel.VirtualInterfaceOpened")
@Label("Virtual Interface Opened")
@Category("Accel")
@Description("A virtual interface serves an interface from now on")
@StackTrace(false)
final class InterfaceOpenedEvent extends Event {
    @Label("Interface")
    String name;

    @Label("Datapath")
    String datapath;

    @Label("Mode")
    String mode;

    @Label("Reason")
    @Description("Why it has less than was asked for, if it has")
    String reason;
}
