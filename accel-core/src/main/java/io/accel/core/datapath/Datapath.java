package io.accel.core.datapath;

import io.accel.core.config.Configuration;
import io.accel.core.vi.ViCapabilities;
import io.accel.core.vi.VirtualInterface;

/** A backend that opens a VI on a network interface. One instance serves a JVM; any thread. */
public interface Datapath {
    /** As users name it in {@code accel.interfaces}: {@code afxdp}, {@code efvi}. */
    String name();

    /**
     * Opens the VI of an interface. It may block for as long as a queue may be busy with a process that is being killed (a second).
     *
     * @param ifName the interface as the kernel names it
     * @throws DatapathException with the reason, and a message that gives the remedy
     */
    VirtualInterface open(String ifName, Configuration configuration) throws DatapathException;

    /**
     * Finds out whether {@link #open} would succeed, without harm to whoever uses the interface. Slow.
     *
     * @return what the VI could do
     * @throws DatapathException as {@link #open} would throw, as far as can be told before
     */
    default ViCapabilities check(String ifName, Configuration configuration) throws DatapathException {
        try (VirtualInterface vi = open(ifName, configuration)) {
            return vi.capabilities();
        }
    }
}
