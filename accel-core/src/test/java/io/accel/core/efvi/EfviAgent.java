package io.accel.core.efvi;

import io.accel.core.config.Configuration;
import io.accel.core.datapath.DatapathException;
import io.accel.core.testing.Agent;
import io.accel.core.testing.VethPair;
import io.accel.core.testing.ViAgent;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterScope;
import io.accel.core.vi.FilterSpec;
import io.accel.core.vi.Receiver;
import io.accel.core.vi.VirtualInterface;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Drives a VI over ef_vi, on a simulated NIC. */
public final class EfviAgent extends ViAgent {
    private final List<Filter> installed = new ArrayList<>();
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
            case "levels" -> vi.levels().toString();
            case "events" -> vi.nic().orElseThrow().events().toString();
            case "pid" -> Long.toString(ProcessHandle.current().pid());
            case "pages" -> pages();
            case "spec" -> filter(spec(c), FilterMode.valueOf(c[1]));
            case "clear" -> clear();
            case "gather" -> SetPollers.gather(vi().receivers(), Integer.parseInt(c[1]), Integer.parseInt(c[2]));
            case "arm" -> Boolean.toString(Arrays.stream(vi().receivers()).map(Receiver::prime).reduce(false, Boolean::logicalOr));
            case "shortfall" -> vi.shortfall().map(each -> each.reason() + " " + each.message()).orElse("none");
            case "mode" -> filter(FilterSpec.udpLocal(address(c[2]), 7), FilterMode.valueOf(c[1]));
            default -> "what is " + c[0];
        };
    }

    /** From words such as {@code scope=UNICAST_ALL}, {@code udp=10.0.0.1:7}, {@code mac=...}, {@code ethertype=0x88b5}, {@code vlan=5}. */
    private static FilterSpec spec(String[] words) {
        FilterSpec spec = FilterSpec.of(FilterScope.STREAM);
        for (int i = 2; i < words.length; i++) {
            final String value = words[i].substring(words[i].indexOf('=') + 1);
            spec = switch (words[i].substring(0, words[i].indexOf('='))) {
                case "scope" -> FilterSpec.of(FilterScope.valueOf(value));
                case "udp" -> FilterSpec.udpLocal(address(value.substring(0, value.lastIndexOf(':'))),
                    Integer.parseInt(value.substring(value.lastIndexOf(':') + 1)));
                case "mac" -> spec.withMac(Long.parseLong(value.replace(":", ""), 16));
                case "ethertype" -> spec.withEtherType(Integer.decode(value));
                case "proto" -> spec.withIpProtocol(Integer.parseInt(value));
                case "vlan" -> spec.withVlan(Integer.parseInt(value));
                case "queue" -> spec.withQueue(Integer.parseInt(value));
                default -> throw new IllegalArgumentException(words[i]);
            };
        }
        return spec;
    }

    /** The size of the pages that the packet buffers lie in, as the kernel tells it. */
    private String pages() {
        final String start = Long.toHexString(vi.memory()[0].address());
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/smaps"))) {
            return lines.dropWhile(line -> !line.startsWith(start + "-")).filter(line -> line.startsWith("KernelPageSize:")).findFirst()
                .map(line -> line.replaceAll("\\D", "")).orElse("no mapping at " + start);
        } catch (final IOException e) {
            return e.toString();
        }
    }

    private String clear() {
        installed.forEach(Filter::close);
        installed.clear();
        return "ok";
    }

    private String filter(FilterSpec spec, FilterMode mode) {
        try {
            installed.add(vi.addFilter(spec, mode));
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
