package io.accel.tools.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class PlainTextTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void namesAndTextsLoseWhatCommandsATerminalAndNothingElse() throws Exception {
        final String told = "{'process': {'command': 'a\\u001b[2J\\nb\\u009b'}, 'drops': {'X\\u0007': 5}, "
            + "'groups': ['\\u007f', 'ü 1.5'], 'none': null, 'on': true}";
        final String plain = "{'process': {'command': 'a?[2J?b?'}, 'drops': {'X?': 5}, 'groups': ['?', 'ü 1.5'], 'none': null, 'on': true}";
        assertThat(PlainText.of(MAPPER.readTree(json(told)))).isEqualTo(MAPPER.readTree(json(plain)));
    }

    private static String json(String quoted) {
        return quoted.replace('\'', '"');
    }
}
