package io.accel.udp.stack;

import io.accel.core.vi.ViCapabilities;
import io.accel.udp.endpoint.ChannelCounters;
import io.accel.udp.state.SocketState;
import io.accel.udp.state.StackView;
import io.accel.udp.state.Totals;
import io.accel.udp.state.VirtualInterfaceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes the states of a stack. */
final class StackStates implements StackView {
    private static final InterfaceTotals NOTHING = new InterfaceTotals("", "", "", 0, 0, 0, Map.of(), Map.of());

    private final UdpStack stack;

    StackStates(UdpStack stack) {
        this.stack = stack;
    }

    @Override
    public List<SocketState> sockets() {
        return stack.register().open().stream().map(SocketStates::of).toList();
    }

    @Override
    public List<VirtualInterfaceState> interfaces() {
        final List<VirtualInterfaceState> states = new ArrayList<>();
        final MessageTotals messages = stack.register().messageTotals();
        if (stack.isPrepared()) {
            states.add(new VirtualInterfaceState("lo", "shm", true, "shared memory", 0, true, null, Map.of(), 0,
                messages.received(), messages.sent(), messages.drops(), null, Map.of()));
        }
        final Map<String, InterfaceTotals> totals = stack.interfaces().totalsByName();
        for (final InterfaceState each : stack.interfaces().states()) {
            final InterfaceTotals total = totals.getOrDefault(each.name(), NOTHING);
            final ViCapabilities capabilities = each.open() == null ? null : each.open().vi().capabilities();
            states.add(new VirtualInterfaceState(each.name(), each.datapath(), capabilities != null,
                capabilities == null ? null : capabilities.mode(), capabilities == null ? 0 : capabilities.mtu(),
                capabilities == null || each.open().isUsable(), each.reason() == null ? null : each.reason().name(),
                capabilities == null ? Map.of() : each.open().vi().events(), total.frames(), total.received(), total.sent(),
                total.drops(), capabilities == null ? null : each.open().vi().shortfall().map(is -> is.reason().name()).orElse(null),
                total.failures()));
        }
        return states;
    }

    @Override
    public Totals totals() {
        final ChannelCounters sum = stack.register().counters();
        final Map<String, Map<String, Long>> drops = Report.viTotals(stack);
        drops.put(Totals.SOCKETS, SocketDrops.of(sum));
        return new Totals(sum.fastReceived, sum.fastSent, sum.kernelReceived, sum.kernelSent, SocketStates.reasons(sum), drops);
    }

    @Override
    public List<String> report() {
        return Report.lines(stack);
    }
}
