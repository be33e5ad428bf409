package io.accel.core.natives;

/** Opens packages of java.base to one module, on the class path, the module path and the boot path alike. */
public final class JdkModules {
    private static final Module BASE = Object.class.getModule();

    static {
        Natives.register(JdkModules.class, "jdk-modules");
    }

    private JdkModules() {
    }

    /** Lets a module link to the public classes of a package of java.base. */
    public static void export(String packageName, Module to) {
        addExports(BASE, packageName, to);
    }

    /** Lets a module reflect on all members of a package of java.base. */
    public static void open(String packageName, Module to) {
        addOpens(BASE, packageName, to);
    }

    private static native void addExports(Module from, String packageName, Module to);

    private static native void addOpens(Module from, String packageName, Module to);
}
