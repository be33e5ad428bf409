package io.accel.tools.state;

import io.accel.core.DropCause;
import io.accel.core.Reason;
import io.accel.udp.wire.FrameError;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** What the names in a state mean, by the declarations. */
public final class Causes {
    private Causes() {
    }

    /** A reason for the kernel path: what it is, and what to do. */
    public static String reason(String name) {
        return find(Reason.values(), name).map(each -> each.text() + "; " + each.remedy())
            .orElse("unknown to this version of the tools");
    }

    /** A drop's cause: what it is, and what to do. */
    public static String drop(String name) {
        return Stream.concat(find(DropCause.values(), name).map(each -> each.text() + "; " + each.remedy()).stream(),
                find(FrameError.values(), name).map(each -> each.text() + "; look at the sender").stream())
            .findFirst().orElse("unknown to this version of the tools");
    }

    private static <E extends Enum<E>> Optional<E> find(E[] values, String name) {
        return Arrays.stream(values).filter(each -> each.name().equals(name)).findFirst();
    }
}
