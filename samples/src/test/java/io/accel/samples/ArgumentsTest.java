package io.accel.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static Arguments declared() {
        return new Arguments("Program", "Does things.").option("count", "1_000", "how many").option("mode", "spin", "how")
            .option("to", "127.0.0.1:9000", "whither").flag("heap", "on the heap");
    }

    @Test
    void defaultsHoldUntilTheCommandLineSaysOtherwise() {
        assertThat(declared().parse().integer("count", 1, 2000)).isEqualTo(1000);
        assertThat(declared().parse("--count=7").integer("count", 1, 2000)).isEqualTo(7);
        assertThat(declared().parse().choice("mode", Mode.class)).isEqualTo(Mode.SPIN);
        assertThat(declared().parse("--mode=spin-select").choice("mode", Mode.class)).isEqualTo(Mode.SPIN_SELECT);
        assertThat(declared().parse().isSet("heap")).isFalse();
        assertThat(declared().parse("--heap").isSet("heap")).isTrue();
        assertThat(declared().parse("--heap=false").isSet("heap")).isFalse();
    }

    @Test
    void addressesAreHostAndPort() {
        assertThat(declared().parse("--to=127.0.0.2:80").address("to")).isEqualTo(new InetSocketAddress("127.0.0.2", 80));
        assertThat(declared().parse("--to=[::1]:80").address("to")).isEqualTo(new InetSocketAddress("::1", 80));
        assertThat(declared().parse("--to=*:80").address("to").getAddress().isAnyLocalAddress()).isTrue();
    }

    @Test
    void everyMistakeIsNamed() {
        assertRefused("'count=7' is not an option", "count=7");
        assertRefused("unknown option --cuont; there are --help, --count, --mode, --to, --heap", "--cuont=7");
        assertRefused("--count needs a value", "--count");
        assertRefused("--count=many: not a whole number", "--count=many");
        assertRefused("--count=2001: not in 1..2000", "--count=2001");
        assertRefused("--mode=fast: none of spin, spin-select, select, blocking", "--mode=fast");
        assertRefused("--to=127.0.0.1: not of the form HOST:PORT", "--to=127.0.0.1");
        assertRefused("--to=127.0.0.1:70000: the port is not in 0..65535", "--to=127.0.0.1:70000");
        assertRefused("--to=127.0.0.1:http: the port is not a number", "--to=127.0.0.1:http");
        assertRefused("--heap=maybe: neither true nor false", "--heap=maybe");
    }

    private static void assertRefused(String message, String arg) {
        assertThatThrownBy(() -> {
            final Arguments arguments = declared().parse(arg);
            arguments.integer("count", 1, 2000);
            arguments.choice("mode", Mode.class);
            arguments.address("to");
            arguments.isSet("heap");
        }).isInstanceOf(Arguments.UsageException.class).hasMessageContaining(message);
    }

    @Test
    void helpNamesEveryOptionWithItsDefault() {
        assertThat(declared().usage()).contains("Does things.", "--count=COUNT", "(default 1_000)", "--heap ", "--help ");
    }
}
