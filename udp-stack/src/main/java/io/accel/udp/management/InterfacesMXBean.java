package io.accel.udp.management;

import java.util.List;

/** The virtual interfaces of this JVM, as {@code io.accel:type=Interfaces}. */
public interface InterfacesMXBean {
    /** Shared memory, where it is used, and the interfaces that are named or offered. */
    List<InterfaceInfo> getInterfaces();
}
