package io.accel.core.counters;

import io.accel.core.natives.Posix;

/**
 * What this process is doing, as a text in a file that is replaced as a whole: others read it while the process runs, while it hangs, and
 * after it has crashed, until it is reaped. A process that ends in order takes it along. One thread at a time.
 */
public final class StateFile {
    private final String path;

    StateFile(String path) {
        this.path = path;
    }

    public String path() {
        return path;
    }

    /** @return 0, or negated errno: then the old text stays */
    public int replace(JsonText text) {
        return Posix.replaceFile(path, path + ".new", text.bytes(), text.length());
    }
}
