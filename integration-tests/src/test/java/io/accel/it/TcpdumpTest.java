package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Command;
import io.accel.it.fixture.Frames;
import io.accel.it.fixture.Host;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.NativeTool;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.SimulatedNic;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./accel tcpdump}: what tshark finds in its captures of each datapath, what they miss, and what the tool's end leaves. */
class TcpdumpTest {
    /** Of 512 bytes, of a ring's file without its ring. */
    private static final int HEADER_BLOCKS = 128;
    private static final int COLUMNS = 100;
    private static final int WARM_UP = 5;
    private static final int ROUND_TRIPS = 50;
    private static final int BAD = 3;
    /** Between several values of a field: no comment has it. */
    private static final String AGGREGATOR = "^";
    private static final String OUT = "2";
    private static final String IN = "1";

    @TempDir
    private Path directory;

    /** A packet as tshark decodes it. @param problems what it finds wrong */
    private record Decoded(String interfaceName, String direction, String comment, String source, String destination, BigDecimal stamp,
                           int length, List<String> problems) {
    }

    /** Started on processes, {@code PIDS} in the line, and capturing them. */
    private static Program tcpdump(Host host, String line, Program... of) {
        final String pids = Stream.of(of).map(each -> Long.toString(each.pid())).collect(Collectors.joining(" "));
        final Program started = Jvm.plain().tool(host, "tcpdump " + line.replace("PIDS", pids));
        for (final Program each : of) {
            started.awaitErr("capturing packets of process " + each.pid());
        }
        return started;
    }

    private Path file() {
        return directory.resolve("capture.pcapng");
    }

    /** Every packet, with all that tshark says of it. */
    private List<Decoded> decoded() {
        final Command tshark = Command.attempt("tshark", "-r", file().toString(), "-o", "udp.check_checksum:TRUE", "-o",
            "ip.check_checksum:TRUE", "-d", "udp.port==1-65535,data", "-T", "fields", "-E", "separator=|", "-E", "occurrence=a",
            "-E", "aggregator=" + AGGREGATOR, "-e", "frame.interface_name", "-e", "frame.packet_flags_direction", "-e", "frame.comment",
            "-e", "ip.src", "-e", "udp.srcport", "-e", "ip.dst", "-e", "udp.dstport", "-e", "frame.time_epoch", "-e", "udp.length",
            "-e", "_ws.malformed", "-e", "_ws.expert.message");
        assertThat(tshark.exit()).as(tshark.output()).isZero();
        final List<Decoded> packets = new ArrayList<>();
        for (final String line : tshark.output().split("\n")) {
            if (line.startsWith("Running as user") || line.isEmpty()) {
                continue;
            }
            final String[] f = line.split("\\|", -1);
            assertThat(f).as("tshark: " + line).hasSize(11);
            packets.add(new Decoded(f[0], flags(f[1]), f[2], f[3] + ":" + f[4], f[5] + ":" + f[6], new BigDecimal(f[7]),
                f[8].isEmpty() ? 0 : Integer.parseInt(f[8]) - 8, problems(f[2], f[9], f[10])));
        }
        return packets;
    }

    private static String flags(String hexadecimal) {
        return hexadecimal.startsWith("0x") ? String.valueOf(Long.decode(hexadecimal)) : hexadecimal;
    }

    /** The experts' messages, of which tshark makes one of each comment, and that it could not decode it. */
    private static List<String> problems(String comment, String malformed, String messages) {
        final List<String> problems = Stream.of(messages.split(Pattern.quote(AGGREGATOR))).filter(each -> !each.isEmpty())
            .collect(Collectors.toCollection(ArrayList::new));
        problems.remove(comment);
        if (!malformed.isEmpty()) {
            problems.add("malformed");
        }
        return problems;
    }

    private static void assertNoProblems(List<Decoded> packets) {
        assertThat(packets).allSatisfy(each -> assertThat(each.problems()).as("what tshark finds in " + each).isEmpty());
    }

    private static long count(List<Decoded> packets, Predicate<Decoded> which) {
        return packets.stream().filter(which).count();
    }

    private static void assertGood(List<Decoded> packets, Instant start) {
        final BigDecimal earliest = BigDecimal.valueOf(start.getEpochSecond()).subtract(BigDecimal.ONE);
        final BigDecimal latest = BigDecimal.valueOf(Instant.now().getEpochSecond() + 1);
        assertNoProblems(packets);
        assertThat(packets).allSatisfy(each -> {
            assertThat(each.stamp()).isBetween(earliest, latest);
            assertThat(each.comment()).isNotEmpty();
        });
        assertThat(packets).as("nanoseconds").anyMatch(each -> each.stamp().remainder(new BigDecimal("0.000001")).signum() != 0);
    }

    private static Program pong(Jvm jvm, Host host, String at) {
        return jvm.sample(host, "Pong --bind=" + at).awaitOut("Pong at");
    }

    @Test
    void messagesOfBothProcesses() throws IOException {
        try (Wire wire = Wire.direct(); Program pong = pong(Jvm.accelerated("lo:shm"), wire.a(), "127.0.0.1:9000");
            Talking talker = Jvm.accelerated("lo:shm").talker(wire.a())) {
            talker.ask("open 127.0.0.1:7001");
            assertThat(talker.ask("roundtrips 127.0.0.1:9000 5")).isEqualTo("5 answered");
            final Instant start = Instant.now();
            try (Program tcpdump = tcpdump(wire.b(), "-w " + file() + " PIDS udp", pong, talker.program())) {
                assertThat(talker.ask("roundtrips 127.0.0.1:9000 " + ROUND_TRIPS)).isEqualTo(ROUND_TRIPS + " answered");
                assertThat(tcpdump.terminate().err()).contains(4 * ROUND_TRIPS + " packets captured", "\n0 missed");
            }
            final List<Decoded> packets = decoded();
            assertGood(packets, start);
            assertThat(packets).hasSize(4 * ROUND_TRIPS).allMatch(each -> each.interfaceName().equals("lo") && each.length() == 100);
            final long pid = talker.program().pid();
            for (final String[] each : new String[][] {{OUT, "sent; channel 127.0.0.1:7001 of process " + pid, "127.0.0.1:7001"},
                {IN, "delivered; channel 127.0.0.1:9000 of process " + pong.pid(), "127.0.0.1:7001"},
                {OUT, "sent; channel 127.0.0.1:9000 of process " + pong.pid(), "127.0.0.1:9000"},
                {IN, "delivered; channel 127.0.0.1:7001 of process " + pid, "127.0.0.1:9000"}}) {
                assertThat(count(packets, p -> p.direction().equals(each[0]) && p.comment().equals(each[1]) && p.source().equals(each[2])))
                    .as(String.join(", ", each) + " in " + packets.get(0)).isEqualTo(ROUND_TRIPS);
            }
            breakAPayload();
            assertThat(decoded()).filteredOn(each -> !each.problems().isEmpty()).singleElement()
                .satisfies(each -> assertThat(each.problems()).singleElement().asString().startsWith("Bad checksum"));
        }
    }

    /** So that it is seen that tshark looks at the checksums of messages: those are made up by the tool. */
    private void breakAPayload() throws IOException {
        final ByteBuffer capture = ByteBuffer.wrap(Files.readAllBytes(file()));
        int header = 0;
        while (capture.getLong(header) >>> 16 != (7001L << 32 | 9000L << 16 | 108)) {
            header++;
        }
        capture.put(header + 8, (byte) ~capture.get(header + 8));
        Files.write(file(), capture.array());
    }

    /** A NIC discards what has a wrong checksum; the simulated one looks at none, and is told which frames: so many from this one on. */
    private static String discards(int first, int count) {
        return IntStream.range(first, first + count).mapToObj(frame -> "discard=csum@" + frame)
            .collect(Collectors.joining(",", "SIM_FAULTS=", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"afxdp", "efvi 7000", "efvi x3"})
    void framesOfAnInterface(String datapath) {
        final boolean byStack = datapath.equals("afxdp");
        final Jvm jvm = byStack ? Jvm.accelerated("vb:afxdp")
            : SimulatedNic.under("vb:efvi", "SIM_NIC=" + datapath.split(" ")[1] + " " + discards(WARM_UP + ROUND_TRIPS + 1, BAD));
        try (Wire wire = Wire.direct().introduced(); Program pong = pong(jvm, wire.b(), "10.77.0.2:9000");
            Talking peer = Jvm.plain().talker(wire.a())) {
            // Otherwise the peer's kernel leaves the checksum to a NIC that a veth pair does not have, and tshark calls it bad.
            wire.a().run("ethtool -K va tx off");
            peer.ask("open 10.77.0.1:7001");
            assertThat(peer.ask("roundtrips 10.77.0.2:9000 " + WARM_UP)).isEqualTo(WARM_UP + " answered");
            final Instant start = Instant.now();
            try (Program tcpdump = tcpdump(wire.a(), "-w " + file() + " -i vb PIDS", pong)) {
                assertThat(peer.ask("roundtrips 10.77.0.2:9000 " + ROUND_TRIPS)).isEqualTo(ROUND_TRIPS + " answered");
                final byte[] bad = Frames.udp(wire.a(), 7001, wire.b(), 9000, Frames.pattern(40), 0, 0);
                bad[bad.length - 1] ^= 0x55;
                wire.a().feed(Frames.line(bad).repeat(BAD), NativeTool.wire() + " inject va");
                assertThat(peer.ask("roundtrips 10.77.0.2:9000 1")).isEqualTo("1 answered");
                assertThat(tcpdump.terminate().err()).contains("\n0 missed");
            }
            final List<Decoded> packets = decoded();
            final List<Decoded> good = packets.stream().filter(each -> !each.comment().startsWith("dropped")).toList();
            assertGood(good, start);
            assertThat(packets).allMatch(each -> each.interfaceName().equals("vb"));
            final String channel = "; channel 10.77.0.2:9000 of process " + pong.pid();
            assertThat(count(good, p -> p.direction().equals(IN) && p.comment().equals("delivered" + channel)
                && p.source().equals("10.77.0.1:7001") && p.length() == 100)).isEqualTo(ROUND_TRIPS + 1);
            assertThat(count(good, p -> p.direction().equals(OUT) && p.comment().equals("sent" + channel)
                && p.destination().equals("10.77.0.1:7001") && p.length() == 100)).isEqualTo(ROUND_TRIPS + 1);
            final List<Decoded> dropped = packets.stream().filter(each -> each.comment().startsWith("dropped: ")).toList();
            assertThat(dropped).hasSize(BAD)
                .allMatch(each -> each.comment().contains(byStack ? "BAD_UDP_CHECKSUM, the UDP checksum is wrong" : "NIC_DISCARD"))
                .allMatch(each -> each.comment().endsWith("; no channel of process " + pong.pid()))
                .allSatisfy(each -> assertThat(each.problems()).singleElement().asString().startsWith("Bad checksum"));
        }
    }

    @Test
    void whatHasNoRoomOrGoesThroughTheKernelIsToldWithItsReason() {
        try (Wire wire = Wire.direct().introduced(); Talking deaf = Jvm.accelerated("lo:shm").talker(wire.a());
            Talking talker = Jvm.accelerated("va:afxdp,lo:shm").talker(wire.a())) {
            deaf.ask("open 127.0.0.1:9000 4096");
            talker.ask("open *:7001");
            talker.ask("send 127.0.0.1:9000 100 1");
            try (Program tcpdump = tcpdump(wire.a(), "-w " + file() + " PIDS", talker.program())) {
                talker.ask("send 127.0.0.1:9000 100 2000");
                talker.ask("send 10.77.0.2:9 3000 1");
                assertThat(tcpdump.terminate().err()).contains("2001 packets captured");
            }
            final List<Decoded> packets = decoded();
            assertNoProblems(packets);
            final long sent = count(packets, each -> each.comment().startsWith("sent; channel 0.0.0.0:7001"));
            final long full = count(packets, each -> each.interfaceName().equals("lo")
                && each.comment().startsWith("dropped: PEER_RING_FULL, the receiver on this host had no room in its ring"));
            assertThat(sent + full).isEqualTo(2000);
            assertThat(full).isPositive();
            assertThat(packets.get(2000)).satisfies(each -> {
                assertThat(each.interfaceName()).isEqualTo("kernel");
                assertThat(each.comment()).startsWith("handed to the kernel: EXCEEDS_MTU, ");
                assertThat(each.destination()).isEqualTo("10.77.0.2:9");
                assertThat(each.length()).isEqualTo(3000);
            });
        }
    }

    @Test
    void linesAreReadAndFilteredAndCounted() {
        try (Wire wire = Wire.direct(); Program pong = pong(Jvm.accelerated("lo:shm"), wire.a(), "127.0.0.1:9000");
            Talking talker = Jvm.accelerated("lo:shm").talker(wire.a())) {
            talker.ask("open 127.0.0.1:7001");
            assertThat(talker.ask("roundtrips 127.0.0.1:9000 5")).as(pong.toString()).isEqualTo("5 answered");
            try (Program tcpdump = tcpdump(wire.a(), "-c 3 PIDS udp src port 9000 and greater 100", talker.program())) {
                assertThat(talker.ask("roundtrips 127.0.0.1:9000 5")).isEqualTo("5 answered");
                tcpdump.succeed();
                assertThat(tcpdump.out().lines()).hasSize(3).allMatch(line -> line.length() <= COLUMNS)
                    .allMatch(line -> line.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{9} " + talker.program().pid()
                        + " lo In IP 127\\.0\\.0\\.1:9000 > 127\\.0\\.0\\.1:7001: UDP, length 100, delivered"));
                assertThat(tcpdump.err()).contains("3 packets captured", "0 missed");
            }
        }
    }

    @Test
    void onAPipeTcpdumpReadsItWhileItGrows() {
        try (Wire wire = Wire.direct(); Talking talker = Jvm.accelerated("lo:shm").talker(wire.a());
            Program pong = pong(Jvm.accelerated("lo:shm"), wire.a(), "127.0.0.1:9000")) {
            talker.ask("open 127.0.0.1:7001");
            assertThat(talker.ask("roundtrips 127.0.0.1:9000 5")).isEqualTo("5 answered");
            final Path fifo = directory.resolve("fifo");
            Command.run("mkfifo", fifo.toString());
            try (Program tshark = Program.start(wire.a(), "tshark -l -c 4 -i " + fifo + " -T fields -e udp.srcport -e frame.comment");
                Program tcpdump = tcpdump(wire.a(), "-w " + fifo + " PIDS", talker.program())) {
                talker.ask("roundtrips 127.0.0.1:9000 2");
                tshark.awaitOut("delivered; channel 127.0.0.1:7001");
                assertThat(pong.isAlive()).isTrue();
                talker.ask("roundtrips 127.0.0.1:9000 2");
                tcpdump.terminate();
            }
        }
    }

    @Test
    void aToolThatIsKilledLeavesTheProcessAsItWas() {
        try (Wire wire = Wire.direct(); Program pong = pong(Jvm.accelerated("lo:shm"), wire.a(), "127.0.0.1:9000");
            Talking talker = Jvm.accelerated("lo:shm").talker(wire.a())) {
            talker.ask("open 127.0.0.1:7001");
            assertThat(talker.ask("roundtrips 127.0.0.1:9000 5")).isEqualTo("5 answered");
            final Program killed = tcpdump(wire.a(), "-w " + file() + " PIDS", talker.program());
            try (Program second = Jvm.plain().tool(wire.a(), "tcpdump " + talker.program().pid())) {
                second.awaitErr("process " + talker.program().pid() + " is being captured already");
                assertThat(second.join()).isEqualTo(1);
                assertThat(second.err()).doesNotContain("captured\n");
            }
            talker.ask("roundtrips 127.0.0.1:9000 10");
            killed.kill();
            final Path ring = ring(talker.program());
            Await.until("the ring's memory given back", () -> blocks(ring) <= HEADER_BLOCKS);
            assertThat(talker.ask("roundtrips 127.0.0.1:9000 10")).isEqualTo("10 answered");
            try (Program again = tcpdump(wire.a(), "-w " + file() + " PIDS", talker.program())) {
                talker.ask("roundtrips 127.0.0.1:9000 10");
                assertThat(again.terminate().err()).contains("20 packets captured", "\n0 missed");
            }
            final List<Decoded> packets = decoded();
            assertThat(packets).hasSize(20);
            assertNoProblems(packets);
            talker.finish();
            assertThat(ring).as("what the process leaves").doesNotExist();
            assertThat(pong.isAlive()).isTrue();
        }
    }

    private static Path ring(Program of) {
        try (var files = Files.list(Path.of("/dev/shm/accel-counters-0"))) {
            return files.filter(each -> each.getFileName().toString().matches(of.pid() + "-.*\\.capture")).findFirst().orElseThrow();
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int blocks(Path file) {
        return Integer.parseInt(Command.run("stat", "-c", "%b", file.toString()));
    }

    @Test
    void atFullRateNothingIsLostUncounted() {
        try (Wire wire = Wire.direct();
            Program sink = Jvm.accelerated("lo:shm").sample(wire.a(), "Sink --bind=127.0.0.1:9000 --idle=600").awaitOut("Sink at");
            Talking talker = Jvm.accelerated("lo:shm").talker(wire.a())) {
            talker.ask("open 127.0.0.1:7001");
            talker.ask("send 127.0.0.1:9000 100 1");
            final int turns = 6;
            final int count = turns * 50_000;
            try (Program tcpdump = tcpdump(wire.a(), "-w " + file() + " -s 64 PIDS", talker.program())) {
                for (int i = 0; i < turns; i++) {
                    talker.ask("send 127.0.0.1:9000 1000 " + count / turns);
                }
                final String told = tcpdump.terminate().err();
                final Matcher counts = Pattern.compile("(\\d+) packets captured\n(\\d+) received\n(\\d+) missed").matcher(told);
                assertThat(counts.find()).as(told).isTrue();
                assertThat(Long.parseLong(counts.group(1)) + Long.parseLong(counts.group(3))).as(told).isEqualTo(count);
                final List<Decoded> packets = decoded();
                assertThat(packets).hasSize(Integer.parseInt(counts.group(1)));
                assertNoProblems(packets);
            }
            assertThat(sink.isAlive()).isTrue();
        }
    }

    @Test
    void aUserCapturesHisOwnAndRootEverybodys() {
        try (Wire wire = Wire.direct(); Talking ofRoot = Jvm.accelerated("lo:shm").talker(wire.a());
            Talking ofNobody = Jvm.accelerated("lo:shm").byNobody().talker(wire.a());
            Program pong = pong(Jvm.accelerated("lo:shm").byNobody(), wire.a(), "127.0.0.1:9000")) {
            ofRoot.ask("open 127.0.0.1:7001");
            ofNobody.ask("open 127.0.0.1:7002");
            assertThat(ofNobody.ask("roundtrips 127.0.0.1:9000 5")).isEqualTo("5 answered");
            Await.until("the processes known", () -> Jvm.plain().tool(wire.a(), "stackdump processes").succeed().out()
                .contains(" " + ofNobody.program().pid() + " "));
            final Program refused = Jvm.plain().byNobody().tool(wire.a(), "tcpdump " + ofRoot.program().pid());
            assertThat(refused.join()).isEqualTo(1);
            assertThat(refused.err()).contains("no process " + ofRoot.program().pid() + " with Accel is known here");
            for (final Jvm by : List.of(Jvm.plain(), Jvm.plain().byNobody())) {
                try (Program tcpdump = by.tool(wire.a(), "tcpdump -c 2 " + ofNobody.program().pid() + " port 9000")) {
                    tcpdump.awaitErr("capturing packets of process");
                    assertThat(ofNobody.ask("roundtrips 127.0.0.1:9000 5")).isEqualTo("5 answered");
                    tcpdump.succeed();
                    assertThat(tcpdump.out().lines()).hasSize(2);
                }
            }
            assertThat(pong.isAlive()).isTrue();
        }
    }

    @Test
    void aWrongWordIsAnsweredWithTheNearest() {
        try (Wire wire = Wire.direct(); Talking talker = Jvm.accelerated("lo:shm").talker(wire.a())) {
            talker.ask("open 127.0.0.1:7001");
            final long pid = talker.program().pid();
            Await.until("the process known",
                () -> Jvm.plain().tool(wire.a(), "stackdump processes").succeed().out().contains(" " + pid + " "));
            assertRefused(wire.a(), "tcpdump -i kernle " + pid, "no process here has an interface 'kernle'; did you mean kernel?");
            assertRefused(wire.a(), "tcpdump " + pid + " udp port", "'udp port' is no filter expression: ", "see pcap-filter(7)");
            assertRefused(wire.a(), "tcpdump --cuont=3", "--count");
            assertRefused(wire.a(), "tcpdump -c 0", "a count is at least 1");
            final Program help = Jvm.plain().tool(wire.a(), "tcpdump --help").succeed();
            assertThat(help.out().lines()).as(help.out()).allMatch(line -> line.length() <= COLUMNS);
            assertThat(help.out()).contains("wireshark -k -i -");
        }
    }

    private static void assertRefused(Host host, String line, String... told) {
        final Program asked = Jvm.plain().tool(host, line);
        assertThat(asked.join()).as(asked.toString()).isEqualTo(2);
        assertThat(asked.err()).contains(told);
    }
}
