package io.accel.udp.state;

import io.accel.core.DropCause;
import io.accel.core.Reason;
import io.accel.udp.wire.FrameError;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** What the names of reasons and drop causes mean, by their declarations. */
public final class Causes {
    private static final String UNKNOWN = "unknown to this version";

    private Causes() {
    }

    /** A reason for the kernel path: what it is, and what to do. */
    public static String reason(String name) {
        return find(Reason.values(), name).map(each -> each.text() + "; " + each.remedy()).orElse(UNKNOWN);
    }

    /** A drop's cause: what it is, and what to do. */
    public static String drop(String name) {
        return Stream.concat(find(DropCause.values(), name).map(each -> each.text() + "; " + each.remedy()).stream(),
            find(FrameError.values(), name).map(each -> each.text() + "; look at the sender").stream()).findFirst().orElse(UNKNOWN);
    }

    /** Where drops of this cause are counted; what is no declared cause is an error that the stack found in a frame. */
    public static DropCause.Layer layer(String name) {
        return find(DropCause.values(), name).map(DropCause::layer).orElse(DropCause.Layer.STACK);
    }

    private static <E extends Enum<E>> Optional<E> find(E[] values, String name) {
        return Arrays.stream(values).filter(each -> each.name().equals(name)).findFirst();
    }
}
