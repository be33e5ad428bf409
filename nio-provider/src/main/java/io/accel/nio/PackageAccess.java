package io.accel.nio;

/**
 * A way to have packages of java.base exported to this module that needs no native library; set by whoever has one. Names no class of
 * java.instrument, which an image may lack.
 */
@FunctionalInterface
interface PackageAccess {
    /** Exports a package of java.base to a module. */
    void export(String packageName, Module to);
}
