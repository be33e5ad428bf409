package io.accel.tools.top;

import static io.accel.tools.top.States.process;
import static io.accel.tools.top.States.socket;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
    private static final Selection ALL = new Selection(SortKey.RATE, false, "");
    private static final String LONG = "[fe80:1111:2222:3333:4444:5555:6666:7777%eth1]:65535";

    private static List<ProcessRow> rows() {
        final History history = new History();
        history.add(List.of(process(12, 10_000, 0, true, socket(LONG, 0, 0, 0, 0) + "," + socket("10.0.0.1:9", 0, 0, 0, 0)),
            process(4_194_304, 10_000, 0, true, socket("10.0.0.2:9", 0, 0, 0, 0))));
        return history.add(List.of(
            process(12, 11_000, 0, true, socket(LONG, 10_000_000, 0, 0, 0) + "," + socket("10.0.0.1:9", 0, 20, 3, 900)),
            process(4_194_304, 11_000, 0, true, socket("10.0.0.2:9", 5, 0, 0, 0))));
    }

    private static Page page(Selection selection) {
        return new Page(rows(), selection, LocalTime.of(12, 34, 56));
    }

    @Test
    void theTextIsPlainAndFitsAHundredColumns() {
        final String text = page(ALL).text();
        assertThat(text.lines()).allMatch(line -> line.length() <= 100 && line.equals(line.stripTrailing()));
        assertThat(text).doesNotContain("\033").startsWith("accel top  12:34:56  by rate\n2 processes  3 channels, 2 fast  in/s 10000025")
            .contains("  12  " + LONG.substring(0, 14)).containsPattern("10\\.0\\.0\\.1:9 +20 +0 +3 +0 +90%  kernel: FIREWALL")
            .containsPattern("eth2 +efvi +0 +0 +0 +0  NO_DRIVER");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 30, 40, 60, 80, 100, 150, 250})
    void everyTableFitsEveryWidth(int width) {
        final Page page = page(ALL);
        for (final var table : List.of(page.summary("a note", width), page.processes(width), page.interfaces(width),
            page.channels(width))) {
            assertThat(table).allMatch(line -> line.columnLength() <= width);
        }
        if (width >= 40) {
            assertThat(page.channels(width).get(0).toString()).contains("channel", "in/s", "out/s", "path");
            assertThat(page.channels(width).get(1).toString()).contains("10000000", "fast");
        }
        assertThat(page.channels(width).get(0).toString().contains("queue")).as("what matters least goes first").isEqualTo(width >= 60);
    }

    @Test
    void rowsAreSortedByEveryKeyAndFilteredByName() {
        assertThat(channels(ALL)).containsExactly(LONG, "10.0.0.1:9", "10.0.0.2:9");
        assertThat(channels(ALL.by(SortKey.OUT))).containsExactly(LONG, "10.0.0.2:9", "10.0.0.1:9");
        assertThat(channels(ALL.by(SortKey.DROPS))).startsWith("10.0.0.1:9");
        assertThat(channels(ALL.by(SortKey.QUEUE))).startsWith("10.0.0.1:9");
        assertThat(channels(ALL.by(SortKey.NAME))).containsExactly("10.0.0.1:9", "10.0.0.2:9", LONG);
        assertThat(channels(ALL.by(SortKey.NAME).backwards())).containsExactly(LONG, "10.0.0.2:9", "10.0.0.1:9");
        assertThat(channels(ALL.by(SortKey.PID))).endsWith("10.0.0.2:9");
        assertThat(channels(ALL.filteredBy("FE80"))).containsExactly(LONG);
        assertThat(channels(ALL.filteredBy("firewall"))).containsExactly("10.0.0.1:9");
        assertThat(channels(ALL.filteredBy("--port=9 4194304"))).as("a process's").containsExactly("10.0.0.2:9");
        assertThat(page(ALL.filteredBy("nothing of this")).text()).contains("0 processes  0 channels", "Nothing matches.");
    }

    private static List<String> channels(Selection selection) {
        return selection.channels(rows()).stream().map(row -> row.socket().name()).toList();
    }

    @Test
    void jsonTellsWhatTheTextTells() throws Exception {
        assertThat(LookJson.of(rows(), ALL.filteredBy("FIREWALL"), Instant.ofEpochMilli(5))).startsWith("{\"time\":5,")
            .contains("\"path\":\"kernel: FIREWALL\",\"queued\":900,\"receiveBuffer\":1000,\"inPerSecond\":20.0")
            .contains("\"dropsPerSecond\":3.0,\"lostPerSecond\":0.0").doesNotContain("\n", "fe80");
        final List<ProcessRow> once = new History().add(List.of(process(12, 1, 0, true, "")));
        assertThat(LookJson.of(once, ALL, Instant.EPOCH)).contains("\"inPerSecond\":null");
    }
}
