package io.accel.udp.flight;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Makes an event of each cause that has counted since it was last asked. Called by the recorder's thread, while a recording wants it. */
final class DropsTeller implements Runnable {
    private final Supplier<Map<String, Map<String, Long>>> drops;
    private final Map<String, Long> told = new HashMap<>();

    DropsTeller(Supplier<Map<String, Map<String, Long>>> drops) {
        this.drops = drops;
    }

    @Override
    public synchronized void run() {
        drops.get().forEach((place, causes) -> causes.forEach((cause, total) -> {
            final Long before = told.put(place + " " + cause, total);
            final long now = total - (before == null ? 0 : before);
            if (now > 0) {
                final DropsEvent event = new DropsEvent();
                event.place = place;
                event.cause = cause;
                event.count = now;
                event.total = total;
                event.commit();
            }
        }));
    }
}
