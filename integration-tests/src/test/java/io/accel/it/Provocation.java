package io.accel.it;

import io.accel.core.Reason;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** How one reason, after which it is named, is brought about in a real process on host a of a wire. */
interface Provocation {
    /** Where a user may look for a reason. */
    enum Surface {
        EXPLAIN, STACKDUMP, RECORDING, LOG
    }

    /** The address of the program's channel. */
    String LOCAL = "10.77.0.1:7001";

    /** Of the reason. */
    String name();

    /** The hosts as they must be before the process starts. */
    default Wire wire() {
        return Wire.direct().introduced();
    }

    /** What the process is started by. */
    Jvm jvm();

    /** Has the process meet the reason; it has no channel yet. */
    void meet(Wire wire, Talking talker);

    /** Surfaces that cannot tell it, each with why; to be kept few. */
    default Map<Surface, String> silent() {
        return Map.of();
    }

    /** The row of the table that is a reason's. */
    static Provocation of(Reason reason) {
        return all().filter(each -> each.name().equals(reason.name())).findFirst().orElseThrow(() -> new AssertionError("nothing provokes "
            + reason + " yet: add a constant of that name to SendProvocation where one datagram meets it, to NicProvocation where it takes"
            + " a fault of the simulated NIC, to HostProvocation where the host or another program brings it about, or to"
            + " ProcessProvocation where the whole process goes without a stack"));
    }

    /** The whole table. */
    static Stream<Provocation> all() {
        return Stream.<Provocation[]>of(SendProvocation.values(), NicProvocation.values(), HostProvocation.values(),
            ProcessProvocation.values()).flatMap(Arrays::stream);
    }
}
