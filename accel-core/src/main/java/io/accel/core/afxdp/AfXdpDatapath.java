package io.accel.core.afxdp;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.datapath.Datapath;
import io.accel.core.datapath.DatapathException;
import io.accel.core.natives.Errno;
import io.accel.core.natives.Natives;
import io.accel.core.vi.ViCapabilities;
import io.accel.core.vi.VirtualInterface;

import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** VIs over AF_XDP sockets, for any Linux interface; Linux 5.11 or later. */
public final class AfXdpDatapath implements Datapath {
    /** A killed owner's queue is free some 30 ms after its end. */
    private static final long BUSY_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long BUSY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** As accel.interfaces names it. */
    public static final String NAME = "afxdp";

    /** Interfaces that others hold for good: to wait for them at each attempt would hold up whoever tries once a second. */
    private final Set<String> taken = ConcurrentHashMap.newKeySet();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public VirtualInterface open(String ifName, Configuration configuration) throws DatapathException {
        needLibrary();
        final int ring = configuration.get(Options.XDP_RING);
        final int frames = configuration.get(Options.XDP_FRAMES);
        final String mode = configuration.get(Options.XDP_MODE);
        final InterfaceFacts facts = facts(ifName);
        return new AfXdpInterface(attach(facts, mode, frames, ring), ring);
    }

    /**
     * Attaches nothing, since that may reset the link: a queue that is taken, a driver that lacks the mode, and what the user has locked
     * already beside this, show when it is opened.
     */
    @Override
    public ViCapabilities check(String ifName, Configuration configuration) throws DatapathException {
        needLibrary();
        final InterfaceFacts facts = facts(ifName);
        if (!Capabilities.missing().isEmpty()) {
            throw Refusal.unprivileged(ifName);
        }
        final int frames = configuration.get(Options.XDP_FRAMES);
        if (!Capabilities.maySurpassMemoryLock() && Refusal.isBeyondMemoryLock(frames)) {
            throw Refusal.of(new SetUpFailure(SetUpFailure.Step.MEMORY, Errno.ENOBUFS), ifName, frames);
        }
        final String mode = XdpMode.candidates(configuration.get(Options.XDP_MODE), facts.driver()).get(0).text();
        return AfXdpInterface.capabilities(facts, mode, 0, -1);
    }

    private static void needLibrary() throws DatapathException {
        if (!Natives.isAvailable()) {
            final Throwable cause = Natives.unavailabilityCause();
            throw new DatapathException(Reason.NO_NATIVE_LIBRARY, cause.getMessage(), cause);
        }
    }

    private static InterfaceFacts facts(String ifName) throws DatapathException {
        final InterfaceFacts facts;
        try {
            facts = InterfaceFacts.read(ifName);
        } catch (final SetUpFailure e) {
            throw Refusal.of(e, ifName, 0);
        }
        if (!facts.up()) {
            throw Refusal.down(ifName);
        }
        if (!facts.ethernet()) {
            throw new DatapathException(Reason.NO_DRIVER, ifName + " carries no Ethernet frames: AF_XDP cannot be used on it here; "
                + "name another interface in accel.interfaces");
        }
        return facts;
    }

    private Attachment attach(InterfaceFacts facts, String mode, int frames, int ring) throws DatapathException {
        final long start = System.nanoTime();
        final Iterator<XdpMode> candidates = XdpMode.candidates(mode, facts.driver()).iterator();
        XdpMode candidate = candidates.next();
        while (true) {
            try {
                final Attachment attachment = Attachment.open(facts, candidate, frames, ring);
                taken.remove(facts.name());
                return attachment;
            } catch (final SetUpFailure e) {
                if (isBusy(e)) {
                    if (taken.contains(facts.name()) || System.nanoTime() - start > BUSY_PATIENCE_NANOS) {
                        taken.add(facts.name());
                        throw Refusal.of(e, facts.name(), frames);
                    }
                    LockSupport.parkNanos(BUSY_PAUSE_NANOS);
                } else if (isUnsupported(e) && candidates.hasNext()) {
                    candidate = candidates.next();
                } else {
                    throw Refusal.of(e, facts.name(), frames);
                }
            }
        }
    }

    private static boolean isBusy(SetUpFailure e) {
        return e.errno() == Errno.EBUSY || e.errno() == Errno.EEXIST;
    }

    /** Drivers say it in several ways when they lack a mode, or cannot run it with the interface's present MTU or queues. */
    private static boolean isUnsupported(SetUpFailure e) {
        return (e.step() == SetUpFailure.Step.ATTACH || e.step() == SetUpFailure.Step.BIND)
            && (e.errno() == Errno.EOPNOTSUPP || e.errno() == Errno.EINVAL || e.errno() == Refusal.ERANGE);
    }
}
