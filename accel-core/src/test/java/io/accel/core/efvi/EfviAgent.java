package io.accel.core.efvi;

import io.accel.core.config.Configuration;
import io.accel.core.datapath.DatapathException;
import io.accel.core.testing.Agent;
import io.accel.core.testing.VethPair;
import io.accel.core.testing.ViAgent;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterSpec;
import io.accel.core.vi.VirtualInterface;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Drives a VI over ef_vi, on a simulated NIC. */
public final class EfviAgent extends ViAgent {
    private EfviVirtualInterface vi;

    public static void main(String[] arguments) throws IOException {
        new EfviAgent().serve();
    }

    /** @param environment of the simulator: SIM_NIC=x3, SIM_FAULTS=reset@3 */
    static Agent start(VethPair.End end, String... environment) {
        final List<String> launcher = new ArrayList<>(List.of("env"));
        launcher.addAll(List.of(environment));
        final Agent agent = Agent.start(end, launcher, EfviAgent.class);
        agent.ask("option accel.efvi.library " + System.getProperty("efvi.simulator"));
        return agent;
    }

    @Override
    protected VirtualInterface open(String ifName, Configuration configuration) throws DatapathException {
        vi = (EfviVirtualInterface) new EfviDatapath().open(ifName, configuration);
        return vi;
    }

    @Override
    protected String frames() {
        return "0 " + (vi.transmitSide().frames() - vi.transmitSide().freeFrames()) + " 0 " + vi.receiveSide().retainedFrames();
    }

    @Override
    protected String calls() {
        return vi.receiveSide().calls() + " " + vi.transmitSide().calls();
    }

    @Override
    protected String other(String[] c) {
        return switch (c[0]) {
            case "regions" -> vi.memory().length + " " + vi.memoryVersion();
            case "vlan" -> filter(new FilterSpec(OptionalInt.empty(), OptionalInt.of(Integer.parseInt(c[1])),
                OptionalInt.of(FilterSpec.UDP),
                address(c[2]), OptionalInt.of(Integer.parseInt(c[3])), null, OptionalInt.empty()), FilterMode.STEAL);
            case "ethertype" -> filter(new FilterSpec(OptionalInt.of(Integer.decode(c[1])), OptionalInt.empty(), OptionalInt.empty(), null,
                OptionalInt.empty(), null, OptionalInt.empty()), FilterMode.STEAL);
            case "odd" -> filter(new FilterSpec(OptionalInt.of(0x0800), OptionalInt.empty(), OptionalInt.of(FilterSpec.UDP),
                address(c[1]), OptionalInt.of(7), null, OptionalInt.empty()), FilterMode.STEAL);
            case "mode" -> filter(FilterSpec.udpLocal(address(c[2]), 7), FilterMode.valueOf(c[1]));
            default -> "what is " + c[0];
        };
    }

    private String filter(FilterSpec spec, FilterMode mode) {
        try {
            vi.addFilter(spec, mode);
            return "ok";
        } catch (final FilterRefusedException e) {
            return e.reason() + " " + e.getMessage();
        }
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (final IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
