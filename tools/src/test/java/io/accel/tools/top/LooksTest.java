package io.accel.tools.top;

import static io.accel.tools.top.States.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.accel.tools.state.ProcessState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LooksTest {
    private static final ProcessState LIVING = process(12, 1000, 0, true, "");
    private static final ProcessState DYING = process(13, 1000, 0, true, "");
    private static final ProcessState DEAD = process(13, 1000, 0, false, "");
    private static final ProcessState DEAD_BEFORE = process(14, 1000, 0, false, "");

    private long seconds = -3;
    private List<ProcessState> states = List.of(LIVING, DYING, DEAD_BEFORE);

    private Looks looks(Long... pids) {
        return new Looks(List.of(pids), () -> states, new ArrayList<>(), () -> TimeUnit.SECONDS.toNanos(seconds));
    }

    private static List<String> seen(Looks looks) throws IOException {
        return looks.look().stream().map(row -> row.state().pid() + " " + row.state().condition()).toList();
    }

    @Test
    void whoDiesWhileOneLooksIsShownForTenSecondsMoreAndWhoWasDeadBeforeIsNot() throws IOException {
        final Looks looks = looks();
        assertThat(seen(looks)).containsExactly("12 alive", "13 alive");
        seconds += 3600;
        states = List.of(LIVING, DEAD, DEAD_BEFORE);
        assertThat(seen(looks)).as("however long ago the last look was").containsExactly("12 alive", "13 dead");
        seconds += 10;
        assertThat(seen(looks)).containsExactly("12 alive", "13 dead");
        seconds++;
        assertThat(seen(looks)).containsExactly("12 alive");
    }

    @Test
    void whoWasAskedForIsShownHoweverLongDead() throws IOException {
        final Looks looks = looks(13L, 14L);
        states = List.of(LIVING, DEAD, DEAD_BEFORE);
        assertThat(seen(looks)).containsExactly("13 dead", "14 dead");
        seconds += 3600;
        assertThat(seen(looks)).containsExactly("13 dead", "14 dead");
    }

    @Test
    void aProcessThatUsesTheIdOfADeadOneIsAnother() throws IOException {
        final Looks looks = looks();
        seen(looks);
        states = List.of(process(13, 8, 2000, 0, true, ""), DEAD);
        assertThat(seen(looks)).containsExactly("13 alive", "13 dead");
    }
}
