package io.accel.tools.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void columnsAreAsWideAsTheirLongestCell() {
        assertThat(new TextTable("", "p50", "rate").row("JDK", "6.3", "150,000").row("Accel", "0.2", "").toString()).isEqualTo("""
                     p50     rate
              JDK    6.3  150,000
              Accel  0.2
            """);
        assertThatThrownBy(() -> new TextTable("a", "b").row("c")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void longTextIsBrokenAtSpaces() {
        assertThat(Wrapped.lines("why: ", "no " + "x".repeat(89) + " and " + "y".repeat(120) + " more")).isEqualTo(
            "  why: no " + "x".repeat(89) + "\n    and\n    " + "y".repeat(120) + "\n    more\n");
        assertThat(Wrapped.lines("  deeper: ", "a " + "b".repeat(90))).isEqualTo("    deeper: a\n      " + "b".repeat(90) + "\n");
    }

    @Test
    void textGoesOnBelowTheLastColumn() {
        final String table = new TextTable("what", "why").row("a", "word ".repeat(30)).row("longer", "").leftAligned();
        assertThat(table).isEqualTo("  what    why\n  a       " + "word ".repeat(18).strip() + "\n          " + "word ".repeat(12).strip()
            + "\n  longer\n");
        assertThat(table.lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void jsonIsNestedAndEscaped() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("text", "a \"b\"\n\\\u0001");
        map.put("numbers", List.of(1, 2.5));
        map.put("none", List.of());
        map.put("nan", Double.NaN);
        assertThat(Json.write(map)).isEqualTo("""
            {
              "text": "a \\"b\\"\\n\\\\\\u0001",
              "numbers": [1, 2.50000],
              "none": [],
              "nan": null
            }
            """);
    }

    @Test
    void numbersAreFoundByName() {
        assertThat(Json.number("{\"rate\":12,\"lost\":-3}", "lost")).isEqualTo(-3);
        assertThatThrownBy(() -> Json.number("{\"rate\":12}", "lost")).hasMessage("no lost in {\"rate\":12}");
        assertThat(Json.numbers("{\"a\":[1,-2],\"b\":[]}", "a")).containsExactly(1L, -2L);
        assertThat(Json.numbers("{\"a\":[1,-2],\"b\":[]}", "b")).isEmpty();
        assertThatThrownBy(() -> Json.numbers("{\"rate\":12}", "a")).isInstanceOf(IllegalArgumentException.class);
    }
}
