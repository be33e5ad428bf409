package io.accel.tools.top;

import static io.accel.tools.top.States.process;
import static io.accel.tools.top.States.socket;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private final History history = new History();

    private ProcessRow look(long written, long age, String sockets) {
        return history.add(List.of(process(12, written, age, true, sockets))).get(0);
    }

    @Test
    void aRateIsBetweenTheTimesThatTheProcessWrites() {
        assertThat(look(10_000, 0, socket("10.0.0.1:9", 100, 0, 1, 0)).flow()).isEqualTo(Flow.UNKNOWN);
        assertThat(history.isComplete()).isFalse();
        final ProcessRow row = look(12_000, 0, socket("10.0.0.1:9", 1100, 0, 5, 250));
        assertThat(history.isComplete()).isTrue();
        assertThat(row.channels().get(0).flow()).isEqualTo(new Flow(500, 1000, 2, 0));
        assertThat(row.channels().get(0).level()).isEqualTo(25);
        assertThat(row.flow()).as("with what eth1 dropped, 2 in 2 s, and without what lo did, which the channels have").isEqualTo(
            new Flow(500, 1000, 3, 2));
        assertThat(row.interfaces().get(1).flow()).as("what the NIC lost is not what the stack dropped, and counts once").isEqualTo(
            new Flow(0, 0, 1, 4 / 2));
        assertThat(row.interfaces()).extracting(InterfaceRow::state).containsExactly("open", "open", "NO_DRIVER");
        assertThat(look(12_000, 900, socket("10.0.0.1:9", 1100, 0, 5, 0)).flow()).as("it has told nothing since").isEqualTo(row.flow());
    }

    @Test
    void onesThatHangOrAreDeadHaveNoRates() {
        look(10_000, 0, socket("10.0.0.1:9", 100, 0, 0, 0));
        look(11_000, 0, socket("10.0.0.1:9", 200, 0, 0, 0));
        assertThat(look(11_000, 10_001, socket("10.0.0.1:9", 200, 0, 0, 0)).flow()).isEqualTo(Flow.UNKNOWN);
        final ProcessRow dead = history.add(List.of(process(12, 11_000, 0, false, socket("10.0.0.1:9", 200, 0, 0, 0)))).get(0);
        assertThat(dead.channels().get(0).flow()).isEqualTo(Flow.UNKNOWN);
        assertThat(history.isComplete()).as("nothing more will be told").isTrue();
    }

    @Test
    void whatOpenedMeanwhileCountsFromNothingAndSharersOfAPortAreTwo() {
        final String first = socket("10.0.0.1:9", 100, 0, 0, 0);
        look(10_000, 0, first);
        final List<ChannelRow> rows = look(11_000, 0, first + "," + socket("10.0.0.1:9", 30, 0, 0, 0)).channels();
        assertThat(rows).extracting(row -> row.flow().in()).containsExactly(0.0, 30.0);
    }

    @Test
    void thePathIsWhatWasUsedSinceTheLookBefore() {
        look(10_000, 0, socket("10.0.0.1:9", 100, 50, 0, 0));
        assertThat(look(11_000, 0, socket("10.0.0.1:9", 100, 50, 0, 0)).channels().get(0).path()).isEqualTo("fast");
        assertThat(look(12_000, 0, socket("10.0.0.1:9", 110, 50, 0, 0)).channels().get(0).path()).isEqualTo("fast");
        assertThat(look(13_000, 0, socket("10.0.0.1:9", 110, 60, 0, 0)).channels().get(0).path()).isEqualTo("kernel: FIREWALL");
        assertThat(look(14_000, 0, socket("10.0.0.1:9", 140, 70, 0, 0)).channels().get(0).path()).isEqualTo("90% fast: FIREWALL");
    }
}
