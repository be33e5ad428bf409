package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.NativeTool;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be wrong at the start: the program runs all the same, by the kernel, and is told once why. */
class StartTroubleTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "-Daccel.afxpd.mode=generic            | accel.afxpd.mode",
        "-Daccel.spin.micros=soon              | accel.spin.micros=soon",
        "-Daccel.firewall=perhaps              | accel.firewall=perhaps",
        "-Daccel.interfaces=va                 | names no datapath",
        "-Daccel.interfaces=va:afxdp,,lo:shm   | empty entry",
        "-Daccel.interfaces=va:teleport        | unknown datapath 'teleport'",
        "-Daccel.interfaces=:afxdp             | cannot be an interface's name",
        "-Daccel.afxdp.ring=1000               | accel.afxdp.ring=1000",
    })
    void aWrongOptionIsToldOnceAndDoesNoHarm(String option, String told) {
        try (Wire wire = Wire.direct().introduced();
            Program echo = Program.start(wire.b(), NativeTool.wire() + " echo 10.77.0.2 7002").awaitOut("echo at");
            Talking talker = Jvm.accelerated("va:afxdp").option(option).talker(wire.a())) {
            assertThat(exchange(talker, 20)).isEqualTo("20 received, 0 damaged");
            talker.ask("close");
            assertThat(exchange(talker, 20)).isEqualTo("20 received, 0 damaged");
            final Report report = talker.finish();
            assertThat(report.sockets()).hasSize(2);
            assertToldOnce(talker, told);
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"nic7:afxdp, NO_INTERFACE, there is no interface nic7", "va:efvi, NO_DRIVER, no ef_vi library"})
    void anInterfaceThatCannotBeAcceleratedIsToldOnce(String interfaces, String reason, String told) {
        try (Wire wire = Wire.direct().introduced();
            Program echo = Program.start(wire.b(), NativeTool.wire() + " echo 10.77.0.2 7002").awaitOut("echo at");
            Talking talker = Jvm.accelerated(interfaces).talker(wire.a())) {
            assertThat(exchange(talker, 20)).isEqualTo("20 received, 0 damaged");
            final Report report = talker.finish();
            assertThat(report.socket().kernelTx()).as(report.text()).isEqualTo(20);
            assertThat(report.socket().kernelRx()).as(report.text()).isEqualTo(20);
            final String name = interfaces.substring(0, interfaces.indexOf(':'));
            assertThat(talker.program().err()).contains(told);
            assertToldOnce(talker, name + " is not accelerated: " + reason);
            assertThat(talker.program().err()).as("in the report").contains("interface " + name + " is not accelerated by ");
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @Test
    void anInterfaceThatIsDownIsTakenWhenItComesUp() {
        try (Wire wire = Wire.direct();
            Program echo = Program.start(wire.b(), NativeTool.wire() + " echo 10.77.0.2 7002").awaitOut("echo at");
            Talking talker = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            wire.a().run("ip link set va down");
            talker.ask("open *:7001");
            talker.program().awaitErr("INTERFACE_DOWN");
            wire.a().run("ip link set va up");
            talker.program().awaitErr("va is accelerated");
            talker.ask("send 10.77.0.2:7002 100 1");
            assertThat(talker.ask("receive 10000")).isEqualTo("100 bytes");
            Await.until("the neighbour to be known", () -> wire.a().run("ip neigh show dev va").contains("lladdr"));
            talker.ask("send 10.77.0.2:7002 100 10");
            assertThat(talker.ask("drain 5000 10")).isEqualTo("10 received, 0 damaged");
            final Report report = talker.finish();
            assertThat(report.socket().fastTx()).as(report.text()).isGreaterThanOrEqualTo(10);
            assertThat(report.socket().fastRx()).as(report.text()).isGreaterThanOrEqualTo(10);
            assertToldOnce(talker, "is not accelerated: INTERFACE_DOWN");
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @Test
    void aSecondJvmOnTheInterfaceUsesTheKernelUntilTheFirstHasGone() {
        try (Wire wire = Wire.direct().introduced();
            Program echo = Program.start(wire.b(), NativeTool.wire() + " echo 10.77.0.2 7002").awaitOut("echo at");
            Talking first = Jvm.accelerated("va:afxdp").talker(wire.a());
            Talking second = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            assertThat(exchange(first, 20)).isEqualTo("20 received, 0 damaged");
            assertThat(exchange(second, 20)).isEqualTo("20 received, 0 damaged");
            second.program().awaitErr("QUEUE_TAKEN");
            assertThat(exchangeAgain(first, 20)).isEqualTo("20 received, 0 damaged");
            assertThat(first.finish().socket().reasons()).isEmpty();
            second.program().awaitErr("va is accelerated");
            assertThat(exchangeAgain(second, 20)).isEqualTo("20 received, 0 damaged");
            final Report report = second.finish();
            assertThat(report.socket().kernelTx()).as(report.text()).isEqualTo(20);
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(20);
            assertThat(report.socket().reasons()).as(report.text()).containsKey("QUEUE_TAKEN");
            assertToldOnce(second, "va is not accelerated: QUEUE_TAKEN");
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @Test
    void anotherXdpProgramKeepsItsPlace() {
        try (Wire wire = Wire.direct().introduced();
            Program echo = Program.start(wire.b(), NativeTool.wire() + " echo 10.77.0.2 7002").awaitOut("echo at");
            Talking talker = Jvm.accelerated("va:afxdp").talker(wire.a())) {
            wire.a().run("ip link set dev va xdpgeneric obj " + NativeTool.xdpPass() + " sec xdp");
            assertThat(exchange(talker, 20)).isEqualTo("20 received, 0 damaged");
            talker.program().awaitErr("QUEUE_TAKEN");
            assertThat(wire.a().hasXdpProgram()).isTrue();
            wire.a().run("ip link set dev va xdpgeneric off");
            talker.program().awaitErr("va is accelerated");
            assertThat(exchangeAgain(talker, 20)).isEqualTo("20 received, 0 damaged");
            final Report report = talker.finish();
            assertThat(report.socket().fastTx()).as(report.text()).isEqualTo(20);
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @Test
    void withoutCapabilitiesTheKernelServesAndTheRemedyIsTold() {
        try (Wire wire = Wire.direct().introduced();
            Program echo = Program.start(wire.b(), NativeTool.wire() + " echo 10.77.0.2 7002").awaitOut("echo at");
            Talking talker = Jvm.accelerated("va:afxdp").byNobody().talker(wire.a())) {
            assertThat(exchange(talker, 20)).isEqualTo("20 received, 0 damaged");
            final Report report = talker.finish();
            assertThat(report.socket().kernelTx()).as(report.text()).isEqualTo(20);
            assertThat(report.socket().reasons()).as(report.text()).containsKey("NO_PRIVILEGE");
            assertThat(talker.program().err()).contains("CAP_NET_RAW").contains("CAP_BPF").contains("CAP_NET_ADMIN");
            assertToldOnce(talker, "va is not accelerated: NO_PRIVILEGE");
            assertThat(echo.isAlive()).isTrue();
        }
    }

    @Test
    void tooLittleLockedMemoryIsToldWithTheFigure() {
        try (Wire wire = Wire.direct().introduced();
            Program echo = Program.start(wire.b(), NativeTool.wire() + " echo 10.77.0.2 7002").awaitOut("echo at");
            Talking talker = Jvm.accelerated("va:afxdp")
                .launchedBy("prlimit --memlock=65536 setpriv --inh-caps=-ipc_lock --bounding-set=-ipc_lock").talker(wire.a())) {
            assertThat(exchange(talker, 20)).isEqualTo("20 received, 0 damaged");
            final Report report = talker.finish();
            assertThat(report.socket().reasons()).as(report.text()).containsKey("MEMLOCK");
            assertThat(talker.program().err()).contains("ulimit -l");
            assertToldOnce(talker, "va is not accelerated: MEMLOCK");
            assertThat(wire.a().hasXdpProgram()).isFalse();
            assertThat(echo.isAlive()).isTrue();
        }
    }

    private static String exchange(Talking talker, int count) {
        assertThat(talker.ask("open 10.77.0.1:0")).isEqualTo("open");
        return exchangeAgain(talker, count);
    }

    private static String exchangeAgain(Talking talker, int count) {
        assertThat(talker.ask("send 10.77.0.2:7002 100 " + count)).isEqualTo("sent " + count);
        return talker.ask("drain 5000 " + count);
    }

    static void assertToldOnce(Talking talker, String told) {
        assertThat(talker.program().err().split(Pattern.quote(told), -1)).as(talker.program().toString()).hasSize(2);
    }
}
