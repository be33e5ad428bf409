package io.accel.micrometer;

import io.accel.udp.stack.ProcessStack;
import io.accel.udp.state.SocketState;
import io.accel.udp.state.StackView;
import io.accel.udp.state.Totals;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What the stack tells, taken once for all meters that are read within a moment. Any thread. */
final class Figures {
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Told NOTHING = new Told(new Totals(0, 0, 0, 0, Map.of(), Map.of()), 0, 0, 0, 0);

    /** At one moment. */
    private record Told(Totals totals, long fastChannels, long kernelChannels, long openInterfaces, long failedInterfaces) {
    }

    private final Supplier<StackView> stack;
    private final LongSupplier clock;
    private Told told;
    private long taken;

    Figures() {
        this(ProcessStack::running, System::nanoTime);
    }

    /** @param stack gives null while there is none; @param clock nanoseconds */
    Figures(Supplier<StackView> stack, LongSupplier clock) {
        this.stack = stack;
        this.clock = clock;
    }

    Totals totals() {
        return told().totals();
    }

    long fastChannels() {
        return told().fastChannels();
    }

    long kernelChannels() {
        return told().kernelChannels();
    }

    long openInterfaces() {
        return told().openInterfaces();
    }

    long failedInterfaces() {
        return told().failedInterfaces();
    }

    private synchronized Told told() {
        final long now = clock.getAsLong();
        if (told == null || now - taken >= FRESH_NANOS) {
            told = take(stack.get());
            taken = now;
        }
        return told;
    }

    private static Told take(StackView view) {
        if (view == null) {
            return NOTHING;
        }
        final var sockets = view.sockets();
        final long fast = sockets.stream().filter(SocketState::accelerated).count();
        final var interfaces = view.interfaces();
        final long open = interfaces.stream().filter(each -> each.open() && each.usable()).count();
        final long failed = interfaces.stream().filter(each -> each.reason() != null || !each.usable()).count();
        return new Told(view.totals(), fast, sockets.size() - fast, open, failed);
    }
}
