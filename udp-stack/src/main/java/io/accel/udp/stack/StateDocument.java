package io.accel.udp.stack;

import io.accel.core.Reason;
import io.accel.core.config.Configuration;
import io.accel.core.config.Option;
import io.accel.core.config.Options;
import io.accel.core.counters.JsonText;
import io.accel.core.vi.ViCapabilities;
import io.accel.udp.endpoint.ChannelCounters;
import io.accel.udp.group.Membership;
import io.accel.udp.socket.Decision;
import io.accel.udp.socket.SocketText;
import io.accel.udp.socket.UdpSocket;
import java.net.InetSocketAddress;
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
        text.clear().beginObject().name("format").value(FORMAT).name("written").value(millis).name("process").raw(process);
        text.name("messages").beginObject().name("open").value(stack.isPrepared())
            .name("reason").value(stack.messagesReason()).endObject();
        vis(stack);
        text.name("sockets").beginArray();
        stack.register().open().forEach(this::socket);
        text.endArray().name("closed").beginObject().name("sockets").value(stack.register().closedSockets());
        counters(stack.register().closedCounters(), SocketDrops.of(stack.register().closedCounters()));
        return text.endObject().endObject();
    }

    private void vis(UdpStack stack) {
        text.name("interfaces").beginArray();
        final MessageTotals messages = stack.register().messageTotals();
        if (stack.isPrepared()) {
            text.beginObject().name("name").value("lo").name("datapath").value("shm").name("open").value(true)
                .name("mode").value("shared memory");
            totals(messages.received(), messages.sent(), messages.drops());
            text.endObject();
        }
        final Map<String, InterfaceTotals> totals = stack.interfaces().totalsByName();
        for (final InterfaceState each : stack.interfaces().states()) {
            text.beginObject().name("name").value(each.name()).name("datapath").value(each.datapath())
                .name("open").value(each.open() != null).name("reason").value(name(each.reason()));
            if (each.open() != null) {
                final ViCapabilities capabilities = each.open().vi().capabilities();
                text.name("mode").value(capabilities.mode()).name("mtu").value(capabilities.mtu())
                    .name("usable").value(each.open().isUsable());
            }
            final InterfaceTotals total = totals.get(each.name());
            if (total != null) {
                totals(total.received(), total.sent(), total.drops());
            }
            text.endObject();
        }
        text.endArray();
    }

    private void totals(long received, long sent, Map<String, Long> drops) {
        text.name("received").value(received).name("sent").value(sent);
        drops("drops", drops);
    }

    private void socket(UdpSocket socket) {
        final InetSocketAddress remote = socket.remote();
        text.beginObject().name("local").value(SocketText.address(socket.local()))
            .name("remote").value(remote == null ? null : SocketText.address(remote))
            .name("accelerated").value(!socket.isKernelOnly())
            .name("reason").value(name(socket.receiveReason()));
        counters(socket.counters(), SocketDrops.of(socket));
        if (!socket.isKernelOnly()) {
            text.name("receiveBuffer").value(socket.options().receiveBytes());
            text.name("groups").beginArray();
            for (final Membership each : socket.endpoint().groups().memberships()) {
                text.value(each.group().inetAddress().getHostAddress() + "%" + each.ifIndex());
            }
            text.endArray();
        }
        text.name("destinations").beginArray();
        socket.decisions().forEach(this::decision);
        text.endArray().endObject();
    }

    private void decision(Decision each) {
        text.beginObject().name("to").value(SocketText.address(new InetSocketAddress(each.destination().inetAddress(), each.port())))
            .name("via").value(each.via()).name("reason").value(name(each.reason())).endObject();
    }

    private void counters(ChannelCounters counters, Map<String, Long> drops) {
        text.name("fastReceived").value(counters.fastReceived).name("fastSent").value(counters.fastSent)
            .name("kernelReceived").value(counters.kernelReceived).name("kernelSent").value(counters.kernelSent);
        text.name("reasons").beginObject();
        for (final Reason reason : Reason.values()) {
            if (counters.count(reason) > 0) {
                text.name(reason.name()).value(counters.count(reason));
            }
        }
        text.endObject();
        drops("drops", drops);
    }

    private void drops(String name, Map<String, Long> drops) {
        text.name(name).beginObject();
        drops.forEach((cause, count) -> text.name(cause).value(count));
        text.endObject();
    }

    private static String name(Reason reason) {
        return reason == null ? null : reason.name();
    }
}
