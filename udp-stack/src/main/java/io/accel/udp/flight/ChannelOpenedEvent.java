package io.accel.udp.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

@Name("io.accel.ChannelOpened")
@Label("Channel Opened")
@Category("Accel")
@Description("A channel was bound, to be served by the fast path or by the kernel alone")
final class ChannelOpenedEvent extends Event {
    @Label("Local Address")
    String local;

    @Label("Path")
    String path;

    @Label("Reason")
    String reason;
}
