package io.accel.udp.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

@Name("io.accel.Sleep")
@Label("Sleep")
@Category("Accel")
@Description("A receive or select that had spun in vain slept")
@Threshold("1 ms")
final class SleepEvent extends Event {
}
