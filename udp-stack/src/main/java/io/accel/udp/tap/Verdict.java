package io.accel.udp.tap;

import io.accel.core.DropCause;
import io.accel.core.Reason;
import io.accel.udp.wire.FrameError;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What became of a packet, as one number: what it is in the upper bits, why in the lower. */
public final class Verdict {
    /** There is no packet: a part of a frame, or an event. */
    public static final int NONE = 0;
    /** Where its channel's reader finds it. */
    public static final int DELIVERED = 1 << 8;
    /** Given to the virtual interface. */
    public static final int SENT = 2 << 8;

    private static final int DROPPED = 3 << 8;
    private static final int BAD_FRAME = 4 << 8;
    private static final int BY_KERNEL = 5 << 8;
    private static final int CODE = 0xFF;

    /** Two processes whose numbers mean the same have the same one. */
    public static final int FINGERPRINT = Stream.of(DropCause.values(), Reason.values(), FrameError.values())
        .flatMap(Arrays::stream).map(Enum::name).collect(Collectors.joining(",")).hashCode();

    private Verdict() {
    }

    /** It was dropped. */
    public static int of(DropCause cause) {
        return DROPPED | cause.ordinal();
    }

    /** It was dropped for what is wrong with its frame. @param error not 0 */
    public static int badFrame(int error) {
        return BAD_FRAME | error;
    }

    /** The kernel was given it to send. */
    public static int byKernel(Reason reason) {
        return BY_KERNEL | reason.ordinal();
    }

    /** Whether the kernel was given it, so that its cause is a {@link Reason}. */
    public static boolean isByKernel(int verdict) {
        return (verdict & ~CODE) == BY_KERNEL;
    }

    /** The name of the cause, or nothing. */
    public static String cause(int verdict) {
        final int code = verdict & CODE;
        return switch (verdict & ~CODE) {
            case DROPPED -> nameOf(DropCause.values(), code);
            case BAD_FRAME -> nameOf(FrameError.values(), code);
            case BY_KERNEL -> nameOf(Reason.values(), code);
            default -> "";
        };
    }

    private static String nameOf(Enum<?>[] values, int code) {
        return code < values.length ? values[code].name() : "UNKNOWN";
    }

    /** In a word or two, without the cause. */
    public static String word(int verdict) {
        return switch (verdict & ~CODE) {
            case DELIVERED -> "delivered";
            case SENT -> "sent";
            case DROPPED, BAD_FRAME -> "dropped";
            case BY_KERNEL -> "handed to the kernel";
            default -> "unknown";
        };
    }
}
