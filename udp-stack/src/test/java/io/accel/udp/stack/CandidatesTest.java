package io.accel.udp.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.config.Configuration;
import io.accel.core.config.InterfaceSelection.Entry;
import io.accel.core.config.Options;
import io.accel.core.datapath.Datapath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a driver offers counts where no interface is named. */
class CandidatesTest {
    private static final Entry NIC = new Entry("eth1", "efvi");
    private static final Entry LATER = new Entry("eth2", "efvi");

    private final List<Entry> offered = new ArrayList<>(List.of(NIC));
    private final DatapathSource drivers = new DatapathSource() {
        @Override
        public Datapath byName(String name) {
            throw new AssertionError("nothing is opened here");
        }

        @Override
        public List<Entry> offered() {
            return List.copyOf(offered);
        }
    };

    private Candidates candidates(String option, String value) {
        return new Candidates(Configuration.of(Map.of(option, value), Map.of()), drivers);
    }

    @Test
    void offeredOnesAreTakenOnceAndStay() {
        final Candidates candidates = candidates(Options.INTERFACES.property(), "auto");
        assertThat(candidates.all()).containsExactly(NIC);
        assertThat(candidates.areOffered()).isTrue();
        offered.add(LATER);
        candidates.discover();
        offered.remove(NIC);
        candidates.discover();
        assertThat(candidates.all()).containsExactly(NIC, LATER);
    }

    @ParameterizedTest
    @CsvSource({"accel.interfaces, none, ''", "accel.interfaces, lo:shm, ''", "accel.interfaces, eth0:afxdp, eth0",
        "accel.enabled, false, ''"})
    void namesRuleThemOut(String option, String value, String named) {
        final Candidates candidates = candidates(option, value);
        candidates.discover();
        assertThat(candidates.areOffered()).isFalse();
        assertThat(candidates.all().stream().map(Entry::interfaceName).toList()).isEqualTo(named.isEmpty() ? List.of() : List.of(named));
    }
}
