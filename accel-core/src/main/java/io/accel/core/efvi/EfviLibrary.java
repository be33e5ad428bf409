package io.accel.core.efvi;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.datapath.DatapathException;
import io.accel.core.natives.Natives;

/** Loads the ef_vi library, once for the JVM. */
final class EfviLibrary {
    private static final String FILE = "libaccel_efvi.so";

    private static boolean tried;
    private static Throwable cause;

    private EfviLibrary() {
    }

    /** Whether there is one to load. */
    static boolean isThere(Configuration configuration) {
        return !configuration.get(Options.EFVI_LIBRARY).isEmpty() || Natives.isAvailable() && Natives.holds(FILE);
    }

    /** @throws DatapathException when it is not there, or not of one release with its libciul */
    static synchronized void need(Configuration configuration) throws DatapathException {
        final String named = configuration.get(Options.EFVI_LIBRARY);
        final String remedy = ": build Accel with -DONLOAD_ROOT=, a tree or an installation of Onload, or name a library with -D"
            + Options.EFVI_LIBRARY.property() + "=";
        if (!tried && Natives.isAvailable() && !isThere(configuration)) {
            throw new DatapathException(Reason.NO_DRIVER, "this jar has no ef_vi library" + remedy);
        }
        if (!tried) {
            tried = true;
            cause = load(named);
        }
        if (cause != null) {
            throw new DatapathException(Reason.NO_NATIVE_LIBRARY, "the ef_vi library could not be loaded (" + cause.getMessage() + ")"
                + remedy, cause);
        }
        if (!EfviNative.matchesHeaders()) {
            throw new DatapathException(Reason.NO_NATIVE_LIBRARY, "efvi: " + FILE + " was built with the headers of another release than"
                + " that of libciul " + EfviNative.version() + ": build Accel with the -DONLOAD_ROOT= of the one that is installed");
        }
    }

    private static Throwable load(String named) {
        if (!Natives.isAvailable()) {
            return Natives.unavailabilityCause();
        }
        if (named.isEmpty()) {
            return Natives.loadBeside(FILE);
        }
        try {
            System.load(named);
            return null;
        } catch (final UnsatisfiedLinkError e) {
            return e;
        }
    }
}
