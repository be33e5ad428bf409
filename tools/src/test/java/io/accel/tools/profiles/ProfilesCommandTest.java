package io.accel.tools.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.config.Configuration;
import io.accel.tools.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfilesCommandTest {
    @TempDir
    private Path directory;

    @Test
    void eachValueIsShownWithItsOrigin() throws IOException {
        final Path file = directory.resolve("accel.properties");
        Files.writeString(file, "accel.afxdp.ring=1024\n");
        final Configuration configuration = Configuration.of(Map.of("accel.profile", "latency", "accel.firewall", "ignore",
            "accel.config", file.toString()), Map.of("ACCEL_REPORT", "exit"));
        final String text = ProfilesCommand.text(configuration);
        assertThat(text.lines()).allMatch(line -> line.length() <= 100);
        assertThat(text).containsPattern("\\* latency +For threads").containsPattern("accel.firewall +ignore +system property")
            .containsPattern("accel.report +exit +environment").containsPattern("accel.afxdp.ring +1024 +file\\s+" + file)
            .containsPattern("accel.spin.micros +1000 +profile latency").containsPattern("accel.afxdp.frames +4096 +default")
            .doesNotContain("!");
        assertThat(Json.write(ProfilesCommand.document(configuration)).replaceAll("\\s+", " ")).contains("\"profile\": \"latency\"",
            "\"accel.spin.micros\": { \"value\": 1000, \"origin\": \"profile latency\", \"default\": \"20\"", "\"complaints\": []");
    }

    @Test
    void aFileIsListedWithItsDescriptionAndMistakesAreTold() throws IOException {
        final Path file = directory.resolve("mine.properties");
        Files.writeString(file, "# For the gateway.\naccel.spin.micro=5\n");
        final String text = ProfilesCommand.text(Configuration.of(Map.of("accel.profile", file.toString()), Map.of()));
        assertThat(text).contains("* " + file, "For the gateway.").containsPattern("! accel.spin.micro \\(profile " + file + "\\)\\s+is no")
            .contains("did you mean");
    }
}
