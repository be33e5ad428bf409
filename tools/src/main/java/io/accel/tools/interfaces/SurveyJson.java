package io.accel.tools.interfaces;

import io.accel.core.vi.NicDescription;
import io.accel.tools.text.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A survey for scripts. */
final class SurveyJson {
    private SurveyJson() {
    }

    static String of(List<HostInterface> interfaces) {
        return Json.write(Map.of("interfaces", interfaces.stream().map(SurveyJson::of).toList()));
    }

    private static Map<String, Object> of(HostInterface one) {
        final Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", one.device().name());
        object.put("index", one.device().ifIndex());
        object.put("driver", one.driverName());
        object.put("driver_version", one.driver().version());
        object.put("firmware", one.driver().firmware());
        object.put("up", one.device().running());
        object.put("mtu", one.device().mtu());
        object.put("mac", SurveyText.mac(one.device().mac()));
        final Map<String, Object> datapaths = new LinkedHashMap<>();
        one.verdicts().forEach(each -> datapaths.put(each.datapath(), of(each)));
        object.put("datapaths", datapaths);
        if (one.nic() != null) {
            object.put("nic", of(one.nic()));
        }
        return object;
    }

    private static Map<String, Object> of(Verdict verdict) {
        final Map<String, Object> object = new LinkedHashMap<>();
        object.put("available", verdict.isGood());
        if (verdict.isGood()) {
            object.put("mode", verdict.words());
        } else {
            object.put("reason", verdict.reason());
            object.put("remedy", verdict.words());
        }
        return object;
    }

    private static Map<String, Object> of(NicDescription nic) {
        final Map<String, Object> object = new LinkedHashMap<>();
        object.put("architecture", nic.architecture());
        object.put("mac", nic.macText());
        object.put("mtu", nic.mtu());
        object.put("library", nic.library());
        object.put("capabilities", nic.capabilities());
        object.put("statistics", nic.statistics());
        object.put("events", nic.events());
        return object;
    }
}
