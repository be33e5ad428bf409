package io.accel.core.efvi;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.config.InterfaceSelection;
import io.accel.core.config.Options;
import io.accel.core.datapath.Datapath;
import io.accel.core.datapath.DatapathException;
import io.accel.core.memory.Memory;
import io.accel.core.natives.ErrnoException;
import io.accel.core.vi.VirtualInterface;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** VIs on Solarflare and AMD NICs, through ef_vi. */
public final class EfviDatapath implements Datapath {
    /** Kernel drivers of NICs that ef_vi knows. */
    public static final List<String> DRIVERS = List.of("sfc", "xilinx_efct");

    @Override
    public String name() {
        return "efvi";
    }

    /** Whether there is an ef_vi library to load: in the jar, or one that is named. */
    public boolean isLibraryThere(Configuration configuration) {
        return EfviLibrary.isThere(configuration);
    }

    @Override
    public VirtualInterface open(String ifName, Configuration configuration) throws DatapathException {
        EfviLibrary.need(configuration);
        if (!InterfaceSelection.isCluster(ifName)) {
            checkUp(ifName);
        }
        return open(ifName, configuration.get(Options.EFVI_FRAMES), configuration);
    }

    /** With so many packet buffers; the library is there, and whether the interface is up is the caller's affair. */
    static EfviVirtualInterface open(String ifName, int frames, Configuration configuration) throws DatapathException {
        final long handle = openNative(ifName, frames, configuration);
        try {
            return new EfviVirtualInterface(ifName, handle, frames, configuration.get(Options.EFVI_VIS));
        } catch (final ErrnoException e) {
            EfviNative.close(handle, false);
            throw new DatapathException(Reason.DATAPATH_FAILED, "efvi on " + ifName + ": " + e.getMessage(), e);
        }
    }

    private static long openNative(String ifName, int frames, Configuration configuration) throws DatapathException {
        final long step = Memory.allocateAligned(Long.BYTES, Long.BYTES);
        try {
            final int vis = configuration.get(Options.EFVI_VIS);
            final long handle = EfviNative.open(ifName, EfviVirtualInterface.receiveFrames(frames, vis),
                EfviVirtualInterface.sendFrames(frames), vis, configuration.get(Options.EFVI_RING), configuration.get(Options.EFVI_REFILL),
                Math.max(frames, ReceiveSide.MOST_LENT), domain(configuration), flags(configuration), step);
            if (handle < 0 && handle > -4096) {
                throw Refusal.of(Memory.getInt(step), (int) -handle, ifName);
            }
            return handle;
        } finally {
            Memory.freeAligned(step);
        }
    }

    private static int domain(Configuration configuration) {
        return switch (configuration.get(Options.EFVI_DOMAIN)) {
            case "vf" -> Layout.DOMAIN_VF;
            case "phys" -> Layout.DOMAIN_PHYS_MODE;
            case "express" -> Layout.DOMAIN_EXPRESS;
            default -> 0;
        };
    }

    private static int flags(Configuration configuration) {
        final int ctpio = switch (configuration.get(Options.EFVI_CTPIO)) {
            case "off" -> 0;
            case "store" -> Layout.OPEN_CTPIO | Layout.OPEN_STORE;
            case "cut-through" -> Layout.OPEN_CTPIO | Layout.OPEN_CUT_THROUGH;
            default -> Layout.OPEN_CTPIO;
        };
        return ctpio | (configuration.get(Options.EFVI_MERGE) ? Layout.OPEN_MERGE : 0)
            | (configuration.get(Options.EFVI_TIMESTAMPS) ? Layout.OPEN_TIMESTAMPS : 0)
            | (configuration.get(Options.EFVI_TX_TIMESTAMPS) ? Layout.OPEN_TX_TIMESTAMPS : 0);
    }

    private static void checkUp(String ifName) throws DatapathException {
        final boolean up;
        try {
            final NetworkInterface there = NetworkInterface.getByName(ifName);
            if (there == null) {
                throw new DatapathException(Reason.NO_INTERFACE, "efvi: there is no interface " + ifName
                    + " in this network namespace: correct " + Options.INTERFACES.property() + ", or create the interface");
            }
            up = there.isUp();
        } catch (final SocketException e) {
            throw new DatapathException(Reason.NO_INTERFACE, "efvi: " + ifName + ": " + e.getMessage(), e);
        }
        if (!up) {
            throw new DatapathException(Reason.INTERFACE_DOWN, "efvi: " + ifName + " is down: 'ip link set " + ifName
                + " up'; the fast path comes back by itself");
        }
    }
}
