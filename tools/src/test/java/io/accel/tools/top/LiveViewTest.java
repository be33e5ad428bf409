package io.accel.tools.top;

import static io.accel.tools.top.States.process;
import static io.accel.tools.top.States.socket;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The view on a terminal that is no device: what it does with keys, and what it draws. */
@Timeout(30)
class LiveViewTest {
    private static final String COLOUR = "\033\\[[0-9;]*3[0-9]";
    private final ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    private int status;

    private String draw(String keys, int columns, int rows, boolean plain) throws IOException {
        final Looks looks = new Looks(List.of(), () -> List.of(process(12, 1000, 0, true,
            socket("10.0.0.1:9", 5, 0, 0, 0) + "," + socket("10.0.0.2:9", 0, 5, 0, 0))), new ArrayList<>(), System::nanoTime);
        try (Terminal terminal = TerminalBuilder.builder().system(false).type("xterm-256color").size(new Size(columns, rows))
            .streams(new ByteArrayInputStream(keys.getBytes(StandardCharsets.UTF_8)), drawn).build()) {
            terminal.setSize(new Size(columns, rows));
            final Attributes before = terminal.getAttributes();
            status = new LiveView(terminal, looks, new Selection(SortKey.RATE, false, ""), 1, plain).run();
            assertThat(terminal.getAttributes().toString()).isEqualTo(before.toString());
        }
        return drawn.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aQuitLeavesTheTerminalAsItWas() throws IOException {
        final String text = draw("q", 100, 30, false);
        assertThat(status).isZero();
        assertThat(text).contains("\033[?1049h", "10.0.0.1:9", "\033[?25l", " quit  space pause").containsPattern(COLOUR);
        assertThat(text.substring(text.lastIndexOf(" quit  space pause"))).contains("\033[?1049l");
    }

    @Test
    void theEndOfTheInputIsAQuit() throws IOException {
        assertThat(draw("", 100, 30, false)).contains("\033[?1049l");
        assertThat(status).isZero();
    }

    @Test
    void withoutColoursThereIsNoStyleAtAll() throws IOException {
        assertThat(draw("q", 100, 30, true)).contains("kernel: FIREWALL").doesNotContainPattern("\033\\[[0-9;]+m");
    }

    @Test
    void keysSortFilterPauseAndShowInterfaces() throws IOException {
        assertThat(draw("n\fR\f \fv\f/zz\bx\r\f\033[Bq", 100, 30, true)).as("drawn anew by Ctrl-L, not as a difference")
            .contains("by name", "by name, reversed", "PAUSED", "NO_DRIVER", "only 'zx'", "0 channels");
    }

    @Test
    void aTerminalMayBeSmallerThanTheTables() throws IOException {
        assertThat(draw("vq", 20, 5, true)).contains("accel top");
        assertThat(draw("vq", 1, 1, true)).isNotEmpty();
    }
}
