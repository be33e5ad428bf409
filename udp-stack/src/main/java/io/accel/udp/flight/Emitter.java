package io.accel.udp.flight;

import io.accel.core.Reason;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;

/**
 * The side of {@link FlightEvents} that needs jdk.jfr; loaded only where that is. Without locks: the recorder calls its listeners under its
 * own.
 */
final class Emitter {
    private static final Set<Runnable> TELLERS = new CopyOnWriteArraySet<>();
    private static final AtomicBoolean LISTENING = new AtomicBoolean();
    private static final AtomicBoolean TELLING = new AtomicBoolean();

    private Emitter() {
    }

    static Runnable install(Supplier<Map<String, Map<String, Long>>> drops) {
        final Runnable teller = new DropsTeller(drops);
        TELLERS.add(teller);
        if (LISTENING.compareAndSet(false, true)) {
            FlightRecorder.addListener(new RunningRecordings());
            RunningRecordings.look();
        }
        return () -> TELLERS.remove(teller);
    }

    /** Not before a recording wants it: a periodic event has the recorder read all of its metadata, tens of milliseconds at start. */
    private static void tellPeriodically() {
        if (TELLING.compareAndSet(false, true)) {
            FlightRecorder.addPeriodicEvent(DropsEvent.class, () -> TELLERS.forEach(Runnable::run));
        }
    }

    /** Asked after each change, since several recordings may run at once. */
    private static final class RunningRecordings implements FlightRecorderListener {
        static void look() {
            final boolean running = areThere();
            if (running) {
                tellPeriodically();
            }
            FlightEvents.on(running);
        }

        static boolean areThere() {
            return FlightRecorder.isInitialized()
                && FlightRecorder.getFlightRecorder().getRecordings().stream().anyMatch(each -> each.getState() == RecordingState.RUNNING);
        }

        @Override
        public void recordingStateChanged(Recording recording) {
            look();
        }
    }

    static void channelOpened(String local, Reason reason) {
        final ChannelOpenedEvent event = new ChannelOpenedEvent();
        event.local = local;
        event.path = reason == null ? "fast" : "kernel";
        event.reason = name(reason);
        event.commit();
    }

    static void channelClosed(String local, String remote, long... counts) {
        final ChannelClosedEvent event = new ChannelClosedEvent();
        event.local = local;
        event.remote = remote;
        event.fastReceived = counts[0];
        event.fastSent = counts[1];
        event.kernelReceived = counts[2];
        event.kernelSent = counts[3];
        event.commit();
    }

    static void pathChanged(String local, String destination, String from, String to, Reason reason) {
        final PathChangedEvent event = new PathChangedEvent();
        event.local = local;
        event.destination = destination;
        event.from = from;
        event.to = to;
        event.reason = name(reason);
        event.commit();
    }

    static void kernelPath(String local, String remote, Reason reason) {
        final KernelPathEvent event = new KernelPathEvent();
        event.local = local;
        event.remote = remote;
        event.reason = name(reason);
        event.remedy = reason.remedy();
        event.commit();
    }

    static void stalled(String local, String destination, Reason reason) {
        final StallEvent event = new StallEvent();
        event.local = local;
        event.destination = destination;
        event.reason = name(reason);
        event.commit();
    }

    static void interfaceOpened(String name, String datapath, String mode, Reason shortfall) {
        final InterfaceOpenedEvent event = new InterfaceOpenedEvent();
        event.name = name;
        event.datapath = datapath;
        event.mode = mode;
        event.reason = name(shortfall);
        event.commit();
    }

    static void interfaceLost(String name, Reason reason) {
        final InterfaceLostEvent event = new InterfaceLostEvent();
        event.name = name;
        event.reason = name(reason);
        event.commit();
    }

    static void interfaceRefused(String name, String datapath, Reason reason, String cause) {
        final InterfaceRefusedEvent event = new InterfaceRefusedEvent();
        event.name = name;
        event.datapath = datapath;
        event.reason = name(reason);
        event.cause = cause;
        event.commit();
    }

    /** Nothing listens to recordings where there is no stack: whether one runs is asked here. */
    static void unavailable(Reason reason, String cause) {
        if (RunningRecordings.areThere()) {
            final UnavailableEvent event = new UnavailableEvent();
            event.reason = name(reason);
            event.cause = cause;
            event.commit();
        }
    }

    static Object asleep() {
        final SleepEvent event = new SleepEvent();
        event.begin();
        return event;
    }

    static void awake(Object sleep) {
        ((SleepEvent) sleep).commit();
    }

    private static String name(Reason reason) {
        return reason == null ? null : reason.name();
    }
}
