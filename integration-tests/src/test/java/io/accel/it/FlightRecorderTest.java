package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Command;
import io.accel.it.fixture.Frames;
import io.accel.it.fixture.Host;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.NativeTool;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events in recordings of real processes, and none of their classes without one. */
class FlightRecorderTest {
    private static final String LOCAL = "10.77.0.1:7001";
    private static final String ECHO = "10.77.0.2:7002";
    private static final int BAD = 3;

    @TempDir
    private Path directory;

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream().filter(each -> each.getEventType().getName().equals("io.accel." + name)).toList();
    }

    private static void untilFast(Wire wire, Talking talker) {
        Await.until("the peer's MAC address", () -> {
            exchange(talker);
            return wire.a().run("ip neigh show 10.77.0.2").contains("REACHABLE");
        });
        for (int i = 0; i < 10; i++) {
            exchange(talker);
        }
    }

    private static void exchange(Talking talker) {
        talker.ask("send " + ECHO + " 100");
        assertThat(talker.ask("receive 10000")).isEqualTo("100 bytes");
    }

    private static void injectBad(Wire wire) {
        final byte[] damaged = Frames.udp(wire.b(), 7002, wire.a(), 7001, Frames.pattern(50), 0, 0);
        damaged[60]++;
        assertThat(wire.b().feed(Frames.line(damaged).repeat(BAD), NativeTool.wire() + " inject vb")).contains(BAD + " frames");
    }

    private static Program echo(Host host) {
        return Program.start(host, NativeTool.wire() + " echo 10.77.0.2 7002").awaitOut("echo at");
    }

    @Test
    void aRecordingFromTheStartHasEveryEvent() throws IOException {
        final Path file = directory.resolve("all.jfr");
        try (Wire wire = Wire.direct(); Program echo = echo(wire.b());
            Talking talker = recorded(Jvm.accelerated("va:afxdp"), file).talker(wire.a())) {
            talker.ask("open " + LOCAL);
            untilFast(wire, talker);
            injectBad(wire);
            assertThat(talker.ask("receive 2500")).isEqualTo("nothing");
            wire.b().run("ip link set vb down");
            Await.until("the XDP program to go", () -> !wire.a().hasXdpProgram());
            wire.b().run("ip link set vb up");
            Await.until("the XDP program to come back", () -> wire.a().hasXdpProgram());
            talker.ask("close");
            final Report report = talker.finish();
            final List<RecordedEvent> events = RecordingFile.readAllEvents(file);
            assertThat(named(events, "ChannelOpened")).singleElement().satisfies(event -> {
                assertThat(event.getString("local")).isEqualTo(LOCAL);
                assertThat(event.getString("path")).isEqualTo("fast");
            });
            assertThat(named(events, "ChannelClosed")).singleElement().satisfies(event -> {
                assertThat(event.getLong("fastSent")).as(report.text()).isEqualTo(report.socket().fastTx()).isPositive();
                assertThat(event.getLong("kernelSent")).as(report.text()).isEqualTo(report.socket().kernelTx()).isPositive();
                assertThat(event.getLong("fastReceived")).isEqualTo(report.socket().fastRx());
            });
            assertThat(named(events, "PathChanged")).extracting(each -> each.getString("destination") + " " + each.getString("from") + " "
                + each.getString("to") + " " + each.getString("reason")).startsWith(ECHO + " none kernel NEIGHBOUR_UNRESOLVED")
                .contains(ECHO + " kernel va null");
            assertThat(named(events, "KernelPath")).extracting(each -> each.getString("reason")).doesNotHaveDuplicates()
                .containsAll(report.socket().reasons().keySet());
            assertThat(named(events, "Stall")).extracting(each -> each.getString("reason")).contains("NEIGHBOUR_UNRESOLVED");
            assertThat(named(events, "VirtualInterfaceOpened")).hasSize(2)
                .allSatisfy(event -> assertThat(event.getString("datapath")).isEqualTo("afxdp"));
            assertThat(named(events, "VirtualInterfaceLost")).singleElement()
                .satisfies(event -> assertThat(event.getString("reason")).isEqualTo("INTERFACE_DOWN"));
            assertThat(named(events, "Drops")).filteredOn(each -> each.getString("cause").equals("BAD_UDP_CHECKSUM")).isNotEmpty()
                .allSatisfy(event -> assertThat(event.getString("place")).isEqualTo("va"));
            assertThat(named(events, "Drops").stream().filter(each -> each.getString("cause").equals("BAD_UDP_CHECKSUM"))
                .mapToLong(each -> each.getLong("count")).sum()).isEqualTo(BAD);
            assertThat(Command.run(System.getProperty("java.home") + "/bin/jfr", "print", "--events", "io.accel.*", file.toString()))
                .contains("io.accel.Drops {", "cause = \"BAD_UDP_CHECKSUM\"");
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @Test
    void aRecordingOfARunningProgramHasWhatComesThen() throws IOException {
        final Path file = directory.resolve("later.jfr");
        final String jcmd = System.getProperty("java.home") + "/bin/jcmd";
        try (Wire wire = Wire.direct().introduced(); Program echo = echo(wire.b());
            Talking talker = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            talker.ask("open " + LOCAL);
            exchange(talker);
            final String pid = String.valueOf(talker.program().pid());
            assertThat(Command.run(jcmd, pid, "JFR.start", "name=one")).contains("Started recording");
            injectBad(wire);
            assertThat(talker.ask("receive 2500")).isEqualTo("nothing");
            talker.ask("close");
            Command.run(jcmd, pid, "JFR.stop", "name=one", "filename=" + file);
            talker.ask("open " + LOCAL);
            talker.finish();
            final List<RecordedEvent> events = RecordingFile.readAllEvents(file);
            assertThat(events.stream().map(each -> each.getEventType().getName()).filter(name -> name.startsWith("io.accel."))
                .collect(Collectors.toSet())).containsExactlyInAnyOrder("io.accel.ChannelClosed", "io.accel.Drops");
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"select", "blocking"})
    void aReceiverThatFoundNothingSleeps(String mode) throws IOException {
        final Path file = directory.resolve("sleep.jfr");
        try (Wire wire = Wire.direct(); Program pong = recorded(Jvm.accelerated("lo:shm"), file)
            .sample(wire.a(), "Pong --bind=127.0.0.1:9000 --mode=" + mode)) {
            Await.until("the socket", () -> wire.a().run("ss -lunH").contains("127.0.0.1:9000"));
            try (Program ping = Jvm.accelerated("lo:shm").sample(wire.a(), "Ping --to=127.0.0.1:9000 --count=100 --warmup=0")) {
                ping.succeed();
            }
            pong.succeed();
            final List<RecordedEvent> events = RecordingFile.readAllEvents(file);
            assertThat(named(events, "Sleep")).isNotEmpty().allSatisfy(event -> {
                assertThat(event.getDuration().toMillis()).isPositive();
                assertThat(event.getThread().getJavaName()).isEqualTo("main");
            });
        }
    }

    private static Jvm recorded(Jvm jvm, Path file) {
        return jvm.option("-XX:StartFlightRecording=filename=" + file + ",dumponexit=true").option("-Xlog:jfr+startup=off");
    }

    @Test
    void withoutARecordingNoEventIsEvenLoaded() throws IOException {
        final Path log = directory.resolve("classes");
        try (Wire wire = Wire.direct(); Talking talker = Jvm.accelerated("lo:shm")
            .option("-Xlog:class+load=info:file=" + log).talker(wire.a())) {
            talker.ask("open 127.0.0.1:7001");
            assertThat(talker.ask("receive 50")).isEqualTo("nothing");
            talker.ask("close");
            talker.finish();
        }
        assertThat(Files.readString(log)).contains("io.accel.udp.flight.FlightEvents")
            .doesNotContainPattern("io\\.accel\\.udp\\.flight\\.\\w+Event ").doesNotContain("jdk.jfr.internal.MetadataRepository");
    }
}
