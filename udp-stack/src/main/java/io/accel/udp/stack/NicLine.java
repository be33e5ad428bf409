package io.accel.udp.stack;

import io.accel.core.natives.InterfaceDriver;
import io.accel.core.vi.NicDescription;
import java.util.Map;
import java.util.StringJoiner;

/** A NIC's line of the exit report, for those that tell something of themselves. */
final class NicLine {
    private NicLine() {
    }

    static String of(String name, NicDescription nic) {
        final InterfaceDriver driver = InterfaceDriver.of(name);
        final StringBuilder line = new StringBuilder("nic ").append(name).append(" architecture=").append(nic.architecture())
            .append(" mac=").append(nic.macText()).append(" mtu=").append(nic.mtu()).append(" library=").append(word(nic.library()));
        if (!driver.name().isEmpty()) {
            line.append(" driver=").append(word(driver.name() + " " + driver.version()));
        }
        if (!driver.firmware().isEmpty()) {
            line.append(" firmware=").append(word(driver.firmware()));
        }
        line.append(" capabilities=").append(list(nic.capabilities()));
        if (!nic.statistics().isEmpty()) {
            line.append(" statistics=").append(list(nic.statistics()));
        }
        return line.append(" events=").append(list(nic.events())).toString();
    }

    private static String list(Map<?, Long> values) {
        final StringJoiner joined = new StringJoiner(",");
        values.forEach((name, value) -> joined.add(word(name.toString()) + ":" + value));
        return joined.toString();
    }

    /** In one piece, so that a script finds the next one at a space. */
    private static String word(String text) {
        return text.strip().replace(' ', '-');
    }
}
