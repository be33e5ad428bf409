package io.accel.tools.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
    @Test
    void outputAndErrorsAreKeptApart() throws IOException {
        try (Program program = Program.start(List.of("sh", "-c", "echo out; echo err >&2"))) {
            program.await(10);
            assertThat(program.output()).isEqualTo("out\n");
            assertThat(program.errors()).isEqualTo("err\n");
        }
    }

    @Test
    void aFailureTellsTheCommandTheStatusAndWhatItSaid() {
        assertThatThrownBy(() -> Program.run("sh", "-c", "echo trouble >&2; exit 3"))
            .hasMessageContaining("sh -c").hasMessageContaining("ended with status 3").hasMessageContaining("trouble");
    }

    /** At any moment of its start: what it printed ends when nobody is left to print. */
    @RepeatedTest(5)
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void closingKillsTheProgramAndItsChildren(RepetitionInfo repetition) throws Exception {
        final Program program = Program.start(List.of("sh", "-c", "for i in $(seq 1000); do sleep 1000 & done; wait"));
        Thread.sleep(40L * repetition.getCurrentRepetition());
        program.close();
        assertThat(program.isRunning()).isFalse();
        assertThat(program.output()).isEmpty();
    }

    @Test
    void whereThereIsNoSetsidProgramsRunWithoutIt(@TempDir Path empty) throws IOException {
        assertThat(Program.leading(empty + ":/usr/bin")).containsExactly("setsid");
        assertThat(Program.leading(null)).isEmpty();
        assertThat(Program.leading("")).isEmpty();
        final List<String> leading = Program.leading(empty + ":" + empty.resolve("missing"));
        assertThat(leading).isEmpty();
        try (Program program = Program.start(leading, List.of("sh", "-c", "echo out"))) {
            assertThat(program.await(10).output()).isEqualTo("out\n");
        }
        final Program killed = Program.start(leading, List.of("sh", "-c", "exec sleep 1000"));
        killed.close();
        assertThat(killed.isRunning()).isFalse();
    }

    @Test
    void commandsAreWrappedForNamespaceAndCpu() {
        assertThat(new Host(null, "127.0.0.1", "lo", -1).wrap(List.of("x"))).containsExactly("x");
        assertThat(new Host("ns", "10.0.0.1", "va", 3).wrap(List.of("x")))
            .containsExactly("ip", "netns", "exec", "ns", "taskset", "-c", "3", "x");
    }

    @Test
    void onlyTheAcceleratedGetTheProviderAndTheJar() {
        final Samples samples = new Samples(Path.of("dist"));
        final Host host = new Host(null, "10.0.0.1", "va", -1);
        assertThat(samples.command(host, Flavour.jdk("JDK", Path.of("java")), "Ping", List.of("--json")))
            .containsExactly("java", "-cp", "dist/samples.jar", "io.accel.samples.Ping", "--json");
        assertThat(samples.command(host, Flavour.accel("Accel", Path.of("java"), "%s:afxdp"), "Ping", List.of()))
            .contains("-Djava.nio.channels.spi.SelectorProvider=io.accel.nio.AccelSelectorProvider", "-Daccel.interfaces=va:afxdp",
                "dist/samples.jar:dist/accel.jar");
    }

    @Test
    void cpuListsAreReadAsTheKernelWritesThem() {
        assertThat(Machine.parseList("0-2,5,7-8")).containsExactly(0, 1, 2, 5, 7, 8);
    }
}
