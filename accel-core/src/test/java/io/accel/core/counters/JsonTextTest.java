package io.accel.core.counters;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    private final JsonText text = new JsonText();

    private String written() {
        return new String(text.bytes(), 0, text.length(), StandardCharsets.US_ASCII);
    }

    @Test
    void commasComeByThemselves() {
        text.beginObject().name("a").value(1).name("b").beginArray().value(true).value(false).endArray().name("c").beginObject().endObject()
            .name("d").beginArray().endArray().name("e").value((String) null).endObject();
        assertThat(written()).isEqualTo("{\"a\":1,\"b\":[true,false],\"c\":{},\"d\":[],\"e\":null}");
    }

    @Test
    void aLineForEachObjectOfAnArray() {
        text.beginArray().beginObject().endObject().beginObject().endObject().endArray();
        assertThat(written()).isEqualTo("[\n{},\n{}]");
    }

    @Test
    void numbersToTheLimits() {
        text.beginArray().value(0).value(-1).value(10).value(Long.MAX_VALUE).value(Long.MIN_VALUE).endArray();
        assertThat(written()).isEqualTo("[0,-1,10,9223372036854775807,-9223372036854775808]");
    }

    @Test
    void onlyAscii() {
        text.value("say \"\\\" \u00e9\n\u0000\ud83d\ude00\u007f");
        assertThat(written()).isEqualTo("\"say \\\"\\\\\\\" \\u00e9\\u000a\\u0000\\ud83d\\ude00\\u007f\"");
    }

    @Test
    void theNextDocumentTakesThePlaceOfTheLast() {
        text.value("x".repeat(100_000));
        final byte[] grown = text.bytes();
        text.clear().beginArray().raw("{\"a\":1}".getBytes(StandardCharsets.US_ASCII)).value(2).endArray();
        assertThat(written()).isEqualTo("[{\"a\":1},2]");
        assertThat(text.bytes()).isSameAs(grown);
    }
}
