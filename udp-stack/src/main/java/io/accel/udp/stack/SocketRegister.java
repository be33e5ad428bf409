package io.accel.udp.stack;

import io.accel.udp.endpoint.ChannelCounters;
import io.accel.udp.socket.UdpSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The sockets of this stack for those who report: all open ones, and the last of the closed. */
public final class SocketRegister {
    private static final int MAX_CLOSED = 10_000;

    private final Set<UdpSocket> open = new LinkedHashSet<>();
    private final Deque<String> closed = new ArrayDeque<>();
    private final ChannelCounters closedCounters = new ChannelCounters();
    private final MessageTotals closedTotals = new MessageTotals();
    private final Map<String, Long> closedDrops = new LinkedHashMap<>();
    private long forgotten;
    private long closedSockets;
    private long closedArrived;

    synchronized void opened(UdpSocket socket) {
        open.add(socket);
    }

    synchronized void closed(UdpSocket socket) {
        if (open.remove(socket)) {
            closedSockets++;
            closedArrived += socket.isKernelOnly() ? 0 : socket.endpoint().arrived();
            closed.add(SocketLine.of(socket));
            addTotals(closedTotals, socket);
            SocketDrops.of(socket).forEach((cause, count) -> closedDrops.merge(cause, count, Long::sum));
            closedCounters.add(socket.counters());
            if (closed.size() > MAX_CLOSED) {
                closed.remove();
                forgotten++;
            }
        }
    }

    /** Open sockets, in the order in which they were bound. */
    public synchronized List<UdpSocket> open() {
        return new ArrayList<>(open);
    }

    /** How many sockets there were that are closed. */
    synchronized long closedSockets() {
        return closedSockets;
    }

    /** How many datagrams were delivered to them. */
    synchronized long closedArrived() {
        return closedArrived;
    }

    /** What they and their virtual interfaces lost, by cause, without zeros; a copy. */
    synchronized Map<String, Long> closedDrops() {
        return new LinkedHashMap<>(closedDrops);
    }

    /** What they did, in sum; a copy. */
    synchronized ChannelCounters closedCounters() {
        final ChannelCounters sum = new ChannelCounters();
        sum.add(closedCounters);
        return sum;
    }

    /** The counters of every open socket, and the sum of all closed ones. */
    synchronized void forEachCounters(Consumer<ChannelCounters> action) {
        action.accept(closedCounters);
        open.forEach(socket -> action.accept(socket.counters()));
    }

    /** The sum over all sockets there have been; a copy. */
    synchronized ChannelCounters counters() {
        final ChannelCounters sum = new ChannelCounters();
        forEachCounters(sum::add);
        return sum;
    }

    /** Sums over the message VIs of all sockets there have been. */
    synchronized MessageTotals messageTotals() {
        final MessageTotals totals = new MessageTotals();
        totals.add(closedTotals);
        open.forEach(socket -> addTotals(totals, socket));
        return totals;
    }

    private static void addTotals(MessageTotals totals, UdpSocket socket) {
        if (!socket.isKernelOnly() && socket.endpoint().messages() != null) {
            totals.add(socket.endpoint().messages());
        }
    }

    /** One line per socket, closed ones first. */
    public synchronized List<String> lines() {
        final List<String> lines = new ArrayList<>();
        if (forgotten > 0) {
            lines.add("udp (" + forgotten + " closed sockets before these are not listed)");
        }
        lines.addAll(closed);
        open.forEach(socket -> lines.add(SocketLine.of(socket)));
        return lines;
    }
}
