package io.accel.tools.doctor;

import io.accel.tools.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Findings for scripts. */
final class FindingsJson {
    private FindingsJson() {
    }

    static String of(List<Finding> findings) {
        final List<Object> list = new ArrayList<>();
        for (final Finding each : findings) {
            final Map<String, Object> one = new LinkedHashMap<>();
            one.put("check", each.check());
            one.put("interface", each.subject().isEmpty() ? null : each.subject());
            one.put("status", each.status().name());
            one.put("seen", each.seen());
            one.put("remedy", each.remedy().isEmpty() ? null : each.remedy());
            list.add(one);
        }
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("worst", FindingsText.worst(findings).name());
        document.put("findings", list);
        return Json.write(document);
    }
}
