package io.accel.core.natives;

/**
 * The native library: loaded once, never throwing from a static initialiser. Classes with native methods call
 * {@link #register(Class, String)} in theirs, after which their methods are linked; the C side keeps one method table per name.
 */
public final class Natives {
    private static final Throwable UNAVAILABILITY_CAUSE = NativeLibrary.load("libaccel.so");

    private Natives() {
    }

    public static boolean isAvailable() {
        return UNAVAILABILITY_CAUSE == null;
    }

    /** Why the library could not be loaded, or null when it was. */
    public static Throwable unavailabilityCause() {
        return UNAVAILABILITY_CAUSE;
    }

    /** Whether the jar holds another library, for {@link #loadBeside}; only where {@link #isAvailable}. */
    public static boolean holds(String file) {
        return NativeLibrary.isThere(file);
    }

    /**
     * Loads another library of the jar, one that registers its natives by itself.
     *
     * @param file as {@code libaccel_efvi.so}
     * @return null, or why it could not be loaded
     */
    public static Throwable loadBeside(String file) {
        return NativeLibrary.load(file);
    }

    /**
     * Links the native methods of a class to the C table of that name.
     *
     * @throws UnsatisfiedLinkError when the library is not there or has no such table
     */
    public static void register(Class<?> holder, String table) {
        if (UNAVAILABILITY_CAUSE != null) {
            final UnsatisfiedLinkError error = new UnsatisfiedLinkError("no native library: " + UNAVAILABILITY_CAUSE.getMessage());
            error.initCause(UNAVAILABILITY_CAUSE);
            throw error;
        }
        register0(holder, table);
    }

    private static native void register0(Class<?> holder, String table);
}
