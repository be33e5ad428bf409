package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.config.Option;
import io.accel.core.config.Options;
import io.accel.core.counters.JsonText;
import io.accel.udp.endpoint.ChannelCounters;
import io.accel.udp.state.SocketState;
import io.accel.udp.state.VirtualInterfaceState;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;

/** The stack's state as one JSON document, for those who look from outside: what stackdump, explain and top show. */
final class StateDocument {
    /** Grows when a reader of before would misunderstand. */
    private static final int FORMAT = 1;

    private final JsonText text = new JsonText();
    private final byte[] process;

    StateDocument(Configuration configuration) {
        process = process(configuration);
    }

    /** What does not change while the process runs. */
    private static byte[] process(Configuration configuration) {
        final ProcessHandle self = ProcessHandle.current();
        final JsonText json = new JsonText().beginObject()
            .name("pid").value(self.pid())
            .name("started").value(self.info().startInstant().map(Instant::toEpochMilli).orElse(0L))
            .name("command").value(System.getProperty("sun.java.command", "java"))
            .name("java").value(System.getProperty("java.version"))
            .name("options").beginObject();
        for (final Option<?> option : Options.all()) {
            json.name(option.property()).beginObject().name("value").value(String.valueOf(configuration.get(option)))
                .name("origin").value(configuration.origin(option)).endObject();
        }
        json.endObject().endObject();
        return Arrays.copyOf(json.bytes(), json.length());
    }

    /** @param millis since the epoch */
    JsonText write(UdpStack stack, long millis) {
        text.clear().beginObject().name("format").value(FORMAT).name("written").value(millis).name("process").raw(process)
            .name("unavailable").value(name(stack.unavailable()));
        text.name("messages").beginObject().name("open").value(stack.isPrepared())
            .name("reason").value(stack.messagesReason()).endObject();
        vis(stack);
        StateDetails.write(text, stack);
        text.name("sockets").beginArray();
        stack.view().sockets().forEach(this::socket);
        text.endArray().name("closed").beginObject().name("sockets").value(stack.register().closedSockets());
        final ChannelCounters closed = stack.register().closedCounters();
        traffic(closed.fastReceived, closed.fastSent, closed.kernelReceived, closed.kernelSent);
        counts("reasons", SocketStates.reasons(closed));
        counts("drops", stack.register().closedDrops());
        text.name("arrived").value(stack.register().closedArrived());
        return text.endObject().endObject();
    }

    /** The same of a process that has no stack. @param unavailable why */
    JsonText write(Reason unavailable, long millis) {
        return text.clear().beginObject().name("format").value(FORMAT).name("written").value(millis).name("process").raw(process)
            .name("unavailable").value(unavailable.name()).name("interfaces").beginArray().endArray()
            .name("sockets").beginArray().endArray().endObject();
    }

    private static String name(Reason reason) {
        return reason == null ? null : reason.name();
    }

    private void vis(UdpStack stack) {
        text.name("interfaces").beginArray();
        for (final VirtualInterfaceState each : stack.view().interfaces()) {
            text.beginObject().name("name").value(each.name()).name("datapath").value(each.datapath())
                .name("open").value(each.open()).name("reason").value(each.reason());
            if (each.open()) {
                text.name("mode").value(each.mode()).name("usable").value(each.usable());
            }
            if (each.mtu() > 0) {
                text.name("mtu").value(each.mtu());
            }
            if (!each.events().isEmpty()) {
                counts("events", each.events());
            }
            if (each.frames() > 0) {
                text.name("frames").value(each.frames());
            }
            text.name("received").value(each.received()).name("sent").value(each.sent());
            counts("drops", each.drops());
            text.name("shortfall").value(each.shortfall());
            counts("failures", each.failures());
            text.endObject();
        }
        text.endArray();
    }

    private void socket(SocketState state) {
        text.beginObject().name("local").value(state.local()).name("remote").value(state.remote())
            .name("accelerated").value(state.accelerated()).name("reason").value(state.reason());
        traffic(state.fastReceived(), state.fastSent(), state.kernelReceived(), state.kernelSent());
        counts("reasons", state.reasons());
        counts("drops", state.drops());
        text.name("arrived").value(state.arrived()).name("waiting").value(state.waiting())
            .name("queued").value(state.queued()).name("receiveBuffer").value(state.receiveBuffer()).name("groups").beginArray();
        state.groups().forEach(text::value);
        text.endArray().name("destinations").beginArray();
        for (final SocketState.Destination each : state.destinations()) {
            text.beginObject().name("to").value(each.to()).name("via").value(each.via()).name("reason").value(each.reason()).endObject();
        }
        text.endArray().endObject();
    }

    private void traffic(long fastReceived, long fastSent, long kernelReceived, long kernelSent) {
        text.name("fastReceived").value(fastReceived).name("fastSent").value(fastSent)
            .name("kernelReceived").value(kernelReceived).name("kernelSent").value(kernelSent);
    }

    private void counts(String name, Map<?, Long> counts) {
        text.name(name).beginObject();
        counts.forEach((each, count) -> text.name(each.toString()).value(count));
        text.endObject();
    }
}
