package io.accel.tools.explain;

import io.accel.tools.text.Wrapped;
import io.accel.udp.state.DryStep;
import io.accel.udp.state.DryVerdict;
import io.accel.udp.state.Explanation;
import java.util.stream.Collectors;

/** A dry run's decisions in words. */
final class DryText {
    private DryText() {
    }

    static String of(DryVerdict verdict) {
        final StringBuilder text = new StringBuilder(verdict.question()).append('\n');
        for (final DryStep each : verdict.steps()) {
            text.append(Wrapped.lines(each.about() + ": ", each.answer() + (each.reason() == null ? "" : " (" + each.reason() + ")")));
        }
        return text.append(Wrapped.lines("so: ", conclusion(verdict))).toString();
    }

    private static String conclusion(DryVerdict verdict) {
        if (verdict.refusal() != null) {
            return "the kernel would refuse it: " + verdict.refusal();
        }
        final String via = verdict.via().stream().map(each -> each.equals("lo") ? "shared memory" : each)
            .collect(Collectors.joining(" and "));
        if (verdict.reason() == null) {
            return "on the fast path, by " + via;
        }
        return "by the kernel" + (via.isEmpty() ? "" : " in part, the rest by " + via) + ": "
            + Explanation.because(verdict.reason().name());
    }
}
