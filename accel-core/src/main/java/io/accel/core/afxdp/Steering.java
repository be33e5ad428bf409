package io.accel.core.afxdp;

import io.accel.core.Reason;
import io.accel.core.natives.Errno;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterSpec;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** The loaded XDP program: which datagrams it steals, and for which sockets. Any thread. */
final class Steering implements AutoCloseable {
    private static final int E2BIG = 7;
    /** The upper half of an IPv4-mapped address is zero; this is what the lower one starts with. */
    private static final long IPV4_MAPPED = 0xFFFFL << 32;

    private long handle;

    /** @throws SetUpFailure most likely EPERM */
    Steering() throws SetUpFailure {
        handle = AfXdpNative.steeringLoad();
        if (handle < 0 && handle > -4096) {
            throw new SetUpFailure(SetUpFailure.Step.PROGRAM, (int) -handle);
        }
    }

    void attach(int interfaceIndex, XdpMode mode) throws SetUpFailure {
        final int error = AfXdpNative.steeringAttach(handle, interfaceIndex, mode.attachFlags());
        if (error != 0) {
            throw new SetUpFailure(SetUpFailure.Step.ATTACH, -error);
        }
    }

    void add(Xsk socket) throws SetUpFailure {
        final int error = AfXdpNative.steeringQueue(handle, socket.queue(), socket.fd());
        if (error != 0) {
            throw new SetUpFailure(SetUpFailure.Step.PROGRAM, -error);
        }
    }

    synchronized void configure(long mac, int frameLimit) {
        if (handle != 0) {
            AfXdpNative.steeringConfigure(handle, mac, frameLimit);
        }
    }

    Filter install(FilterSpec spec, FilterMode mode) throws FilterRefusedException {
        check(spec, mode);
        final int error = change(spec, true);
        if (error == -E2BIG || error == -Errno.ENOMEM || error == -Errno.ENOSPC) {
            throw new FilterRefusedException(Reason.FILTER_TABLE_FULL, "the XDP program's filter table is full (" + Errno.text(error)
                + "): bind fewer ports on this interface");
        }
        if (error == -Errno.EEXIST) {
            throw new FilterRefusedException(Reason.FILTER_TAKEN, "the same filter is installed already: remove it first");
        }
        if (error != 0) {
            throw new FilterRefusedException(Reason.FILTER_REFUSED, "the kernel refused the filter: " + Errno.text(error));
        }
        return new Installed(spec);
    }

    private static void check(FilterSpec spec, FilterMode mode) throws FilterRefusedException {
        if (mode != FilterMode.STEAL) {
            throw new FilterRefusedException(Reason.FILTER_UNSUPPORTED,
                "XDP can only steal, not " + mode.name().toLowerCase(java.util.Locale.ROOT)
                    + ": leave traffic that others need to the kernel, or use a datapath that replicates");
        }
        if (!spec.isPlainUdp()) {
            throw new FilterRefusedException(Reason.FILTER_UNSUPPORTED,
                "afxdp filters UDP by local address and port, with or without remote address and port, and by nothing else");
        }
        if (spec.remote() != null && !spec.local().getClass().equals(spec.remote().getClass())) {
            throw new FilterRefusedException(Reason.FILTER_UNSUPPORTED, "both ends of a filter are of one IP version, not "
                + spec.local().getHostAddress() + " and " + spec.remote().getHostAddress());
        }
        if (spec.local().isAnyLocalAddress()) {
            throw new FilterRefusedException(Reason.FILTER_UNSUPPORTED, "afxdp needs one filter per local address or group, not "
                + spec.local().getHostAddress());
        }
    }

    private synchronized int change(FilterSpec spec, boolean install) {
        if (handle == 0) {
            return -Errno.ENODEV;
        }
        final boolean full = spec.remote() != null;
        return AfXdpNative.steeringFilter(handle, install, FilterSpec.UDP, high(spec.local()), low(spec.local()),
            spec.localPort().getAsInt(), full, full ? high(spec.remote()) : 0, full ? low(spec.remote()) : 0,
            spec.remotePort().orElse(0));
    }

    private static long high(InetAddress address) {
        return address instanceof Inet4Address ? 0 : ByteBuffer.wrap(address.getAddress()).getLong();
    }

    private static long low(InetAddress address) {
        final ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address ? IPV4_MAPPED | octets.getInt() & 0xFFFFFFFFL : octets.getLong(Long.BYTES);
    }

    @Override
    public synchronized void close() {
        if (handle != 0) {
            AfXdpNative.steeringClose(handle);
            handle = 0;
        }
    }

    private final class Installed implements Filter {
        private final FilterSpec spec;
        private boolean removed;

        Installed(FilterSpec spec) {
            this.spec = spec;
        }

        @Override
        public FilterSpec spec() {
            return spec;
        }

        @Override
        public FilterMode mode() {
            return FilterMode.STEAL;
        }

        @Override
        public void close() {
            synchronized (Steering.this) {
                if (!removed) {
                    removed = true;
                    change(spec, false);
                }
            }
        }
    }
}
