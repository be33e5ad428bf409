package io.accel.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.tools.ToolException;
import io.accel.tools.run.ExitReport;
import io.accel.tools.run.Hosts;
import io.accel.tools.run.Samples;
import io.accel.tools.text.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NettySectionsTest {
    private static final Path NOWHERE = Path.of("nowhere");

    private static List<Section> sections() throws IOException {
        final NettySections sections = new NettySections(new NettyMeasurements(new Samples(NOWHERE), NOWHERE, 1));
        return List.of(sections.host(Hosts.loopback()), sections.veth(Hosts.loopback())).stream().flatMap(List::stream).toList();
    }

    @Test
    void everyTransportIsInEveryCombinationAndItsRowTellsWhich() throws IOException {
        for (final Section section : sections()) {
            assertThat(section.contenders()).extracting(Contender::name).hasSize(16).doesNotHaveDuplicates()
                .contains("nio, 64 B, spin", "epoll, 1,400 B, sleep", "io_uring, 1,400 B, spin", "Accel, 64 B, sleep");
        }
    }

    /** A budget that names no row is never measured. */
    @Test
    void budgetsCompareRowsThatAreThere() throws IOException {
        for (final Section section : sections()) {
            final List<String> rows = section.contenders().stream().map(Contender::name).toList();
            assertThat(section.budgets()).hasSize(4);
            for (final Budget budget : section.budgets()) {
                assertThat(rows).contains(budget.numerator(), budget.denominator());
                assertThat(section.metrics()).contains(budget.metric());
            }
        }
    }

    @Test
    void aRoundTripIsComparedWithEpollsAndARateTheOtherWayRound() throws IOException {
        final Medians medians = new Medians();
        medians.add("epoll, 64 B, spin", Measured.of(Map.of("p50 µs", 9.0, "received/s", 100_000.0)));
        medians.add("Accel, 64 B, spin", Measured.of(Map.of("p50 µs", 6.0, "received/s", 150_000.0)));
        assertThat(sections()).extracting(section -> section.budgets().get(0).describe(medians)).containsExactly(
            "p50 µs of epoll, 64 B, spin / Accel, 64 B, spin: 1.50, to be at least 10.00  MISSED",
            "received/s of Accel, 64 B, spin / epoll, 64 B, spin: 1.50, to be at least 8.00  MISSED",
            "p50 µs of epoll, 64 B, spin / Accel, 64 B, spin: 1.50, to be at least 1.40  met",
            "received/s of Accel, 64 B, spin / epoll, 64 B, spin: 1.50, to be at least 2.00  MISSED");
    }

    @Test
    void aRefusalIsInItsRowAndInTheJson() {
        final Measured measured = Measured.of(Map.of("p50 µs", 7.25));
        final Section section = new Section("x", "X", List.of("p50 µs"),
            List.of(new Contender("nio", () -> measured), new Contender("io_uring", () -> measured, "not available: not permitted")),
            List.of(Budget.atLeast("p50 µs", "nio", "io_uring", 1)));
        final Medians medians = new Medians();
        medians.add("nio", measured);
        assertThat(BenchCommand.table(section, medians)).isEqualTo("""
                        p50 µs
              nio         7.25
              io_uring       -  not available: not permitted
            """);
        assertThat(Json.write(BenchCommand.toMap(section, medians))).isEqualTo("""
            {
              "title": "X",
              "medians": {
                "nio": {
                  "p50 µs": 7.25000
                }
              },
              "budgets": [
                {
                  "budget": "p50 µs of nio / io_uring: NaN, to be at least 1.00  NOT MEASURED",
                  "ratio": null,
                  "met": false
                }
              ],
              "repetitions": {
                "nio": {
                  "p50 µs": [7.25000]
                }
              },
              "curves": {},
              "refused": {
                "io_uring": "not available: not permitted"
              }
            }
            """);
    }

    @Test
    void aSinksLineBecomesMetrics() throws IOException {
        final String line =
            "{\"program\":\"NettySink\",\"received\":90,\"rate\":45,\"sent\":100,\"lost\":10,\"reordered\":1,\"corrupt\":0}";
        assertThat(NettyMeasurements.metrics(line, null)).isEqualTo(
            Map.of("received/s", 45.0, "received", 90.0, "sent", 100.0, "lost", 10.0, "reordered", 1.0));
        final ExitReport paths = ExitReport.parse("accel: udp 127.0.0.1:1 fast rx=75 tx=0 kernel rx=25 tx=0 reasons=KERNEL_SENDER:25");
        assertThat(NettyMeasurements.metrics(line, paths)).containsEntry("fast %", 75.0);
        assertThatThrownBy(() -> NettyMeasurements.metrics(line.replace("\"corrupt\":0", "\"corrupt\":2"), null))
            .isInstanceOf(ToolException.class).hasMessageContaining("2 messages arrived corrupt");
    }

    @Test
    void oneWordStandsForAllOfThem() throws ToolException {
        assertThat(Catalogue.select(List.of("netty"))).containsExactly("netty-host", "netty-host-rate", "netty-veth", "netty-veth-rate");
        assertThat(Catalogue.select(List.of("veth", "netty-host"))).containsExactly("veth", "netty-host");
        assertThat(Catalogue.select(List.of())).containsExactlyElementsOf(Catalogue.names());
        assertThatThrownBy(() -> Catalogue.select(List.of("nety"))).isInstanceOf(ToolException.class).hasMessageContaining("nety");
    }
}
