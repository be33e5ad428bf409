package io.accel.udp.route;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/** A netlink descriptor with the memory that its requests and records lie in; callers hold its monitor during a conversation. */
final class NetlinkSocket implements AutoCloseable {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    private static final int SLOT = Long.BYTES;

    private final int fd;
    private long memory;
    private int bytes;
    private boolean closed;

    /** @param fd what a native open returned: the descriptor, or negated errno */
    NetlinkSocket(int fd, int bytes, String what) throws IOException {
        if (fd < 0) {
            throw new IOException("cannot open a netlink socket for " + what + ": " + Errno.text(fd));
        }
        this.fd = fd;
        this.bytes = bytes;
        this.memory = Memory.allocateAligned(bytes, SLOT);
    }

    int fd() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        return fd;
    }

    long memory() {
        return memory;
    }

    int bytes() {
        return bytes;
    }

    /** Makes the memory at least this large; what it held is lost. */
    void reserve(int needed) {
        if (needed > bytes) {
            Memory.freeAligned(memory);
            memory = 0;
            memory = Memory.allocateAligned(needed, SLOT);
            bytes = needed;
        }
    }

    long slot(long record, int index) {
        return Memory.getLong(record + (long) index * SLOT);
    }

    InetAddress address(long record, int index, int family) {
        return readAddress(record + (long) index * SLOT, family);
    }

    String text(long record, int index, int size) {
        final byte[] text = new byte[size];
        int length = 0;
        while (length < size && (text[length] = Memory.getByte(record + (long) index * SLOT + length)) != 0) {
            length++;
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    static int family(InetAddress address) {
        return address instanceof Inet4Address ? AF_INET : AF_INET6;
    }

    static void writeAddress(long at, InetAddress address) {
        final byte[] octets = address.getAddress();
        for (int i = 0; i < 16; i++) {
            Memory.putByte(at + i, i < octets.length ? octets[i] : 0);
        }
    }

    static InetAddress readAddress(long at, int family) {
        final byte[] octets = new byte[family == AF_INET ? 4 : 16];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = Memory.getByte(at + i);
        }
        try {
            return InetAddress.getByAddress(octets);
        } catch (final UnknownHostException e) {
            throw new IllegalStateException("4 and 16 octets are addresses", e);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Posix.close(fd);
            Memory.freeAligned(memory);
            memory = 0;
        }
    }
}
