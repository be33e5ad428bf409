package io.accel.core.efvi;

import io.accel.core.Reason;
import io.accel.core.memory.Memory;
import io.accel.core.natives.Errno;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterScope;
import io.accel.core.vi.FilterSpec;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The filters of a VI, or of all the VIs of its set. Which combinations there are libciul's setters know ({@code lib/ciul/filter.c}), and
 * what the NIC has room and firmware for its driver; both refusals come as reasons. Any thread.
 */
final class Filters {
    private static final int EPROTONOSUPPORT = 93;
    private static final int IPV4 = 4;
    private static final int IPV6 = 6;
    private static final int MAC_BYTES = 6;

    private final long handle;
    private final NicFacts facts;
    private final SideLocks lock;
    private boolean closed;

    /** @param lock of the receive sides, whose VIs the filters are of */
    Filters(long handle, NicFacts facts, SideLocks lock) {
        this.handle = handle;
        this.facts = facts;
        this.lock = lock;
    }

    Filter install(FilterSpec spec, FilterMode mode) throws FilterRefusedException {
        check(spec, mode);
        final long request = Memory.allocateAligned(Layout.FILTER_BYTES, Long.BYTES);
        try {
            write(spec, request);
            final int error = add(request);
            if (error != 0) {
                throw refused(-error, spec);
            }
            return new Installed(spec, mode, Memory.getInt(request + Layout.FILTER_ID), Memory.getInt(request + Layout.FILTER_TYPE));
        } finally {
            Memory.freeAligned(request);
        }
    }

    private int add(long request) {
        lock.lock();
        try {
            return closed ? -Errno.ENODEV : EfviNative.filterAdd(handle, request);
        } finally {
            lock.unlock();
        }
    }

    private void check(FilterSpec spec, FilterMode mode) throws FilterRefusedException {
        final FilterMode done = modeOf(spec);
        if (mode != done) {
            throw unsupported("the NIC can only " + done.name().toLowerCase(Locale.ROOT) + " what this filter matches, not "
                + mode.name().toLowerCase(Locale.ROOT));
        }
        if (spec.local() == null ? spec.localPort().isPresent() || spec.remote() != null || spec.remotePort().isPresent()
            : spec.localPort().isEmpty() || spec.ipProtocol().isEmpty() || spec.remote() == null != spec.remotePort().isEmpty()) {
            throw unsupported("ef_vi filters addresses together with their ports and a protocol: local, or local and remote");
        }
        if (spec.local() != null && spec.local().isAnyLocalAddress()) {
            throw unsupported("ef_vi needs one filter per local address, not " + spec.local().getHostAddress());
        }
        if (spec.remote() != null && (spec.remote().isAnyLocalAddress() || spec.remotePort().getAsInt() == 0
            || spec.remote() instanceof Inet4Address != spec.local() instanceof Inet4Address)) {
            throw unsupported("ef_vi needs a whole remote end of the local one's family");
        }
        if (spec.scope() != FilterScope.STREAM && (spec.local() != null || spec.mac().isPresent() || spec.etherType().isPresent()
            || spec.ipProtocol().isPresent())) {
            throw unsupported("ef_vi has no filter for this combination: " + spec);
        }
    }

    /** What the NIC does: a unicast stream has one taker, a multicast one as many as ask for it, and sniffing takes from nobody. */
    private FilterMode modeOf(FilterSpec spec) {
        if (spec.scope().sniffs()) {
            return FilterMode.SNIFF;
        }
        return spec.isMulticast() && facts.replicatesMulticast() ? FilterMode.REPLICATE : FilterMode.STEAL;
    }

    private static FilterRefusedException unsupported(String why) {
        return new FilterRefusedException(Reason.FILTER_UNSUPPORTED, why);
    }

    private static void write(FilterSpec spec, long at) {
        int fields = 0;
        Memory.putInt(at + Layout.FILTER_SCOPE, spec.scope().ordinal());
        if (spec.local() != null) {
            fields |= Layout.FIELD_LOCAL;
            Memory.putInt(at + Layout.FILTER_FAMILY, spec.local() instanceof Inet4Address ? IPV4 : IPV6);
            Memory.putInt(at + Layout.FILTER_LOCAL_PORT, spec.localPort().getAsInt());
            putAddress(at + Layout.FILTER_LOCAL, spec.local());
        }
        if (spec.remote() != null) {
            fields |= Layout.FIELD_REMOTE;
            Memory.putInt(at + Layout.FILTER_REMOTE_PORT, spec.remotePort().getAsInt());
            putAddress(at + Layout.FILTER_REMOTE, spec.remote());
        }
        if (spec.mac().isPresent()) {
            fields |= Layout.FIELD_MAC;
            for (int i = 0; i < MAC_BYTES; i++) {
                Memory.putByte(at + Layout.FILTER_MAC + i, (byte) (spec.mac().getAsLong() >>> 8 * (MAC_BYTES - 1 - i)));
            }
        }
        fields |= put(spec.ipProtocol(), at + Layout.FILTER_PROTOCOL, Layout.FIELD_PROTOCOL);
        fields |= put(spec.vlan(), at + Layout.FILTER_VLAN, Layout.FIELD_VLAN);
        fields |= put(spec.etherType(), at + Layout.FILTER_ETHER_TYPE, Layout.FIELD_ETHER_TYPE);
        fields |= put(spec.queue(), at + Layout.FILTER_QUEUE, Layout.FIELD_QUEUE);
        Memory.putInt(at + Layout.FILTER_FIELDS, fields);
    }

    private static int put(OptionalInt value, long at, int field) {
        if (value.isEmpty()) {
            return 0;
        }
        Memory.putInt(at, value.getAsInt());
        return field;
    }

    private static void putAddress(long at, InetAddress address) {
        final byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            Memory.putByte(at + i, bytes[i]);
        }
    }

    private static FilterRefusedException refused(int errno, FilterSpec spec) {
        return switch (errno) {
            case Errno.ENOSPC, Errno.ENOMEM -> new FilterRefusedException(Reason.FILTER_TABLE_FULL,
                "the NIC's filter table is full (" + Errno.text(errno) + "): bind fewer ports on this interface");
            case Errno.EEXIST -> new FilterRefusedException(Reason.FILTER_TAKEN, "the same filter is installed already: remove it first");
            case Errno.EBUSY -> new FilterRefusedException(Reason.FILTER_TAKEN,
                "another program holds this stream, or the receive queue, for itself alone");
            case Errno.EPERM, Errno.EACCES -> new FilterRefusedException(Reason.NO_PRIVILEGE,
                "the driver refuses this filter to this user (" + Errno.text(errno) + "): grant CAP_NET_ADMIN");
            case EPROTONOSUPPORT, Errno.EINVAL -> unsupported("ef_vi has no filter for this combination: " + spec);
            case Errno.EOPNOTSUPP -> unsupported("this NIC or its firmware has no such filter: " + spec);
            default -> new FilterRefusedException(Reason.FILTER_REFUSED, "the NIC or its firmware refused the filter ("
                + Errno.text(errno) + "): " + spec);
        };
    }

    /** Under the lock: the VI takes its filters with it. */
    void close() {
        closed = true;
    }

    private final class Installed implements Filter {
        private final FilterSpec spec;
        private final FilterMode mode;
        private final int id;
        private final int type;
        private boolean removed;

        Installed(FilterSpec spec, FilterMode mode, int id, int type) {
            this.spec = spec;
            this.mode = mode;
            this.id = id;
            this.type = type;
        }

        @Override
        public FilterSpec spec() {
            return spec;
        }

        @Override
        public FilterMode mode() {
            return mode;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!removed && !closed) {
                    EfviNative.filterRemove(handle, id, type);
                }
                removed = true;
            } finally {
                lock.unlock();
            }
        }
    }
}
