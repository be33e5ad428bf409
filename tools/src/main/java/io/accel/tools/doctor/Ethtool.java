package io.accel.tools.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What ethtool tells of a device, read from its text. */
record Ethtool(HostCommands commands, String device) {
    private static final String CURRENT = "Current hardware settings";

    /** Descriptors in the receive ring. */
    record Ring(int current, int most) {
    }

    private Optional<String> ask(String flag, String... more) {
        final java.util.ArrayList<String> line = new java.util.ArrayList<>(List.of("ethtool", flag, device));
        line.addAll(List.of(more));
        return commands.output(line);
    }

    /** Empty where the driver does not tell. */
    Optional<Ring> receiveRing() {
        return ask("-g").flatMap(text -> {
            final int middle = text.indexOf(CURRENT);
            final Optional<Integer> most = middle < 0 ? Optional.empty() : number(text.substring(0, middle), "RX:");
            final Optional<Integer> current = middle < 0 ? Optional.empty() : number(text.substring(middle), "RX:");
            return most.isPresent() && current.isPresent() ? Optional.of(new Ring(current.get(), most.get())) : Optional.empty();
        });
    }

    private static Optional<Integer> number(String text, String label) {
        return text.lines().map(String::strip).filter(line -> line.startsWith(label)).map(line -> line.substring(label.length()).strip())
            .filter(value -> value.matches("[0-9]+")).map(Integer::parseInt).findFirst();
    }

    /** State by name: {@code on}, {@code off}, perhaps with {@code [fixed]}; none where the driver does not tell. */
    Map<String, String> features() {
        final Map<String, String> features = new TreeMap<>();
        ask("-k").ifPresent(text -> text.lines().map(String::strip).forEach(line -> {
            final int colon = line.indexOf(": ");
            if (colon > 0) {
                features.put(line.substring(0, colon), line.substring(colon + 2));
            }
        }));
        return features;
    }

    /** Whether ports count when UDP over IPv4 is spread over the queues; empty where the driver does not tell. */
    Optional<Boolean> hashesPorts() {
        return ask("-n", "rx-flow-hash", "udp4").filter(text -> text.contains("SA")).map(text -> text.contains("L4 bytes"));
    }
}
