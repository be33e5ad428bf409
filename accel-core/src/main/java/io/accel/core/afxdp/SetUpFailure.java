package io.accel.core.afxdp;

/** A system call of the set-up that failed, before it is told in words. */
final class SetUpFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final Step step;
    private final int errno;

    SetUpFailure(Step step, int errno) {
        super(step + " errno " + errno, null, false, false);
        this.step = step;
        this.errno = errno;
    }

    Step step() {
        return step;
    }

    /** Positive. */
    int errno() {
        return errno;
    }

    /** The order is that of {@code enum xsk_step}, after the program's own. */
    enum Step {
        PROGRAM("loading the XDP program"),
        SOCKET("opening an AF_XDP socket"),
        MEMORY("registering the packet buffers"),
        RINGS("creating the rings"),
        MAP("mapping the rings"),
        BIND("binding to the receive queue"),
        ATTACH("attaching the XDP program"),
        WAKE_UP("making the wake-up descriptor");

        private final String text;

        Step(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }
}
