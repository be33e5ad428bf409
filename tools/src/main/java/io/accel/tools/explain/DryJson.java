package io.accel.tools.explain;

import io.accel.tools.text.Json;
import io.accel.udp.state.DryStep;
import io.accel.udp.state.DryVerdict;
import java.util.LinkedHashMap;
import java.util.Map;

/** A dry run's decisions for scripts. */
final class DryJson {
    private DryJson() {
    }

    static String of(DryVerdict verdict) {
        final Map<String, Object> object = new LinkedHashMap<>();
        object.put("question", verdict.question());
        object.put("fast", verdict.isFast());
        object.put("via", verdict.via());
        object.put("reason", verdict.reason());
        object.put("refusal", verdict.refusal());
        object.put("steps", verdict.steps().stream().map(DryJson::of).toList());
        return Json.write(object);
    }

    private static Map<String, Object> of(DryStep step) {
        final Map<String, Object> object = new LinkedHashMap<>();
        object.put("about", step.about());
        object.put("answer", step.answer());
        object.put("reason", step.reason());
        return object;
    }
}
