package io.accel.udp.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

@Name("io.accel.ChannelClosed")
@Label("Channel Closed")
@Category("Accel")
@Description("A channel was closed; its datagrams by path")
final class ChannelClosedEvent extends Event {
    @Label("Local Address")
    String local;

    @Label("Remote Address")
    String remote;

    @Label("Received Fast")
    long fastReceived;

    @Label("Sent Fast")
    long fastSent;

    @Label("Received through the Kernel")
    long kernelReceived;

    @Label("Sent through the Kernel")
    long kernelSent;
}
