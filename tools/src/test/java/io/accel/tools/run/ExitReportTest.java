package io.accel.tools.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ExitReportTest {
    @Test
    void channelsAreSummedUpAndOtherLinesPassedOver() {
        final ExitReport report = ExitReport.parse("""
            NOTE: something
            accel: udp 127.0.0.1:9000 fast rx=10 tx=20 kernel rx=1 tx=2 reasons=NO_LOCAL_PEER:2,KERNEL_SENDER:1
            accel: udp [::]:9001 -> 127.0.0.1:9000 fast rx=5 tx=6 kernel rx=0 tx=3 reasons=NO_LOCAL_PEER:3
            accel: udp 0.0.0.0:9002 fast rx=0 tx=0 kernel rx=0 tx=0
            accel: vi shm lo copy drops=0
            """);
        assertThat(report).isEqualTo(new ExitReport(15, 26, 1, 5, Map.of("NO_LOCAL_PEER", 5L, "KERNEL_SENDER", 1L)));
        assertThat(report.fast()).isEqualTo(41);
        assertThat(report.kernel()).isEqualTo(6);
        assertThat(report.fastShare()).isEqualTo(41.0 / 47);
    }

    @Test
    void nothingReportedIsNothingFast() {
        assertThat(ExitReport.parse("no such lines").fastShare()).isZero();
    }

    @Test
    void theTwoEndsAddUp() {
        final ExitReport one = new ExitReport(1, 2, 3, 4, Map.of("A", 1L));
        final ExitReport other = new ExitReport(10, 20, 30, 40, Map.of("A", 1L, "B", 2L));
        assertThat(one.plus(other)).isEqualTo(new ExitReport(11, 22, 33, 44, Map.of("A", 2L, "B", 2L)));
    }
}
