package io.accel.core.shm;

/** Takes VIs that {@link ShmDomain#collectReady} found marked. */
@FunctionalInterface
public interface ReadySink {
    /** The VI may have something to poll; whose thread or selector it belongs to is the caller's affair. Must not throw. */
    void ready(ShmVirtualInterface vi);
}
