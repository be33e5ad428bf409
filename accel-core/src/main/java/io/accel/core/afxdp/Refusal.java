package io.accel.core.afxdp;

import io.accel.core.Reason;
import io.accel.core.config.Options;
import io.accel.core.datapath.DatapathException;
import io.accel.core.memory.FramePool;
import io.accel.core.natives.Errno;

import java.nio.file.Path;
import java.util.List;

/** A failed set-up told in words: the reason, and the remedy to the letter. */
final class Refusal {
    static final int ERANGE = 34;

    private Refusal() {
    }

    /** @param frames how many packet buffers were wanted */
    static DatapathException of(SetUpFailure e, String ifName, int frames) {
        final String what = "afxdp on " + ifName + ": " + e.step().text() + " failed: " + Errno.text(e.errno()) + ". ";
        // The program is loaded by a BPF program of its own, whose verifier says EINVAL where CAP_PERFMON is missing.
        if (e.step() == SetUpFailure.Step.PROGRAM && !Capabilities.missing().isEmpty()) {
            return new DatapathException(Reason.NO_PRIVILEGE, what + privilege(), e);
        }
        return switch (e.errno()) {
            case Errno.EPERM, Errno.EACCES -> new DatapathException(Reason.NO_PRIVILEGE, what + privilege(), e);
            case Errno.ENODEV -> new DatapathException(Reason.NO_INTERFACE, "afxdp: there is no interface " + ifName
                + " in this network namespace: correct " + Options.INTERFACES.property() + ", or create the interface", e);
            case Errno.ENETDOWN, Errno.ENXIO -> down(ifName);
            case Errno.EBUSY, Errno.EEXIST -> new DatapathException(Reason.QUEUE_TAKEN, what + "Another process holds a queue of " + ifName
                + " or an XDP program is attached ('ip link show dev " + ifName + "' tells): stop it, or name another interface in "
                + Options.INTERFACES.property(), e);
            case Errno.EOPNOTSUPP, Errno.EINVAL, ERANGE -> new DatapathException(Reason.NO_DRIVER,
                what + "The driver, its present settings (MTU, queues) or the kernel lack this mode: try -D" + Options.XDP_MODE.property()
                    + "=generic, which any driver can", e);
            case Errno.ENOMEM, Errno.ENOBUFS -> e.step() == SetUpFailure.Step.MEMORY
                ? new DatapathException(Reason.MEMLOCK, what + memoryLock(frames), e)
                : new DatapathException(Reason.DATAPATH_FAILED, what + "Free memory, or use fewer or smaller rings with -D"
                    + Options.XDP_FRAMES.property() + "= and -D" + Options.XDP_RING.property() + "=", e);
            default -> new DatapathException(Reason.DATAPATH_FAILED, what + "See the kernel's log ('dmesg')", e);
        };
    }

    static DatapathException down(String ifName) {
        return new DatapathException(Reason.INTERFACE_DOWN, "afxdp: " + ifName + " is down: 'ip link set " + ifName
            + " up'; the fast path comes back by itself");
    }

    static DatapathException unprivileged(String ifName) {
        return new DatapathException(Reason.NO_PRIVILEGE, "afxdp on " + ifName + ": " + privilege());
    }

    private static String privilege() {
        final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        final List<String> missing = Capabilities.missing();
        return "AF_XDP needs the capabilities CAP_NET_RAW, CAP_NET_ADMIN, CAP_BPF and CAP_PERFMON"
            + (missing.isEmpty() ? "" : " (this process lacks " + String.join(", ", missing) + ")")
            + ": run as root, or 'setcap cap_net_raw,cap_net_admin,cap_bpf,cap_perfmon+ep " + java
            + "', or AmbientCapabilities= with these in a systemd unit";
    }

    /** Whether so many packet buffers are more than the limit allows; what this user has locked already comes on top. */
    static boolean isBeyondMemoryLock(int frames) {
        return (long) frames * FramePool.FRAME_BYTES > AfXdpNative.memoryLockLimit();
    }

    private static String memoryLock(int frames) {
        final long limit = AfXdpNative.memoryLockLimit();
        final long needed = (long) frames * FramePool.FRAME_BYTES;
        final long fitting = limit / FramePool.FRAME_BYTES;
        return "The packet buffers need " + needed / 1024 + " KiB of locked memory beside what this user has locked already, and the"
            + " limit is " + limit / 1024 + " KiB: 'ulimit -l " + needed / 1024 + "' before the start (LimitMEMLOCK=" + needed / 1024
            + "K in a systemd unit), or grant CAP_IPC_LOCK"
            + (fitting >= 256 ? ", or use fewer buffers: -D" + Options.XDP_FRAMES.property() + "=" + Long.highestOneBit(fitting) : "");
    }
}
