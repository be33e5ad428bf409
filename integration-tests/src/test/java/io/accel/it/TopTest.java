package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code ./accel top}: as a script reads it. */
class TopTest {
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

    @Test
    void aScriptIsToldRatesAndPaths() {
        try (Wire wire = Wire.direct(); Program pong = pong(wire); Program ping = ping(wire)) {
            awaitKnown(wire, pong);
            awaitKnown(wire, ping);
            final Program told = Jvm.plain().tool(wire.b(), "top -b -n 2 --sort=pid " + pong.pid() + " " + ping.pid()).succeed();
            assertThat(told.out().lines()).as(told.toString()).allMatch(line -> line.length() <= 100);
            assertThat(told.out()).as(told.toString()).doesNotContain("\033")
                .containsPattern(pong.pid() + " +127\\.0\\.0\\.1:9000 +[1-9]\\d* +"
                + "[1-9]\\d* +0 +\\S+ +fast").contains("accel top  ", "2 processes  2 channels, 2 fast  in/s ")
                .containsPattern(ping.pid() + " +alive .* +[1-9]\\d* +[1-9]\\d* +0  io\\.accel\\.samples\\.Ping");
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
