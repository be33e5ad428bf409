package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Screen;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code ./accel top}: as a script reads it, and on a terminal. */
class TopTest {
    private static final String ENTER = "\033[?1049h";
    private static final String LEAVE = "\033[?1049l";

    private static Program pong(Wire wire) {
        return Jvm.accelerated("lo:shm").sample(wire.a(), "Pong --bind=127.0.0.1:9000 --mode=select --idle=600").awaitOut("Pong at");
    }

    private static Program ping(Wire wire) {
        return Jvm.accelerated("lo:shm").sample(wire.a(), "Ping --to=127.0.0.1:9000 --mode=select --warmup=100000000 --count=1");
    }

    /** A process is known from the first time on that it tells its state. */
    private static void awaitKnown(Wire wire, Program process) {
        Await.until("top knows it", () -> Jvm.plain().tool(wire.b(), "top --once " + process.pid()).join() == 0);
    }

    private static Screen screen(Wire wire, String line) {
        return Jvm.plain().toolOnScreen(wire.b(), "top " + line);
    }

    @Test
    void aScriptIsToldRatesAndPaths() {
        try (Wire wire = Wire.direct(); Program pong = pong(wire); Program ping = ping(wire)) {
            awaitKnown(wire, pong);
            awaitKnown(wire, ping);
            final Program told = Jvm.plain().tool(wire.b(), "top -b -n 2 --sort=pid " + pong.pid() + " " + ping.pid()).succeed();
            assertThat(told.out().lines()).as(told.toString()).allMatch(line -> line.length() <= 100);
            assertThat(told.out()).as(told.toString()).doesNotContain("\033")
                .containsPattern(pong.pid() + " +127\\.0\\.0\\.1:9000 +[1-9]\\d* +"
                + "[1-9]\\d* +0 +0 +\\S+ +fast").contains("accel top  ", "2 processes  2 channels, 2 fast  in/s ")
                .containsPattern(ping.pid() + " +alive .* +[1-9]\\d* +[1-9]\\d* +0 +0  io\\.accel\\.samples\\.Ping");
            assertThat(told.out().split("accel top  ")).as("two looks").hasSize(3);
            final Program json = Jvm.plain().tool(wire.b(), "top --json -n 1 --filter=:9000 " + pong.pid()).succeed();
            assertThat(json.out()).startsWith("{\"time\":").containsPattern("\"local\":\"127.0.0.1:9000\",.*\"path\":\"fast\",.*"
                + "\"inPerSecond\":[1-9]").hasLineCount(1);
        }
    }

    @Test
    @Tag("slow")
    void onesThatHangOrAreDeadAreShown() {
        try (Wire wire = Wire.direct(); Talking talker = Jvm.accelerated("lo:shm").talker(wire.a())) {
            talker.ask("open 127.0.0.1:7001");
            final Program process = talker.program();
            awaitKnown(wire, process);
            wire.a().run("kill -STOP " + process.pid());
            Await.until("it is said to hang", () -> Jvm.plain().tool(wire.b(), "top --once " + process.pid()).succeed().out()
                .contains("1 process, 1 hanging"));
            process.kill();
            assertThat(Jvm.plain().tool(wire.b(), "top --once " + process.pid()).succeed().out()).contains("1 process, 1 dead")
                .containsPattern(process.pid() + " +127\\.0\\.0\\.1:7001 +- +- +-");
            assertThat(Jvm.plain().tool(wire.b(), "top --once").succeed().out()).as("whose process was not asked for")
                .doesNotContainPattern(process.pid() + " +dead");
        }
    }

    @Test
    void keysAndSizesAreHeededAndTheTerminalIsLeftAsItWas() {
        try (Wire wire = Wire.direct(); Program pong = pong(wire)) {
            awaitKnown(wire, pong);
            try (Screen screen = screen(wire, Long.toString(pong.pid()))) {
                screen.await(ENTER).await("by rate").await("127.0.0.1:9000").await("v interfaces");
                // Drawn anew by Ctrl-L: else it is a difference.
                screen.type("n\f").await("by name").type("v\f").await("interface").type(" \f").await("PAUSED");
                screen.type("/zz\r\f").await("only 'zz'");
                screen.resize(40, 12).await("accel top").await("quit  space pause");
                assertThat(screen.type("q").join()).as(screen.all()).isZero();
                assertThat(screen.all().indexOf(LEAVE)).isPositive();
                assertThat(screen.isAsBefore()).as(screen.all()).isTrue();
            }
        }
    }

    @Test
    void aSignalLeavesTheTerminalAsItWas() {
        try (Wire wire = Wire.direct(); Program pong = pong(wire)) {
            awaitKnown(wire, pong);
            try (Screen screen = screen(wire, "").await("v interfaces"); Screen other = screen(wire, "").await("v interfaces")) {
                assertThat(screen.type("\003").join()).as(screen.all()).isEqualTo(130);
                assertThat(other.signal("TERM").join()).as(other.all()).isEqualTo(143);
                for (final Screen each : new Screen[] {screen, other}) {
                    assertThat(each.await(LEAVE).isAsBefore()).as(each.all()).isTrue();
                }
            }
        }
    }

    @Test
    void aWrongWordIsAnsweredWithTheNearest() {
        try (Wire wire = Wire.direct()) {
            final Program key = Jvm.plain().tool(wire.a(), "top --sort=drop");
            assertThat(key.join()).isEqualTo(2);
            assertThat(key.err()).contains("'drop' is no key to sort by; did you mean drops?");
            final Program pid = Jvm.plain().tool(wire.a(), "top 1");
            assertThat(pid.join()).isEqualTo(1);
            assertThat(pid.err()).contains("no process 1 with Accel is known here");
            assertThat(Jvm.plain().tool(wire.a(), "top --help").succeed().out().lines()).allMatch(line -> line.length() <= 100);
        }
    }
}
