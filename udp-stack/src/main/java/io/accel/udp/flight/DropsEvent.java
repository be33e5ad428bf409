package io.accel.udp.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

@Name("io.accel.Drops")
@Label("Drops")
@Category("Accel")
@Description("Datagrams or frames dropped for one cause since the last look")
@StackTrace(false)
@Period("1 s")
final class DropsEvent extends Event {
    @Label("Counted By")
    String place;

    @Label("Cause")
    String cause;

    @Label("Dropped Since")
    long count;

    @Label("Dropped in All")
    long total;
}
