package io.accel.tools.top;

import io.accel.core.DropCause;
import io.accel.udp.state.Causes;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Datagrams that did not arrive, by the layers of {@link DropCause.Layer}: a sum over all of them would have some twice.
 *
 * @param dropped by the stack and by channels, which had them
 * @param lost    below, before the stack had them, or on the way out
 */
record Losses(long dropped, long lost) {
    static final Losses NONE = new Losses(0, 0);

    /** What the NIC's own causes have counted as well, and what is no loss: the kernel sends it, or there was no frame. */
    private static final Set<String> NOT_COUNTED = Stream.of(DropCause.NIC_DISCARD, DropCause.SEND_ERROR, DropCause.TX_REFUSED,
        DropCause.RETAINED_TOKENS_REFUSED).map(Enum::name).collect(Collectors.toUnmodifiableSet());

    /** @param causes counts by cause */
    static Losses of(Map<String, Long> causes) {
        long dropped = 0;
        long lost = 0;
        for (final Map.Entry<String, Long> each : causes.entrySet()) {
            if (NOT_COUNTED.contains(each.getKey())) {
                continue;
            }
            switch (Causes.layer(each.getKey())) {
                case STACK, CHANNEL -> dropped += each.getValue();
                case NIC, VI -> lost += each.getValue();
            }
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
