package io.accel.tools.selftest;

import io.accel.core.config.Configuration;
import io.accel.core.datapath.DatapathException;
import io.accel.core.efvi.EfviDatapath;
import io.accel.core.natives.InterfaceDriver;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterSpec;
import io.accel.core.vi.NicDescription;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import io.accel.udp.wire.EthernetHeader;
import io.accel.udp.wire.NetworkOrder;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What the NIC can be asked to do without anybody at the other end. */
final class NicSteps {
    private static final int FRAME_BYTES = 60;
    /** For experiments: nobody listens to it (IEEE 802, local experimental EtherType 1). */
    private static final int EXPERIMENTAL = 0x88B5;
    private static final long SENT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final Configuration configuration;
    private final List<InetAddress> addresses;
    private final EfviDatapath datapath = new EfviDatapath();
    private VirtualInterface vi;

    /** @param addresses of the interface */
    NicSteps(String name, Configuration configuration, List<InetAddress> addresses) {
        this.name = name;
        this.configuration = configuration;
        this.addresses = addresses;
    }

    /** @return whether the VI can be opened */
    boolean run(Checklist list) {
        if (!list.run("open", this::open).isGood()) {
            for (final String each : List.of("nic", "memory", "filter", "send", "reset")) {
                list.skip(each, "there is no VI");
            }
            return false;
        }
        try {
            list.run("nic", this::describe);
            list.run("memory", this::memory);
            list.run("filter", this::filter);
            list.run("send", this::send);
            return list.run("reset", this::reset).isGood();
        } finally {
            vi.close();
        }
    }

    private Outcome open() {
        try {
            vi = datapath.open(name, configuration);
            return Outcome.ok(vi.capabilities().mode());
        } catch (final DatapathException e) {
            return Outcome.failed(e.reason() + ": " + e.getMessage());
        }
    }

    private Outcome describe() {
        final NicDescription nic = vi.nic().orElseThrow();
        final InterfaceDriver driver = InterfaceDriver.of(name);
        return Outcome.ok("architecture " + nic.architecture() + ", MTU " + nic.mtu() + ", MAC " + nic.macText()
            + ", driver " + driver.name() + " " + driver.version() + (driver.firmware().isEmpty() ? "" : ", firmware " + driver.firmware())
            + ", libciul " + nic.library() + ", " + nic.capabilities().size() + " capabilities ('accel interfaces' lists them)");
    }

    private Outcome memory() {
        return Outcome.ok(vi.capabilities().mode().contains("small-pages") ? "4 KiB pages, since there are no huge ones"
            + " to be had: 'sysctl vm.nr_hugepages=64' gives some, which costs the NIC fewer entries of its table, unless a control group"
            + " (a container) allows none" : "huge pages");
    }

    /** On a port of our own, so that nobody loses a datagram by it. */
    private Outcome filter() throws IOException {
        if (addresses.isEmpty()) {
            return Outcome.skipped(name + " has no address: 'ip addr add' one");
        }
        try (DatagramSocket port = new DatagramSocket(new InetSocketAddress(addresses.get(0), 0))) {
            final FilterSpec spec = FilterSpec.udpLocal(addresses.get(0), port.getLocalPort());
            install(spec).close();
            install(spec).close();
            return Outcome.ok("UDP to " + addresses.get(0).getHostAddress() + " port " + port.getLocalPort()
                + ", installed, removed, and again");
        } catch (final FilterRefusedException e) {
            return Outcome.failed(e.reason() + ": " + e.getMessage());
        }
    }

    private Filter install(FilterSpec spec) throws FilterRefusedException {
        return vi.addFilter(spec, FilterMode.STEAL);
    }

    /** One frame from the NIC to itself, which no switch passes on and no host takes. */
    private Outcome send() {
        final int space = vi.txSpace();
        final long frame = vi.txClaim(0, FRAME_BYTES);
        if (frame == VirtualInterface.NONE) {
            return Outcome.failed("the send ring has no room, though nothing was sent; see the kernel's log ('dmesg')");
        }
        final long mac = vi.nic().orElseThrow().mac();
        for (int i = 0; i < FRAME_BYTES; i += Integer.BYTES) {
            NetworkOrder.putInt(frame + i, 0);
        }
        EthernetHeader.destination(frame, mac);
        EthernetHeader.source(frame, mac);
        EthernetHeader.type(frame, EXPERIMENTAL);
        vi.txInit(frame, FRAME_BYTES, TxFlags.NONE);
        final int pushed = vi.txPush(false);
        final long start = System.nanoTime();
        while (pushed >= 0 && vi.txSpace() < space && System.nanoTime() - start < SENT_NANOS) {
            Thread.onSpinWait();
        }
        final String lost = vi.drops().entrySet().stream().filter(e -> e.getKey().startsWith("tx_") && e.getValue() > 0)
            .map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining(", "));
        if (pushed < 0 || vi.txSpace() < space || !lost.isEmpty()) {
            return Outcome.failed("a frame did not leave" + (lost.isEmpty() ? " within a second" : ": " + lost)
                + "; is the link up? See the kernel's log ('dmesg')");
        }
        return Outcome.ok("a frame of " + FRAME_BYTES + " bytes to the NIC's own address has left");
    }

    /** What follows a RESET or an OVERFLOW: everything anew. */
    private Outcome reset() throws IOException {
        vi.close();
        final Outcome opened = open();
        return opened.isGood() && !addresses.isEmpty() ? Outcome.ok("closed and opened anew; filter: " + filter().words()) : opened;
    }
}
