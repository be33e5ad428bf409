package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Host;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Report;
import io.accel.it.fixture.Wire;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The tests that Netty published of its datagram transport, as they are: NioDatagramChannel over loopback on the provider that the system
 * property names. They compare what they send with what they receive.
 */
@Tag("slow")
class NettySuiteTest {
    private static final List<String> CLASSES = List.of("DatagramUnicastInetTest", "DatagramUnicastIPv6Test",
        "DatagramUnicastIPv6MappedTest", "DatagramMulticastTest", "DatagramMulticastIPv6Test", "DatagramConnectedWriteExceptionTest",
        "DatagramConnectNotExistsTest");
    private static final String LINE = "org.junit.platform.console.ConsoleLauncher execute --details=summary --disable-banner "
        + "--disable-ansi-colors " + CLASSES.stream().map(name -> "-c io.netty.testsuite.transport.socket." + name)
            .collect(Collectors.joining(" "));
    /** The one that aborts, on the JDK's provider as well, wants an interface with an IPv6 multicast address. */
    private static final int ABORTED = 1;
    /** What goes between its channels, over IPv4 and IPv6; java.net.DatagramSocket as a sender goes through the kernel. */
    private static final int FAST = 1_000;

    @ParameterizedTest(name = "{0}")
    @CsvSource({"netty-4.1,33", "netty-4.2,36"})
    void passes(String release, int tests) {
        try (Wire wire = Wire.direct();
            Program suite = Jvm.accelerated("lo:shm").software(loopbackWithMulticast(wire.a()), release, LINE)) {
            suite.succeedWithin(180);
            assertThat(count(suite, "failed")).as(suite.toString()).isZero();
            assertThat(count(suite, "aborted")).as(suite.toString()).isEqualTo(ABORTED);
            assertThat(count(suite, "successful")).as(suite.toString()).isEqualTo(tests);
            final Report report = Report.of(suite);
            assertThat(report.vi().datapath()).as(report.text()).isEqualTo("shm");
            assertThat(report.fastTx()).as(report.text()).isGreaterThan(FAST);
            assertThat(report.fastRx()).as(report.text()).isGreaterThan(FAST);
        }
    }

    /** Loopback as Netty's tests want it, IPv6 included: the only interface with multicast, and the way to every group. */
    private static Host loopbackWithMulticast(Host host) {
        host.run("ip link set " + host.device() + " down");
        host.run("sysctl -qw net.ipv6.conf.lo.disable_ipv6=0");
        host.run("ip link set lo multicast on");
        host.run("ip route add 224.0.0.0/4 dev lo");
        return host;
    }

    private static int count(Program suite, String outcome) {
        final Matcher found = Pattern.compile("\\[ +(\\d+) tests " + outcome + " +]").matcher(suite.out());
        assertThat(found.find()).as("the summary in " + suite).isTrue();
        return Integer.parseInt(found.group(1));
    }
}
