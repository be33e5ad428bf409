package io.accel.tools.top;

import io.accel.core.DropCause;
import io.accel.udp.state.Causes;
import java.util.Map;

/**
 * Datagrams that did not arrive, by the layers of {@link DropCause.Layer}: a sum over all of them would have some twice.
 *
 * @param dropped by the stack and by channels, which had them
 * @param lost    below, before the stack had them, or on the way out
 */
record Losses(long dropped, long lost) {
    static final Losses NONE = new Losses(0, 0);

    /** @param causes counts by cause */
    static Losses of(Map<String, Long> causes) {
        long dropped = 0;
        long lost = 0;
        for (final Map.Entry<String, Long> each : causes.entrySet()) {
            final boolean arrived = switch (Causes.layer(each.getKey())) {
                case STACK, CHANNEL -> true;
                case NIC, VI -> false;
            };
            lost += arrived ? 0 : each.getValue();
            // The NIC's own cause has counted it.
            dropped += arrived && !each.getKey().equals(DropCause.NIC_DISCARD.name()) ? each.getValue() : 0;
        }
        return new Losses(dropped, lost);
    }

    Losses plus(Losses other) {
        return new Losses(dropped + other.dropped, lost + other.lost);
    }

    Losses minus(Losses other) {
        return new Losses(dropped - other.dropped, lost - other.lost);
    }
}
