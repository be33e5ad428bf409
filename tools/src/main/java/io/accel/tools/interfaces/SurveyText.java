package io.accel.tools.interfaces;

import io.accel.core.natives.InterfaceDriver;
import io.accel.core.vi.NicDescription;
import io.accel.tools.text.TextTable;
import io.accel.tools.text.Wrapped;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A survey for people: a table, then why not and what to do, then the NICs. No line is longer than {@link Wrapped#COLUMNS}. */
final class SurveyText {
    private static final List<String> DATAPATHS = List.of("shm", "afxdp", "efvi");

    private SurveyText() {
    }

    static String of(List<HostInterface> interfaces) {
        final TextTable table = new TextTable("interface", "driver", "link", "mtu", "mac", "shm", "afxdp", "efvi");
        for (final HostInterface each : interfaces) {
            table.row(each.device().name(), orDash(each.driverName()), each.device().running() ? "up" : "down",
                String.valueOf(each.device().mtu()), each.device().mac() == 0 ? "-" : mac(each.device().mac()),
                cell(each, 0), cell(each, 1), cell(each, 2));
        }
        final StringBuilder text = new StringBuilder(table.toString());
        String gap = "\n";
        for (final HostInterface each : interfaces) {
            for (final Verdict verdict : each.verdicts()) {
                if (!verdict.isGood()) {
                    text.append(gap).append(Wrapped.lines(each.device().name() + " " + verdict.datapath() + ": ",
                        verdict.reason() + ": " + verdict.words()));
                    gap = "";
                }
            }
        }
        interfaces.stream().filter(each -> each.nic() != null).forEach(each -> append(text, each));
        return text.toString();
    }

    private static String cell(HostInterface of, int datapath) {
        final Verdict verdict = of.verdict(DATAPATHS.get(datapath));
        return verdict == null ? "-" : verdict.isGood() ? "yes" : "no";
    }

    private static void append(StringBuilder text, HostInterface of) {
        final NicDescription nic = of.nic();
        final InterfaceDriver driver = of.driver();
        text.append('\n').append(Wrapped.lines(of.device().name() + ": ", "architecture " + nic.architecture() + ", MTU " + nic.mtu()
            + ", MAC " + nic.macText() + ", driver " + (of.driverName() + " " + driver.version()).strip()
            + ", firmware " + orDash(driver.firmware()) + ", libciul " + nic.library() + ", as set up: " + of.verdict("efvi").words()));
        text.append(Wrapped.lines("  capabilities: ", nic.capabilities().entrySet().stream().map(SurveyText::capability)
            .collect(Collectors.joining(", "))));
        text.append(Wrapped.lines("  statistics: ", nic.statistics().isEmpty() ? "this NIC keeps none for a VI"
            : counts(nic.statistics())));
        text.append(Wrapped.lines("  events: ", counts(nic.events())));
    }

    private static String counts(Map<?, Long> counts) {
        return counts.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining(", "));
    }

    private static String capability(Map.Entry<String, Long> one) {
        return one.getValue() == 1 ? one.getKey() : one.getKey() + " " + one.getValue();
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    static String mac(long mac) {
        return String.format(Locale.ROOT, "%012x", mac).replaceAll("(..)(?=.)", "$1:");
    }
}
