package io.accel.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.config.InterfaceSelection.Entry;
import io.accel.core.config.InterfaceSelection.Mode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterfaceSelectionTest {
    @Test
    void words() {
        assertThat(InterfaceSelection.parse("auto").mode()).isEqualTo(Mode.AUTO);
        assertThat(InterfaceSelection.parse("").mode()).isEqualTo(Mode.AUTO);
        assertThat(InterfaceSelection.parse(" none ").mode()).isEqualTo(Mode.NONE);
    }

    @Test
    void listKeepsItsOrder() {
        final InterfaceSelection selection = InterfaceSelection.parse("eth1:efvi, eth2.5 : afxdp,lo:shm,0@a-long-clusters-name:efvi");
        assertThat(selection.mode()).isEqualTo(Mode.LIST);
        assertThat(selection.entries()).containsExactly(new Entry("eth1", "efvi"), new Entry("eth2.5", "afxdp"), new Entry("lo", "shm"),
            new Entry("0@a-long-clusters-name", "efvi"));
        assertThat(selection.complaints()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "eth1                    | names no datapath: write eth1:afxdp",
        "eth1:afdxp              | unknown datapath 'afdxp'; known are afxdp, efvi, shm",
        "eth1:afxpd              | known are afxdp, efvi, shm (did you mean afxdp?)",
        "eth1:dpdk               | known are afxdp, efvi, shm",
        ":afxdp                  | cannot be an interface's name",
        "sixteencharacter:afxdp  | cannot be an interface's name",
        "a/b:afxdp               | cannot be an interface's name",
        "0@web:afxdp             | names a cluster, which only efvi has",
        "auto                    | stands alone",
    })
    void badEntryIsLeftOutAndTold(String bad, String complaint) {
        final InterfaceSelection selection = InterfaceSelection.parse("eth0:afxdp," + bad);
        assertThat(selection.entries()).containsExactly(new Entry("eth0", "afxdp"));
        assertThat(selection.complaints()).singleElement().asString().contains(complaint);
    }

    @Test
    void emptyEntriesAndDuplicates() {
        final InterfaceSelection selection = InterfaceSelection.parse("eth0:afxdp,,eth0:efvi");
        assertThat(selection.entries()).containsExactly(new Entry("eth0", "afxdp"));
        assertThat(selection.complaints()).hasSize(2).anyMatch(s -> s.contains("empty")).anyMatch(s -> s.contains("twice"));
    }

    @Property
    void anythingIsParsed(@ForAll String text) {
        final InterfaceSelection selection = InterfaceSelection.parse(text);
        if (selection.mode() == Mode.LIST) {
            assertThat(selection.entries().size() + selection.complaints().size()).isEqualTo(text.strip().split(",", -1).length);
        }
    }
}
