package io.accel.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportPageTest {
    private static final String RUN = """
        {"time": "2026-11-21T12:00:00Z", "machine": {"cpu": "A <fast> one", "cpus": 2, "kernel": "Linux 6.18", "jdk": "OpenJDK 17"},
         "rounds": 3, "quick": false, "command": "./accel bench shm shm-rate", "sections": {
          "shm": {"title": "Round trip & more", "medians": {"JDK": {"p50 µs": 6.45, "rate/s": 150000},
           "Accel, x=\\"y\\"": {"p50 µs": 0.49,
            "rate/s": 2000000, "fast %": 100}}, "budgets": [{"budget": "p50 of JDK / Accel: 13  MISSED", "ratio": 13, "met": false}],
            "curves": {"JDK": [[6, 7, 90], [6, 8], [6, 9, 70]], "Accel, x=\\"y\\"": [[0.4, 0.5]]}},
          "shm-rate": {"title": "One way", "medians": {"</script><b>C floor": {"received/s": 598000.4, "lost": 0}}, "budgets": [],
            "curves": {}, "refused": {"io_uring": "not permitted"}}}}""";
    private String html;
    private Parser parser;
    private Document page;

    @BeforeEach
    void write() throws IOException {
        html = ReportPage.of(RUN);
        parser = Parser.htmlParser().setTrackErrors(10);
        page = Jsoup.parse(html, "", parser);
    }

    @Test
    void itIsWellFormed() {
        assertThat(parser.getErrors()).isEmpty();
        assertThat(page.select("script")).hasSize(3);
        assertThat(page.select("b")).as("a name is no markup").isEmpty();
    }

    @Test
    void everyContenderOfTheRunIsInATable() throws IOException {
        new ObjectMapper().readTree(RUN).path("sections").forEach(section -> section.path("medians").fieldNames()
            .forEachRemaining(name -> assertThat(page.select("th[scope=row]").eachText()).contains(name)));
        assertThat(page.select("section").first().text()).contains("Round trip & more", "6.45", "150,000", "MISSED");
        assertThat(page.select("dd").eachText()).contains("A <fast> one", "Linux 6.18", "OpenJDK 17", "./accel bench shm shm-rate", "3");
        assertThat(page.select("li").eachText()).as("and one that could not run").contains("io_uring: not permitted");
    }

    @Test
    void everyChartHasItsNumbers() throws IOException {
        assertThat(page.select("canvas").eachAttr("id")).containsExactly("shm-percentiles", "shm-rates", "shm-rate-rates");
        final JsonNode numbers = new ObjectMapper().readTree(page.getElementById("numbers").data());
        assertThat(numbers.get(0).path("curves").get(0).toString()).isEqualTo("{\"contender\":\"JDK\",\"micros\":[6.0,8.0,80.0]}");
        assertThat(numbers.get(0).path("rates").get(1).toString()).isEqualTo("{\"contender\":\"Accel, x=\\\"y\\\"\",\"value\":2000000.0}");
        assertThat(numbers.get(1).path("unit").asText()).isEqualTo("received a second");
    }

    @Test
    void itFetchesNothingAndCarriesTheLicence() {
        assertThat(page.select("[src], [href], link, iframe, object")).isEmpty();
        assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content")).startsWith("default-src 'none';");
        assertThat(html).doesNotContain("sourceMappingURL", "@import", "url(").contains("The MIT License (MIT)", "Chart.js Contributors");
        assertThat(html.replaceAll("(?s)/\\*.*?\\*/", "")).as("addresses are in comments only").doesNotContainPattern("https?://");
    }
}
