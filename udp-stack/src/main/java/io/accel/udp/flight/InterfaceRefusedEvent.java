package io.accel.udp.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("io.accel.VirtualInterfaceRefused")
@Label("Virtual Interface Refused")
@Category("Accel")
@Description("An interface that is named cannot be accelerated, for a reason that is new to it")
@StackTrace(false)
final class InterfaceRefusedEvent extends Event {
    @Label("Interface")
    String name;

    @Label("Datapath")
    String datapath;

    @Label("Reason")
    String reason;

    @Label("Cause")
    String cause;
}
