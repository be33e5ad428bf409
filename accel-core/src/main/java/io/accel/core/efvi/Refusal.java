package io.accel.core.efvi;

import io.accel.core.Reason;
import io.accel.core.config.InterfaceSelection;
import io.accel.core.config.Options;
import io.accel.core.datapath.DatapathException;
import io.accel.core.natives.Errno;
import io.accel.core.vi.Shortfall;

/** A failed set-up told in words: the reason, and the remedy. */
final class Refusal {
    /** In the order of {@code enum open_step}, beginning with 1. */
    private static final String[] STEPS = {
        "", "opening the driver (/dev/sfc_char)", "allocating a protection domain", "allocating the packet buffers",
        "registering the packet buffers", "opening the receive VI", "opening the send VI", "posting the packet buffers"
    };
    private static final int DRIVER = 1;
    private static final int DOMAIN = 2;
    private static final int ALLOCATE = 3;
    private static final int REGISTER = 4;

    private Refusal() {
    }

    /** There is one VI and no set of them. */
    static Shortfall ofSet(int errno, int vis, String ifName) {
        final String option = Options.EFVI_VIS.property();
        final String why = InterfaceSelection.isCluster(ifName) ? "a cluster's member is one VI: share its work with other members"
            : errno == Errno.EOPNOTSUPP ? "this NIC has no sets of VIs (X3 and X4 have none)"
            : errno == Errno.EBUSY || errno == Errno.ENOSPC
            ? "the NIC has not so many VIs left: ask for fewer, or stop another program that holds some"
            : "the driver refused it, see the kernel's log ('dmesg')";
        return new Shortfall(Reason.NO_VI_SET, option + "=" + vis + " on " + ifName + ", but one VI receives: " + Errno.text(errno) + ": "
            + why);
    }

    static DatapathException of(int step, int errno, String ifName) {
        final String what = "efvi on " + ifName + ": " + STEPS[step] + " failed: " + Errno.text(errno) + ". ";
        if (errno == Errno.EPERM || errno == Errno.EACCES) {
            return new DatapathException(Reason.NO_PRIVILEGE, what + "Run as root, or let this user open /dev/sfc_char");
        }
        if (step == DRIVER) {
            return new DatapathException(Reason.NO_DRIVER, what + "ef_vi needs a Solarflare or AMD NIC and Onload's drivers:"
                + " install Onload, 'onload_tool reload', or name another datapath in " + Options.INTERFACES.property());
        }
        if (errno == Errno.ENOMEM && (step == REGISTER || step == ALLOCATE)) {
            return new DatapathException(Reason.MEMLOCK, what + "Raise 'ulimit -l', free memory, or use fewer buffers: -D"
                + Options.EFVI_FRAMES.property() + "=");
        }
        if (step == DOMAIN && errno == Errno.ENODEV && InterfaceSelection.isCluster(ifName)) {
            return new DatapathException(Reason.NO_INTERFACE, what + "There is no such cluster: solar_clusterd must run and have made it"
                + " for this user, and EF_VI_CLUSTER_SOCKET name its socket where that is another's");
        }
        if (errno == Errno.ENODEV || errno == Errno.EOPNOTSUPP || errno == Errno.ENXIO) {
            return new DatapathException(Reason.NO_DRIVER, what + "The interface is none of a NIC that offers ef_vi, or its firmware lacks"
                + " what was asked for: name another datapath in " + Options.INTERFACES.property());
        }
        if (errno == Errno.EBUSY || errno == Errno.ENOSPC) {
            return new DatapathException(Reason.QUEUE_TAKEN, what + "The NIC has no VI, or no buffer table entries, left: stop another"
                + " program that holds some");
        }
        return new DatapathException(Reason.DATAPATH_FAILED, what + "See the kernel's log ('dmesg')");
    }
}
