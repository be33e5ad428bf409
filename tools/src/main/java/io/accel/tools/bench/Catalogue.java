package io.accel.tools.bench;

import io.accel.core.config.Names;
import io.accel.tools.ToolException;
import io.accel.tools.run.Flavour;
import io.accel.tools.run.Host;
import io.accel.tools.run.Hosts;
import io.accel.tools.run.Machine;
import io.accel.tools.run.Samples;
import io.accel.tools.run.VethPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The sections there are. Those over veth need a pair, and with it root. */
final class Catalogue {
    static final String JDK = "JDK";
    static final String ACCEL = "Accel";
    static final List<String> ROUND_TRIP = List.of("p50 µs", "p99 µs", "rate/s", "lost", "fast %");
    static final List<String> ONE_WAY = List.of("received/s", "lost", "fast %");

    private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
    private static final NettyMeasurements.Setting EPOLL = new NettyMeasurements.Setting("epoll", "spin", 64, null);
    /** Stands for all sections whose names begin with it. */
    private static final String NETTY = "netty";

    private final Measurements measure;
    private final NettyMeasurements netty;
    private final NettySections nettySections;
    private final boolean quick;
    private final Flavour jdk = Flavour.jdk(JDK, Machine.java());
    private final Flavour accel = Flavour.accel(ACCEL, Machine.java(), null);
    private final Flavour accelNone = Flavour.accel("Accel, interfaces=none", Machine.java(), "none");
    private final Flavour accelXdp = Flavour.accel(ACCEL, Machine.java(), "%s:afxdp");

    Catalogue(Path dist, Path floor, boolean quick) {
        this.quick = quick;
        final Samples samples = new Samples(dist);
        final int seconds = quick ? 1 : 2;
        measure = new Measurements(samples, floor, seconds);
        netty = new NettyMeasurements(samples, dist, seconds);
        nettySections = new NettySections(netty);
    }

    /** Between the CPUs that all sections use. */
    Handover handover() throws IOException {
        final Hosts loopback = Hosts.loopback();
        return new Handover(() -> measure.handoverMicros(loopback), () -> LockSupport.parkNanos(BETWEEN_LOOKS_NANOS));
    }

    /** Those that any user can run. */
    List<Section> local() throws IOException {
        final Hosts loopback = Hosts.loopback();
        final List<Section> sections = new ArrayList<>(
            List.of(shm(loopback), shmRate(loopback), kernel(loopback), kernelRate(loopback), sleeping(loopback)));
        sections.addAll(nettySections.host(loopback));
        return sections;
    }

    /** Those between two network namespaces. */
    List<Section> veth(Hosts pair) throws IOException {
        final List<Section> sections = new ArrayList<>(List.of(xdp(pair), xdpRate(pair), tcp(pair)));
        sections.addAll(nettySections.veth(pair));
        return sections;
    }

    private Section shm(Hosts hosts) throws IOException {
        final List<Contender> rows = new ArrayList<>(List.of(
            new Contender("C shm floor", () -> measure.shmFloor(hosts)),
            new Contender("C kernel UDP", () -> measure.udpFloor(hosts)),
            new Contender(JDK, () -> measure.pingPong(hosts, jdk, jdk, "spin")),
            new Contender("Netty epoll", () -> netty.pingPong(hosts, EPOLL)),
            new Contender(ACCEL, () -> measure.pingPong(hosts, accel, accel, "spin"))));
        final List<Budget> budgets = new ArrayList<>(List.of(
            Budget.atMost("p50 µs", ACCEL, "C shm floor", 2.5), Budget.atLeast("p50 µs", JDK, ACCEL, 15)));
        final Optional<Path> other = quick ? Optional.empty() : Machine.otherJava(25);
        if (other.isPresent()) {
            final Flavour jdk25 = Flavour.jdk("JDK 25", other.get());
            final Flavour accel25 = Flavour.accel("Accel on 25", other.get(), null);
            rows.add(new Contender(jdk25.name(), () -> measure.pingPong(hosts, jdk25, jdk25, "spin")));
            rows.add(new Contender(accel25.name(), () -> measure.pingPong(hosts, accel25, accel25, "spin")));
            budgets.add(Budget.atMost("p50 µs", accel25.name(), "C shm floor", 2.5));
            budgets.add(Budget.atLeast("p50 µs", jdk25.name(), accel25.name(), 15));
        }
        return new Section("shm", "Round trip on one host, 64 bytes, both sides spinning", ROUND_TRIP, rows, budgets);
    }

    private Section shmRate(Hosts hosts) {
        return new Section("shm-rate", "One way on one host, 64 bytes, as fast as it can", ONE_WAY, List.of(
            new Contender("C kernel UDP", () -> measure.udpFloorRate(hosts)),
            new Contender(JDK, () -> measure.oneWay(hosts, jdk, jdk)),
            new Contender(ACCEL, () -> measure.oneWay(hosts, accel, accel))), List.of(Budget.atLeast("received/s", ACCEL, JDK, 1)));
    }

    private Section kernel(Hosts hosts) {
        return new Section("kernel", "The kernel path under our provider, round trip over loopback", ROUND_TRIP, List.of(
            new Contender(JDK, () -> measure.pingPong(hosts, jdk, jdk, "spin")),
            new Contender(accelNone.name(), () -> measure.pingPong(hosts, accelNone, accelNone, "spin")),
            new Contender("Accel to a JDK peer", () -> measure.pingPong(hosts, accel, jdk, "spin"))),
            List.of(Budget.atLeast("rate/s", accelNone.name(), JDK, 0.95), Budget.atLeast("rate/s", "Accel to a JDK peer", JDK, 0.95)));
    }

    private Section kernelRate(Hosts hosts) {
        return new Section("kernel-rate", "The kernel path under our provider, one way over loopback", ONE_WAY, List.of(
            new Contender(JDK, () -> measure.oneWay(hosts, jdk, jdk)),
            new Contender(accelNone.name(), () -> measure.oneWay(hosts, accelNone, accelNone)),
            new Contender("Accel to a JDK peer", () -> measure.oneWay(hosts, accel, jdk)),
            new Contender("JDK to an Accel peer", () -> measure.oneWay(hosts, jdk, accel))),
            List.of(Budget.atLeast("received/s", accelNone.name(), JDK, 0.95),
                Budget.atLeast("received/s", "Accel to a JDK peer", JDK, 0.95),
                Budget.atLeast("received/s", "JDK to an Accel peer", JDK, 0.95)));
    }

    private Section sleeping(Hosts hosts) {
        return new Section("sleep", "Asleep in select and in a blocking receive, round trip over loopback", ROUND_TRIP, List.of(
            new Contender("JDK select", () -> measure.pingPong(hosts, jdk, jdk, "select")),
            new Contender("Accel select", () -> measure.pingPong(hosts, accel, accel, "select")),
            new Contender("JDK blocking", () -> measure.pingPong(hosts, jdk, jdk, "blocking")),
            new Contender("Accel blocking", () -> measure.pingPong(hosts, accel, accel, "blocking"))),
            List.of(Budget.atMost("p50 µs", "Accel select", "JDK select", 1),
                Budget.atMost("p50 µs", "Accel blocking", "JDK blocking", 1)));
    }

    private Section xdp(Hosts pair) {
        return new Section("veth", "Round trip over a veth pair, 64 bytes, both sides spinning", ROUND_TRIP, List.of(
            new Contender("C AF_XDP floor", () -> measure.xdpFloor(pair)),
            new Contender("C kernel UDP", () -> measure.udpFloor(pair)),
            new Contender(JDK, () -> measure.pingPong(pair, jdk, jdk, "spin")),
            new Contender("Netty epoll", () -> netty.pingPong(pair, EPOLL)),
            new Contender(ACCEL, () -> measure.pingPong(pair, accelXdp, accelXdp, "spin")),
            new Contender("Accel to a JDK peer", () -> measure.pingPong(pair, accelXdp, jdk, "spin")),
            new Contender(accelNone.name(), () -> measure.pingPong(pair, accelNone, accelNone, "spin"))),
            List.of(Budget.atMost("p50 µs", ACCEL, "C AF_XDP floor", 1.10), Budget.atLeast("p50 µs", JDK, ACCEL, 2.2),
                Budget.atLeast("rate/s", accelNone.name(), JDK, 0.95)));
    }

    private Section xdpRate(Hosts pair) {
        return new Section("veth-rate", "One way over a veth pair, 64 bytes, as fast as it can", ONE_WAY, List.of(
            new Contender("C AF_XDP floor, burst 32", () -> measure.xdpFloorRate(pair, 32)),
            new Contender("C AF_XDP floor, burst 8", () -> measure.xdpFloorRate(pair, 8)),
            new Contender("C AF_XDP floor, burst 1", () -> measure.xdpFloorRate(pair, 1)),
            new Contender("C kernel UDP", () -> measure.udpFloorRate(pair)),
            new Contender(JDK, () -> measure.oneWay(pair, jdk, jdk)),
            new Contender(ACCEL, () -> measure.oneWay(pair, accelXdp, accelXdp))),
            List.of(Budget.atLeast("received/s", ACCEL, "C AF_XDP floor, burst 32", 0.85), Budget.atLeast("received/s", ACCEL, JDK, 2.5)));
    }

    private Section tcp(Hosts pair) {
        final Host holder = pair.server();
        return new Section("veth-tcp", "TCP of a C program through the interface", List.of("Gbit/s"), List.of(
            new Contender("nobody holds it", () -> measure.tcp(pair)),
            new Contender("Accel holds it", () -> measure.tcpWhileHeld(pair, accelXdp, holder))),
            List.of(Budget.atLeast("Gbit/s", "Accel holds it", "nobody holds it", 0.95)));
    }

    /** The names of all, for the command line; none of them is run. */
    static List<String> names() {
        return List.of("shm", "shm-rate", "kernel", "kernel-rate", "sleep", "veth", "veth-rate", "veth-tcp", NettySections.HOST,
            NettySections.HOST_RATE, NettySections.VETH, NettySections.VETH_RATE);
    }

    /** The names of the sections that these words ask for; all where there is none. */
    static Set<String> select(List<String> words) throws ToolException {
        final Set<String> selected = new LinkedHashSet<>(words.isEmpty() ? names() : List.of());
        for (final String word : words) {
            if (word.equals(NETTY)) {
                names().stream().filter(name -> name.startsWith(NETTY)).forEach(selected::add);
            } else if (names().contains(word)) {
                selected.add(word);
            } else {
                throw new ToolException("there is no section '" + word + "'" + Names.suggestion(word, names()) + "; there are "
                    + String.join(", ", names()) + ", and " + NETTY + " for all of its own");
            }
        }
        return selected;
    }

    /** Whether a section needs a {@link VethPair}. */
    static boolean needsRoot(String section) {
        return section.contains("veth");
    }
}
