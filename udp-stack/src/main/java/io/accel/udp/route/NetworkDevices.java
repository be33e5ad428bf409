package io.accel.udp.route;

import io.accel.core.natives.Errno;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** The host's interfaces and addresses, asked from the kernel at each call. Any thread. */
public final class NetworkDevices implements AutoCloseable {
    private static final int IF_INDEX = 0;
    private static final int MTU = 1;
    private static final int FLAGS = 2;
    private static final int TYPE = 3;
    private static final int MASTER = 4;
    private static final int LOWER = 5;
    private static final int VLAN = 6;
    private static final int MAC = 7;
    private static final int NAME = 8;
    private static final int KIND = 10;
    private static final int XDP = 12;
    private static final int HOP_LIMIT = 13;
    private static final int IPV6_MTU = 14;
    private static final int DEVICE_SLOTS = 15;

    private static final int ADDRESS_IF_INDEX = 0;
    private static final int ADDRESS_FAMILY = 1;
    private static final int ADDRESS_PREFIX = 2;
    private static final int ADDRESS_SCOPE = 3;
    private static final int ADDRESS_FLAGS = 4;
    private static final int ADDRESS_VALUE = 5;
    private static final int ADDRESS_SLOTS = 7;

    private static final int TEXT = 16;
    private static final int ATTEMPTS = 8;

    private final NetlinkSocket socket;

    private NetworkDevices() throws IOException {
        this.socket = new NetlinkSocket(RouteNatives.openRoute(), 64 * DEVICE_SLOTS * Long.BYTES, "devices");
    }

    public static NetworkDevices open() throws IOException {
        return new NetworkDevices();
    }

    /** Null when there is none. */
    public NetworkDevice byIndex(int ifIndex) {
        synchronized (socket) {
            final int error = RouteNatives.deviceByIndex(socket.fd(), ifIndex, socket.memory());
            return error < 0 ? null : readDevice(socket.memory());
        }
    }

    /** Null when there is none. */
    public NetworkDevice byName(String name) {
        synchronized (socket) {
            final int error = RouteNatives.deviceByName(socket.fd(), name, socket.memory());
            return error < 0 ? null : readDevice(socket.memory());
        }
    }

    public List<NetworkDevice> all() throws IOException {
        synchronized (socket) {
            final int count = dump(RouteNatives::devices, DEVICE_SLOTS);
            final List<NetworkDevice> devices = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                devices.add(readDevice(socket.memory() + (long) i * DEVICE_SLOTS * Long.BYTES));
            }
            return devices;
        }
    }

    /** Every address of every interface, whether it is up or not. */
    public List<LocalAddress> addresses() throws IOException {
        synchronized (socket) {
            final int count = dump(RouteNatives::addresses, ADDRESS_SLOTS);
            final List<LocalAddress> addresses = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                final long record = socket.memory() + (long) i * ADDRESS_SLOTS * Long.BYTES;
                addresses.add(new LocalAddress((int) socket.slot(record, ADDRESS_IF_INDEX),
                    socket.address(record, ADDRESS_VALUE, (int) socket.slot(record, ADDRESS_FAMILY)),
                    (int) socket.slot(record, ADDRESS_PREFIX), (int) socket.slot(record, ADDRESS_SCOPE),
                    (int) socket.slot(record, ADDRESS_FLAGS)));
            }
            return addresses;
        }
    }

    /** Whether an interface has this address, or it is of 127.0.0.0/8; routes of type LOCAL may cover more. */
    public boolean isLocal(InetAddress address) throws IOException {
        if (address instanceof Inet4Address && address.isLoopbackAddress()) {
            return true;
        }
        for (final LocalAddress local : addresses()) {
            if (local.address().equals(address)) {
                return true;
            }
        }
        return false;
    }

    private interface Dump {
        int run(int fd, long out, int max);
    }

    /** Repeats with more memory until all fits, and after a change under way (EINTR). */
    private int dump(Dump dump, int slots) throws IOException {
        int result = -Errno.EINTR;
        for (int i = 0; i < ATTEMPTS; i++) {
            final int max = socket.bytes() / (slots * Long.BYTES);
            result = dump.run(socket.fd(), socket.memory(), max);
            if (result >= 0 && result <= max) {
                return result;
            }
            if (result > max) {
                socket.reserve(2 * result * slots * Long.BYTES);
            } else if (result != -Errno.EINTR) {
                break;
            }
        }
        throw new IOException("the kernel did not tell its interfaces and addresses: "
            + (result < 0 ? Errno.text(result) : "they grow faster than they can be read"));
    }

    private NetworkDevice readDevice(long record) {
        return new NetworkDevice((int) socket.slot(record, IF_INDEX), socket.text(record, NAME, TEXT), socket.slot(record, MAC),
            (int) socket.slot(record, MTU), (int) socket.slot(record, FLAGS), (int) socket.slot(record, TYPE),
            (int) socket.slot(record, MASTER), (int) socket.slot(record, LOWER), (int) socket.slot(record, VLAN),
            socket.text(record, KIND, TEXT), (int) socket.slot(record, XDP), (int) socket.slot(record, HOP_LIMIT),
            (int) socket.slot(record, IPV6_MTU));
    }

    @Override
    public void close() {
        socket.close();
    }
}
