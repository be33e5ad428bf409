package io.accel.core.efvi;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.natives.ChildJvm;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A million frames and more, each of which may go wrong in any way that the NIC knows: no crash, no leaked buffer, and what came in is what
 * was delivered and what was dropped, by cause. Another seed each time; {@code -Daccel.test.seed=} repeats one.
 */
class RandomFaultsTest {
    private static final int FRAMES = 400_000;
    private static final int SANITIZED_FRAMES = 60_000;
    private static final Path SIMULATOR = Path.of(System.getProperty("efvi.simulator"));

    @ParameterizedTest
    @ValueSource(strings = {"7000", "x2", "x3"})
    void everyFrameIsAccountedFor(String nic) throws Exception {
        run(nic, SIMULATOR, FRAMES, Map.of());
    }

    /** The glue and the simulator with the address and undefined-behaviour sanitizers, which end the process at what they find. */
    @ParameterizedTest
    @ValueSource(strings = {"7000", "x2", "x3"})
    void sanitizersFindNothing(String nic) throws Exception {
        final Path directory = SIMULATOR.resolveSibling("sanitized");
        run(nic, directory.resolve(SIMULATOR.getFileName()), SANITIZED_FRAMES, Map.of(
            "LD_PRELOAD", Files.readString(directory.resolve("preload")), "ASAN_OPTIONS", "detect_leaks=0,handle_segv=0"));
    }

    private static void run(String nic, Path library, int frames, Map<String, String> more) throws Exception {
        final long seed = Long.getLong("accel.test.seed", System.nanoTime() >>> 10);
        System.out.println("NIC " + nic + ", seed " + seed);
        final Map<String, String> variables = new HashMap<>(more);
        variables.put("SIM_NIC", nic);
        variables.put("SIM_FAULTS", "random@" + seed);
        final String told = ChildJvm.run(RandomFaults.class, List.of("-Xmx128m"), variables, library.toString(), Long.toString(seed),
            Integer.toString(frames));
        System.out.println(told);
        assertThat(told).as("seed %d", seed).startsWith("frames=");
    }
}
