package io.accel.nio;

import io.accel.core.natives.Natives;

/** Opens packages of java.base to this module, on the class path, the module path and the boot path alike. */
final class JdkModules {
    static {
        Natives.register(JdkModules.class, "jdk-modules");
    }

    private JdkModules() {
    }

    /** What the provider's classes and Agrona link to. */
    static void open() {
        final Module base = Object.class.getModule();
        final Module ours = JdkModules.class.getModule();
        addExports(base, "sun.nio.ch", ours);
        addExports(base, "sun.net", ours);
        addExports(base, "jdk.internal.misc", ours);
        addOpens(base, "java.net", ours);
    }

    private static native void addExports(Module from, String packageName, Module to);

    private static native void addOpens(Module from, String packageName, Module to);
}
