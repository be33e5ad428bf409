package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Command;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.NativeTool;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Shared memory between JVMs that are killed, unprivileged, apart, or given garbage. */
class SharedMemoryTest {
    private Path directory;

    @BeforeEach
    void makeDirectory() {
        directory = Path.of(Command.run("mktemp", "-d", "/dev/shm/accel-it-XXXXXX"));
    }

    @AfterEach
    void removeDirectory() {
        Command.run("rm", "-rf", directory.toString());
    }

    private Jvm jvm() {
        return Jvm.accelerated("lo:shm").option("-Daccel.shm.dir=" + directory);
    }

    @Test
    void anUnprivilegedUserNeedsNothing() {
        Command.run("chmod", "1777", directory.toString());
        try (Wire wire = Wire.direct();
            Program pong = jvm().byNobody().sample(wire.a(), "Pong --bind=127.0.0.1:9000 --mode=select").awaitOut("Pong at");
            Program ping = jvm().byNobody().sample(wire.a(), "Ping --mode=select --timeout=5000 --warmup=1000 --count=20000")) {
            ping.succeed();
            pong.succeed();
            assertThat(ping.out()).contains(" 0 lost, 0 corrupt, 0 late");
            final Report report = Report.of(ping);
            assertThat(report.socket().fastTx()).as(report.text()).isGreaterThan(21_000);
            assertThat(report.socket().kernelTx() + report.socket().kernelRx()).as(report.text()).isZero();
        }
        assertThat(files()).as("what is left behind").noneMatch(file -> file.toString().contains("/p-"));
    }

    @Test
    void loopbackOfAnotherNamespaceIsAnotherNetwork() {
        try (Wire wire = Wire.direct();
            Program pong = jvm().sample(wire.a(), "Pong --bind=127.0.0.1:9000 --mode=select --idle=60").awaitOut("Pong at");
            Program stranger = jvm().sample(wire.b(), "Ping --wait=1 --count=10")) {
            assertThat(stranger.join()).isEqualTo(1);
            assertThat(stranger.err()).contains("no answer from 127.0.0.1:9000");
            assertThat(Report.of(stranger).socket().fastTx()).isZero();
            try (Program ping = jvm().sample(wire.a(), "Ping --mode=select --warmup=10 --count=1000")) {
                ping.succeed();
            }
            pong.succeed();
            assertThat(Report.of(pong).socket().fastRx()).isGreaterThan(1000);
        }
    }

    @Test
    void thePortThatTwoJvmsShareIsTheLastOnes() {
        final String port = "127.0.0.1:7002";
        try (Wire wire = Wire.direct();
            Talking first = jvm().talker(wire.a());
            Talking second = jvm().talker(wire.a());
            Talking sender = jvm().talker(wire.a())) {
            first.ask("open " + port + " reuse");
            sender.ask("open 127.0.0.1:7001");
            sender.ask("send " + port + " 100 5");
            assertThat(first.ask("drain 5000 5")).isEqualTo("5 received, 0 damaged");
            second.ask("open " + port + " reuse");
            // At once: the sender is told by the name that the second one has taken.
            sender.ask("send " + port + " 101 10");
            assertThat(second.ask("drain 5000 10")).isEqualTo("10 received, 0 damaged");
            assertThat(first.ask("receive 50")).isEqualTo("nothing");
            final Report gone = second.finish();
            assertThat(gone.socket().reasons()).as(gone.text()).containsEntry("SHARED_PORT", 10L);
            Await.until("the fast path to the one that is left", () -> {
                final long before = CoexistenceTest.inDatagrams(wire.a());
                sender.ask("send " + port + " 102 1");
                assertThat(first.ask("receive 5000")).isEqualTo("102 bytes");
                return CoexistenceTest.inDatagrams(wire.a()) == before;
            });
            final Report report = sender.finish();
            assertThat(report.socket().reasons()).as(report.text()).containsKey("SHARED_PORT").doesNotContainKey("NO_LOCAL_PEER");
        }
    }

    @Test
    void aReceiverMayDieAtAnyInstant() {
        final Random random = new Random(7);
        try (Wire wire = Wire.direct(); Talking talker = jvm().talker(wire.a())) {
            talker.ask("open 127.0.0.1:7001");
            for (int i = 0; i < 5; i++) {
                try (Program pong = pong(wire)) {
                    answered(talker);
                    talker.program().tell("roundtrips 127.0.0.1:9000 3000");
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(60_000)));
                    pong.kill();
                    try (Program heir = pong(wire)) {
                        // What was under way ends: some lost their receiver, the rest are the heir's.
                        assertThat(talker.answer()).endsWith("answered");
                        answered(talker);
                        heir.kill();
                    }
                }
            }
            final Report report = talker.finish();
            assertThat(report.sockets().stream().mapToLong(Report.Socket::fastRx).sum()).as(report.text()).isGreaterThan(1000);
            assertHealthy(talker.program());
        }
    }

    @Test
    void aSenderMayDieAtAnyInstant() {
        final Random random = new Random(8);
        try (Wire wire = Wire.direct(); Program pong = pong(wire)) {
            for (int i = 0; i < 5; i++) {
                try (Program ping = jvm().sample(wire.a(), "Ping --mode=spin --bind=127.0.0.1:7001 --count=5000000")) {
                    Await.until("Ping to be under way", () -> files().stream().filter(f -> f.toString().contains("/p-")).count() > 4,
                        ping::toString);
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(500_000)));
                    ping.kill();
                }
                try (Talking talker = jvm().talker(wire.a())) {
                    talker.ask("open 127.0.0.1:7001");
                    answered(talker);
                    final Report report = talker.finish();
                    assertThat(report.socket().fastRx()).as(report.text()).isGreaterThanOrEqualTo(100);
                }
            }
            pong.terminate();
            assertHealthy(pong);
        }
        assertThat(files()).as("what is left behind").hasSizeLessThan(100);
    }

    @Test
    @Tag("slow")
    void garbageInRingsAndControlFilesHarmsNobodyForGood() {
        try (Wire wire = Wire.direct(); Talking talker = jvm().talker(wire.a()); Program pong = pong(wire)) {
            talker.ask("open 127.0.0.1:7001");
            answered(talker);
            for (int seed = 1; seed <= 10; seed++) {
                for (final Path file : files()) {
                    // Truncated or locked files are none of a ring's business.
                    if (Files.isRegularFile(file) && !file.endsWith("lock")) {
                        Command.run(NativeTool.wire().toString(), "scribble", file.toString(), String.valueOf(seed));
                    }
                }
                talker.ask("roundtrips 127.0.0.1:9000 3");
                assertThat(talker.program().isAlive()).isTrue();
                assertThat(pong.isAlive()).isTrue();
            }
            // New sockets, new rings: after what the garbage has cost, all is well again.
            pong.terminate();
            assertHealthy(pong);
            try (Program heir = pong(wire)) {
                talker.ask("close");
                talker.ask("open 127.0.0.1:7003");
                Await.until("answers", () -> talker.ask("roundtrips 127.0.0.1:9000 20").equals("20 answered"),
                    () -> talker.program() + "\n" + heir);
                System.out.println(talker.finish().text());
                assertHealthy(talker.program());
            }
        }
    }

    private Program pong(Wire wire) {
        return jvm().sample(wire.a(), "Pong --bind=127.0.0.1:9000 --mode=select --stay --idle=60").awaitOut("Pong at");
    }

    private static void answered(Talking talker) {
        Await.until("all answered", () -> talker.ask("roundtrips 127.0.0.1:9000 100").equals("100 answered"),
            () -> talker.program().toString());
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::exists).filter(file -> !Files.isDirectory(file)).toList();
        } catch (final IOException | UncheckedIOException e) {
            // A process removed something on the way: what is left tells.
            return Stream.of(Command.attempt("find", directory.toString(), "!", "-type", "d").output().split("\n")).map(Path::of).toList();
        }
    }

    private static void assertHealthy(Program program) {
        assertThat(program.err()).doesNotContain("Exception").doesNotContain("\tat ");
    }
}
