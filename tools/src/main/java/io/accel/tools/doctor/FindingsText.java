package io.accel.tools.doctor;

import io.accel.tools.text.Wrapped;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Findings for people: each with its remedy below, then how many there are of each kind. */
final class FindingsText {
    private static final String ARROW = "-> ";

    private FindingsText() {
    }

    static Status worst(List<Finding> findings) {
        return findings.stream().map(Finding::status).max(Comparator.naturalOrder()).orElse(Status.OK);
    }

    static String of(List<Finding> findings) {
        final int width = findings.stream().mapToInt(each -> title(each).length()).max().orElse(0);
        final StringBuilder text = new StringBuilder();
        for (final Finding each : findings) {
            final String start = String.format(Locale.ROOT, "  %-6s  %-" + Math.max(width, 1) + "s  ", each.status(), title(each));
            text.append(Wrapped.under(start, each.seen(), start.length()));
            if (each.status() == Status.WARN || each.status() == Status.FAIL) {
                text.append(Wrapped.under(" ".repeat(start.length()) + ARROW, each.remedy(), start.length() + ARROW.length()));
            }
        }
        text.append('\n').append(count(findings, Status.OK)).append(" OK, ").append(count(findings, Status.WARN)).append(" WARN, ")
            .append(count(findings, Status.FAIL)).append(" FAIL, ").append(count(findings, Status.UNSEEN)).append(" not to be seen\n");
        findings.stream().filter(each -> each.status() == Status.UNSEEN).map(Finding::remedy).distinct()
            .forEach(remedy -> text.append(Wrapped.under("To see more: ", remedy + " (" + String.join(", ", findings.stream()
                .filter(each -> each.status() == Status.UNSEEN && each.remedy().equals(remedy)).map(FindingsText::title).toList())
                + ")", 4)));
        return text.toString();
    }

    private static String title(Finding finding) {
        return finding.subject().isEmpty() ? finding.check() : finding.subject() + " " + finding.check();
    }

    private static long count(List<Finding> findings, Status status) {
        return findings.stream().filter(each -> each.status() == status).count();
    }
}
