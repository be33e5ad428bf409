package io.accel.udp.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

@Name("io.accel.KernelPath")
@Label("Kernel Path")
@Category("Accel")
@Description("The first datagram of a channel that went through the kernel for this reason")
final class KernelPathEvent extends Event {
    @Label("Local Address")
    String local;

    @Label("Remote Address")
    String remote;

    @Label("Reason")
    String reason;

    @Label("Remedy")
    String remedy;
}
