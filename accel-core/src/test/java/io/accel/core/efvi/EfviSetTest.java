package io.accel.core.efvi;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.testing.Agent;
import io.accel.core.testing.VethPairExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Several VIs that receive on one NIC, which chooses between them by a hash; the simulated one ends the process at two threads on one. */
class EfviSetTest {
    private static final String A = "10.77.0.1";
    private static final int FIRST_FLOW = 7100;
    private static final int FLOWS = 16;
    @RegisterExtension
    private static final VethPairExtension PAIR = VethPairExtension.ipv4();

    private static Agent start(int vis, String... environment) {
        final Agent agent = EfviAgent.start(PAIR.a(), environment);
        agent.ask("option accel.efvi.vis " + vis);
        return agent;
    }

    private static Agent peer() {
        final Agent agent = EfviAgent.start(PAIR.b());
        for (int flow = 0; flow < FLOWS; flow++) {
            assertThat(agent.ask("bind " + (FIRST_FLOW + flow))).isEqualTo("ok");
        }
        return agent;
    }

    /** So many datagrams of each flow, which say which they are, the flows in turn. */
    private static void send(Agent peer, int each) {
        for (int i = 0; i < each; i++) {
            for (int flow = 0; flow < FLOWS; flow++) {
                peer.ask("transmit " + (FIRST_FLOW + flow) + " " + A + " 7000 " + flow + ":" + i + " 1");
            }
        }
    }

    private static List<String> flow(int flow, int each) {
        return IntStream.range(0, each).mapToObj(i -> flow + ":" + i).toList();
    }

    @ParameterizedTest
    @CsvSource({"7000, 2, 1, false", "7000, 4, 2, false", "x2, 2, 2, false", "x2, 4, 2, false", "x2, 3, 2, false", "x2, 4, 2, true"})
    void everyDatagramComesOnceAndEachFlowInOrderByOneVi(String nic, int vis, int threads, boolean merge) {
        try (Agent a = start(vis, "SIM_NIC=" + nic); Agent b = peer()) {
            a.ask("option accel.efvi.merge " + merge);
            assertThat(a.ask("open va")).startsWith("ok ef10 " + vis + "-vis ");
            assertThat(a.ask("shortfall")).isEqualTo("none");
            assertThat(a.ask("filter " + A + " 7000")).isEqualTo("ok");
            send(b, 25);
            final String[] byVi = a.ask("gather " + FLOWS * 25 + " " + threads).split(" ");
            assertThat(byVi).hasSize(vis).doesNotContain("-");
            final List<List<String>> texts = Arrays.stream(byVi).map(each -> List.of(each.split(","))).toList();
            assertThat(texts.stream().mapToInt(List::size).sum()).isEqualTo(FLOWS * 25);
            for (int flow = 0; flow < FLOWS; flow++) {
                final String prefix = flow + ":";
                final List<List<String>> where = texts.stream().map(each -> each.stream().filter(t -> t.startsWith(prefix)).toList())
                    .filter(each -> !each.isEmpty()).toList();
                assertThat(where).containsExactly(flow(flow, 25));
            }
            assertThat(a.ask("drops")).contains("rx_no_descriptors=0");
        }
    }

    /** Each VI has the buffers of one alone: what one ring holds, each of them holds. */
    @Test
    void buffersCirculateOnEachVi() {
        try (Agent a = start(4); Agent b = peer()) {
            a.ask("option accel.efvi.frames 2048");
            assertThat(a.ask("open va")).startsWith("ok ");
            assertThat(a.ask("filter " + A + " 7000")).isEqualTo("ok");
            for (int round = 0; round < 20; round++) {
                for (int flow = 0; flow < FLOWS; flow++) {
                    b.ask("transmit " + (FIRST_FLOW + flow) + " " + A + " 7000 some 30");
                }
                final String[] byVi = a.ask("gather " + FLOWS * 30 + " 2").split(" ");
                assertThat(Arrays.stream(byVi).mapToInt(each -> each.split(",").length).sum()).isEqualTo(FLOWS * 30);
            }
            assertThat(a.ask("drops")).contains("rx_no_descriptors=0");
            assertThat(a.ask("close")).startsWith("ok");
        }
    }

    /** All VIs have their buffers in one piece of memory: it goes with the last frame that any of them lent. */
    @Test
    void retainedFramesOutliveTheSet() {
        try (Agent a = start(4, "SIM_NIC=x2"); Agent b = peer()) {
            assertThat(a.ask("open va")).startsWith("ok ");
            assertThat(a.ask("filter " + A + " 7000")).isEqualTo("ok");
            send(b, 1);
            final String frames = a.ask("retain " + FLOWS);
            assertThat(frames.split(" ")).hasSize(FLOWS);
            assertThat(a.ask("levels")).contains("retained=" + FLOWS + ",");
            assertThat(a.ask("close")).startsWith("ok");
            assertThat(a.ask("kept")).isEqualTo(frames);
            assertThat(a.ask("home")).as("whether the memory is there after each that came home")
                .isEqualTo("true ".repeat(FLOWS - 1) + "false");
        }
    }

    @Test
    void levelsAreOfAllVis() {
        final Matcher ofOne = levels(1);
        final Matcher ofFour = levels(4);
        assertThat(Long.parseLong(ofOne.group(1))).isPositive();
        assertThat(Long.parseLong(ofFour.group(1))).isEqualTo(4 * Long.parseLong(ofOne.group(1)));
        assertThat(ofFour.group(2)).isEqualTo(ofOne.group(2));
    }

    private static Matcher levels(int vis) {
        try (Agent a = start(vis)) {
            a.ask("option accel.efvi.frames 2048");
            assertThat(a.ask("open va")).startsWith("ok ");
            final Matcher levels = Pattern.compile("\\{retained=0, spare=(\\d+), tx=0, tx spare=(\\d+)}").matcher(a.ask("levels"));
            assertThat(levels.matches()).isTrue();
            assertThat(a.ask("close")).startsWith("ok");
            assertThat(a.ask("levels")).isEqualTo("{}");
            return levels;
        }
    }

    @Test
    void filtersAreTheSets() {
        try (Agent a = start(4); Agent b = peer()) {
            assertThat(a.ask("open va")).startsWith("ok ");
            assertThat(a.ask("bind 7000")).isEqualTo("ok");
            assertThat(a.ask("filter " + A + " 7000")).isEqualTo("ok");
            assertThat(a.ask("filter " + A + " 7000")).startsWith("FILTER_TAKEN");
            send(b, 1);
            assertThat(a.ask("gather " + FLOWS + " 1").split("[ ,]")).hasSize(FLOWS);
            assertThat(a.ask("unfilter 7000")).isEqualTo("ok");
            send(b, 1);
            for (int flow = 0; flow < FLOWS; flow++) {
                assertThat(a.ask("receive 7000")).isEqualTo(flow + ":0");
            }
            assertThat(a.ask("filter " + A + " 7000")).isEqualTo("ok");
            send(b, 1);
            assertThat(a.ask("gather " + FLOWS + " 1").split("[ ,]")).hasSize(FLOWS);
        }
    }

    /** One descriptor is all of theirs: whichever VI the frame comes to. */
    @Test
    void aSleeperIsWokenByEachVi() {
        try (Agent a = start(4); Agent b = peer()) {
            assertThat(a.ask("open va")).startsWith("ok ");
            assertThat(a.ask("filter " + A + " 7000")).isEqualTo("ok");
            for (int flow = 0; flow < FLOWS; flow++) {
                assertThat(a.ask("arm")).isEqualTo("false");
                b.ask("transmit " + (FIRST_FLOW + flow) + " " + A + " 7000 wake 1");
                assertThat(a.ask("readable")).isEqualTo("1");
                assertThat(a.ask("gather 1 1").replaceAll("[- ]", "")).isEqualTo("wake");
            }
            assertThat(a.ask("arm")).isEqualTo("false");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIM_NIC=x3;has no sets of VIs", "SIM_FAULTS=set=ENOSPC;not so many VIs left",
        "SIM_CLUSTER=web:va:2:10.77.0.1:7000;share its work with other members"})
    void whereThereIsNoSetOneViReceivesAndTheReasonIsTold(String setUp) {
        final String[] words = setUp.split(";");
        try (Agent a = start(4, words[0].split(" ")); Agent b = peer()) {
            final String name = words[0].contains("CLUSTER") ? "0@web" : "va";
            assertThat(a.ask("open " + name)).startsWith("ok ").doesNotContain("-vis");
            assertThat(a.ask("shortfall")).startsWith("NO_VI_SET accel.efvi.vis=4 on " + name + ", but one VI receives: ")
                .contains(words[1]);
            assertThat(a.ask("filter " + A + " 7000")).isEqualTo("ok");
            send(b, 2);
            final int mine = name.equals("va") ? FLOWS * 2 : FLOWS;
            assertThat(a.ask("gather " + mine + " 1").split(",")).hasSize(mine);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 16})
    void opensAndClosesManyTimesWithoutALeak(int vis) {
        try (Agent a = start(vis)) {
            final String[] held = a.ask("cycle va 20").split(" ");
            assertThat(held).hasSize(2);
            assertThat(held[1]).isEqualTo(held[0]);
        }
    }
}
