package io.accel.udp.tap;

import io.accel.core.capture.CaptureWriter;
import java.util.function.ToIntFunction;

/** Where one side of a channel or an interface shows its packets. Belongs to whoever has that side. */
public final class TapPoint implements AutoCloseable {
    private final ToIntFunction<FrameTap> lane;
    private FrameTap seen;
    private CaptureWriter writer;

    /** @param lane of its packets */
    public TapPoint(ToIntFunction<FrameTap> lane) {
        this.lane = lane;
    }

    /** What puts packets into this capture. @param tap that is on */
    public CaptureWriter of(FrameTap tap) {
        return tap == seen ? writer : join(tap);
    }

    /** Once for each capture: waits for others that do so, and asks again for a writer of its own where all were taken. */
    private CaptureWriter join(FrameTap tap) {
        if (writer == null || writer.isShared() || !writer.isOf(tap.ring())) {
            close();
            writer = tap.ring().writer(lane.applyAsInt(tap));
        }
        writer.begin();
        seen = tap;
        return writer;
    }

    /** Its side has been left for good. */
    @Override
    public void close() {
        if (writer != null) {
            writer.close();
            writer = null;
            seen = null;
        }
    }
}
