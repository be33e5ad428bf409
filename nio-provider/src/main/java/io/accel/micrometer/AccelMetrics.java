package io.accel.micrometer;

import io.accel.core.DropCause;
import io.accel.core.Reason;
import io.accel.udp.state.Totals;
import io.accel.udp.wire.FrameError;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Accel's counters as meters: {@code new AccelMetrics().bindTo(registry)}, before or after the first channel, any number of times.
 *
 * <ul>
 * <li>{@code accel.datagrams}, tags {@code path} ({@code fast}, {@code kernel}) and {@code direction} ({@code in}, {@code out}): of all
 * channels there have been;</li>
 * <li>{@code accel.kernel.datagrams}, tag {@code reason}: those that went through the kernel, by every {@link Reason} there is;</li>
 * <li>{@code accel.drops}, tag {@code cause}: datagrams and frames lost in channels, interfaces and NICs, by every {@link DropCause} and
 * {@link FrameError} there is;</li>
 * <li>{@code accel.channels}, tag {@code path}: open channels; {@code kernel}: those that it serves alone;</li>
 * <li>{@code accel.interfaces}, tag {@code state} ({@code open}, {@code failed}): virtual interfaces.</li>
 * </ul>
 *
 * The figures of one scrape are taken together, beside the program's threads; the statistics of an ef_vi NIC are read under the locks
 * of its receive sides. Any thread.
 */
public final class AccelMetrics implements MeterBinder {
    private final Iterable<Tag> tags;
    private final Figures figures;

    /** Without further tags. */
    public AccelMetrics() {
        this(List.of());
    }

    /** @param tags for every meter, as {@code Tags.of("application", "quotes")} */
    public AccelMetrics(Iterable<Tag> tags) {
        this(tags, new Figures());
    }

    AccelMetrics(Iterable<Tag> tags, Figures figures) {
        this.tags = tags;
        this.figures = figures;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        datagrams(registry, "fast", "in", Totals::fastReceived);
        datagrams(registry, "fast", "out", Totals::fastSent);
        datagrams(registry, "kernel", "in", Totals::kernelReceived);
        datagrams(registry, "kernel", "out", Totals::kernelSent);
        for (final Reason reason : Reason.values()) {
            counter(registry, "accel.kernel.datagrams", Tags.of("reason", reason.name()), "datagrams that the kernel carried or refused",
                now -> now.totals().reasons().getOrDefault(reason.name(), 0L));
        }
        for (final DropCause cause : DropCause.values()) {
            drops(registry, cause.name());
        }
        for (final FrameError error : FrameError.values()) {
            drops(registry, error.name());
        }
        gauge(registry, "accel.channels", "path", "fast", Figures::fastChannels);
        gauge(registry, "accel.channels", "path", "kernel", Figures::kernelChannels);
        gauge(registry, "accel.interfaces", "state", "open", Figures::openInterfaces);
        gauge(registry, "accel.interfaces", "state", "failed", Figures::failedInterfaces);
    }

    private void datagrams(MeterRegistry registry, String path, String direction, ToLongFunction<Totals> count) {
        counter(registry, "accel.datagrams", Tags.of("path", path, "direction", direction), "datagrams of all channels there have been",
            now -> count.applyAsLong(now.totals()));
    }

    private void drops(MeterRegistry registry, String cause) {
        counter(registry, "accel.drops", Tags.of("cause", cause), "datagrams and frames that were lost",
            now -> now.totals().drops().values().stream().mapToLong(each -> each.getOrDefault(cause, 0L)).sum());
    }

    private void counter(MeterRegistry registry, String name, Tags own, String description, ToDoubleFunction<Figures> count) {
        // The meter holds the figures weakly, so its function holds them.
        FunctionCounter.builder(name, figures, weak -> count.applyAsDouble(figures)).tags(Tags.concat(tags, own))
            .description(description).baseUnit("datagrams").register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String tag, String value, ToDoubleFunction<Figures> count) {
        Gauge.builder(name, figures, count).tags(Tags.concat(tags, tag, value)).strongReference(true).register(registry);
    }
}
