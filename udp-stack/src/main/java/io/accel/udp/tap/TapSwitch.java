package io.accel.udp.tap;

import io.accel.core.capture.CaptureRing;
import io.accel.core.counters.CaptureFiles;
import io.accel.core.natives.Errno;
import io.accel.core.natives.ErrnoException;
import io.accel.core.natives.Posix;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Turns the {@link FrameTap} on while a tool asks for packets, which it does by a lock that goes with it, however it ends. The watcher's
 * thread.
 */
public final class TapSwitch {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private final CaptureFiles files;
    private CaptureRing ring;
    private FrameTap tap;
    private boolean refused;

    /** @param files this process's */
    public TapSwitch(CaptureFiles files) {
        this.files = files;
    }

    /** Once a second. */
    public void tick() {
        final boolean wanted = Posix.isLocked(files.request()) == 1;
        if (!wanted) {
            off();
            refused = false;
        } else if (tap != null) {
            tap.setClock();
        } else if (!refused) {
            on();
        }
    }

    private void on() {
        try {
            // One stack of the process has the tap.
            if (FrameTap.current() != null) {
                refused = true;
                return;
            }
            if (ring == null) {
                ring = CaptureRing.create(files.ring(), Verdict.FINGERPRINT);
            }
            final FrameTap made = new FrameTap(ring);
            ErrnoException.check(ring.start(), files.ring());
            tap = made;
            FrameTap.current(made);
            LOGGER.log(Level.INFO, "packets are captured for a tool");
        } catch (final ErrnoException e) {
            refused = true;
            LOGGER.log(Level.WARNING, "a tool asks for packets and gets none: {0}{1}", e.getMessage(),
                e.errno() == Errno.ENOSPC ? "; it takes 16 MiB there" : "");
        }
    }

    /** Ends a capture that is on. */
    public void off() {
        if (tap != null) {
            FrameTap.current(null);
            tap = null;
            ring.stop();
        }
    }
}
