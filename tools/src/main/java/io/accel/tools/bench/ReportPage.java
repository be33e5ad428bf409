package io.accel.tools.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A run of the benchmarks as one page of HTML that needs nothing else: percentiles over an axis of nines, rates, medians and budgets of
 * each section. The browser is told to fetch nothing at all. Charts are Chart.js's (MIT), whose text and licence the page carries.
 */
final class ReportPage {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String CHARTS = "/META-INF/resources/webjars/chart.js/4.5.1/";
    /** What a section's bars show: the first of these that it has. */
    private static final Map<String, String> RATES = Map.of("received/s", "received a second", "rate/s", "round trips a second",
        "Gbit/s", "Gbit/s");
    private static final List<String> BY_WEIGHT = List.of("received/s", "rate/s", "Gbit/s");
    private static final Set<String> COUNTS = Set.of("received/s", "rate/s", "lost", "sent", "reordered", "duplicates");

    private final JsonNode run;
    private final StringBuilder html = new StringBuilder();

    private ReportPage(JsonNode run) {
        this.run = run;
    }

    /** @param json what a run of the benchmarks leaves */
    static String of(String json) throws IOException {
        return new ReportPage(MAPPER.readTree(json)).write();
    }

    private String write() throws IOException {
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'; ")
            .append("style-src 'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .append("<title>Accel benchmarks</title>\n<style>\n").append(resource("report.css")).append("</style>\n</head>\n<body>\n")
            .append("<h1>Accel benchmarks</h1>\n");
        facts();
        final ArrayNode numbers = MAPPER.createArrayNode();
        for (final Map.Entry<String, JsonNode> each : run.path("sections").properties()) {
            section(each.getKey(), each.getValue(), numbers);
        }
        // No end tag may lie in a script: JSON has another way to write the character.
        html.append("<script type=\"application/json\" id=\"numbers\">").append(MAPPER.writeValueAsString(numbers).replace("<", "\\u003c"))
            .append("</script>\n<script>\n/*\n").append(resource(CHARTS + "LICENSE.md").strip()).append("\n*/\n")
            .append(resource(CHARTS + "dist/chart.umd.min.js").replaceFirst("//# sourceMappingURL=\\S+\\s*$", "")).append("</script>\n")
            .append("<script>\n").append(resource("report.js")).append("</script>\n</body>\n</html>\n");
        return html.toString();
    }

    private void facts() {
        html.append("<dl>\n");
        fact("time", run.path("time").asText());
        for (final Map.Entry<String, JsonNode> each : run.path("machine").properties()) {
            fact(each.getKey(), each.getValue().asText());
        }
        fact("rounds", run.path("rounds").asText() + (run.path("quick").asBoolean() ? ", short ones" : ""));
        fact("command", run.path("command").asText());
        html.append("</dl>\n<p>Medians of the rounds, in which the contenders take turns. Compare within one run: absolute figures move ")
            .append("with the machine.</p>\n");
    }

    private void fact(String name, String value) {
        html.append("<dt>").append(escaped(name)).append("</dt><dd>").append(escaped(value)).append("</dd>\n");
    }

    private void section(String name, JsonNode section, ArrayNode numbers) {
        final ObjectNode drawn = numbers.addObject().put("name", name);
        final boolean hasCurves = curves(section, drawn.putArray("curves"));
        final boolean hasRates = rates(section, drawn);
        html.append("<section>\n<h2>").append(escaped(section.path("title").asText())).append("</h2>\n<p>").append(escaped(name))
            .append("</p>\n<div class=\"charts\">\n");
        canvas(hasCurves, name + "-percentiles", "Percentiles of the round trip");
        canvas(hasRates, name + "-rates", "Rates");
        html.append("</div>\n");
        table(section.path("medians"));
        html.append("<ul>\n");
        for (final JsonNode each : section.path("budgets")) {
            html.append("<li class=\"").append(each.path("met").asBoolean() ? "met" : "missed").append("\">")
                .append(escaped(each.path("budget").asText())).append("</li>\n");
        }
        for (final Map.Entry<String, JsonNode> each : section.path("refused").properties()) {
            html.append("<li>").append(escaped(each.getKey() + ": " + each.getValue().asText())).append("</li>\n");
        }
        html.append("</ul>\n</section>\n");
    }

    private void canvas(boolean wanted, String id, String label) {
        if (wanted) {
            html.append("<div class=\"chart\"><canvas id=\"").append(id).append("\" role=\"img\" aria-label=\"").append(label)
                .append("\"></canvas></div>\n");
        }
    }

    /** At each point the median of the rounds that reached it. */
    private static boolean curves(JsonNode section, ArrayNode to) {
        for (final Map.Entry<String, JsonNode> each : section.path("curves").properties()) {
            final List<List<Double>> points = new ArrayList<>();
            for (final JsonNode round : each.getValue()) {
                for (int i = 0; i < round.size(); i++) {
                    if (i == points.size()) {
                        points.add(new ArrayList<>());
                    }
                    points.get(i).add(round.get(i).asDouble());
                }
            }
            final ArrayNode micros = to.addObject().put("contender", each.getKey()).putArray("micros");
            points.forEach(point -> micros.add(Medians.median(point)));
        }
        return !to.isEmpty();
    }

    private static boolean rates(JsonNode section, ObjectNode to) {
        final Set<String> metrics = metrics(section.path("medians"));
        for (final String metric : BY_WEIGHT) {
            if (metrics.contains(metric)) {
                final ArrayNode rates = to.put("unit", RATES.get(metric)).putArray("rates");
                section.path("medians").properties().forEach(each -> rates.addObject().put("contender", each.getKey())
                    .put("value", each.getValue().path(metric).asDouble()));
                return true;
            }
        }
        return false;
    }

    private static Set<String> metrics(JsonNode medians) {
        final Set<String> metrics = new LinkedHashSet<>();
        medians.properties().forEach(each -> each.getValue().fieldNames().forEachRemaining(metrics::add));
        return metrics;
    }

    private void table(JsonNode medians) {
        final Set<String> metrics = metrics(medians);
        html.append("<div class=\"wide\"><table>\n<thead><tr><th></th>");
        metrics.forEach(each -> html.append("<th>").append(escaped(each)).append("</th>"));
        html.append("</tr></thead>\n<tbody>\n");
        for (final Map.Entry<String, JsonNode> each : medians.properties()) {
            html.append("<tr><th scope=\"row\">").append(escaped(each.getKey())).append("</th>");
            for (final String metric : metrics) {
                html.append("<td>").append(value(metric, each.getValue().path(metric))).append("</td>");
            }
            html.append("</tr>\n");
        }
        html.append("</tbody>\n</table></div>\n");
    }

    private static String value(String metric, JsonNode value) {
        return !value.isNumber() ? "-" : String.format(Locale.ROOT, COUNTS.contains(metric) ? "%,.0f" : "%.2f", value.asDouble());
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
