package io.accel.udp.stack;

import io.accel.core.counters.JsonText;
import io.accel.udp.route.Neighbour;
import io.accel.udp.route.Route;
import io.accel.udp.socket.Decision;
import io.accel.udp.socket.SocketText;
import io.accel.udp.socket.UdpSocket;
import io.accel.udp.state.SocketState;
import io.accel.udp.wait.Attendance;
import io.accel.udp.wait.Sleeper;
import java.util.Locale;

/** The parts of the state that few look at: levels of rings, filters, what the kernel answered for destinations, threads. */
final class StateDetails {
    private StateDetails() {
    }

    static void write(JsonText text, UdpStack stack) {
        levels(text, stack);
        filters(text, stack);
        paths(text, stack);
        threads(text);
    }

    private static void levels(JsonText text, UdpStack stack) {
        text.name("levels").beginObject();
        for (final InterfaceState each : stack.interfaces().states()) {
            text.name(each.name()).beginObject();
            each.levels().forEach((what, frames) -> text.name(what).value(frames));
            text.endObject();
        }
        text.endObject();
    }

    private static void filters(JsonText text, UdpStack stack) {
        text.name("filters").beginArray();
        for (final FilterState each : stack.interfaces().filters()) {
            text.beginObject().name("interface").value(each.netInterface()).name("stream").value(each.stream())
                .name("mode").value(each.mode()).name("channel").value(each.channel())
                .name("reason").value(each.reason() == null ? null : each.reason().name()).endObject();
        }
        text.endArray();
    }

    /** A thread that is asleep waits for its purpose; one that is not polls, or does what it woke for. */
    private static void threads(JsonText text) {
        text.name("threads").beginArray();
        for (final Sleeper each : Attendance.all()) {
            final String owner = each.owner();
            text.beginObject().name("thread").value(owner).name("purpose").value(each.purpose())
                .name("state").value(owner == null ? "has not slept yet" : each.isAsleep() ? "sleeps" : "polls or works").endObject();
        }
        text.endArray();
    }

    private static void paths(JsonText text, UdpStack stack) {
        text.name("paths").beginArray();
        for (final UdpSocket socket : stack.register().open()) {
            for (final Decision each : socket.decisions()) {
                path(text, SocketText.address(socket.local()), SocketStates.destination(each), each);
            }
        }
        text.endArray();
    }

    private static void path(JsonText text, String channel, SocketState.Destination to, Decision decision) {
        text.beginObject().name("channel").value(channel).name("to").value(to.to()).name("via").value(to.via())
            .name("reason").value(to.reason());
        final Route route = decision.asked().route();
        if (route != null && route.ifIndex() != 0) {
            text.name("interface").value(route.ifName()).name("nextHop").value(route.nextHop().getHostAddress())
                .name("source").value(route.source() == null ? null : route.source().getHostAddress()).name("mtu").value(route.mtu());
        }
        final Neighbour neighbour = decision.asked().neighbour();
        if (neighbour != null) {
            text.name("mac").value(DrySteps.mac(neighbour.mac()))
                .name("neighbour").value(neighbour.state().name().toLowerCase(Locale.ROOT));
        }
        text.endObject();
    }
}
