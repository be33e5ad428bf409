package io.accel.udp.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.udp.address.IpAddress;
import java.io.IOException;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SourceVerdictsTest {
    private static final int HOME = 0x0A000001;

    private final Set<Long> admitted = new HashSet<>();
    private final Set<IpAddress> admitted6 = new HashSet<>();
    private int asked;
    private final Generation generation = new Generation();
    private boolean silent;
    private final SourceVerdicts verdicts = new SourceVerdicts((source, destination) -> {
        asked++;
        if (silent) {
            throw new IOException("no answer");
        }
        return source.isIpv4() ? admitted.contains((long) source.ipv4() << 32 | destination & 0xFFFF_FFFFL) : admitted6.contains(source);
    }, generation, 13);

    private void admit(int source, int destination) {
        admitted.add((long) source << 32 | destination & 0xFFFF_FFFFL);
    }

    @Test
    void asksOnceForEachPair() {
        admit(1, HOME);
        for (int i = 0; i < 3; i++) {
            assertThat(verdicts.admits(1, HOME)).isTrue();
            assertThat(verdicts.admits(2, HOME)).isFalse();
            assertThat(verdicts.admits(1, HOME + 1)).as("another destination").isFalse();
        }
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void thePairOfZerosIsAskedForAsWell() {
        assertThat(verdicts.admits(0, 0)).isFalse();
        assertThat(asked).isEqualTo(1);
        admit(0, 0);
        assertThat(verdicts.admits(0, 0)).isFalse();
        generation.advance();
        assertThat(verdicts.admits(0, 0)).isTrue();
    }

    private boolean admits(IpAddress source) {
        return verdicts.admits(source.high(), source.low(), source.scope(), SourcePolicy.ANY_DESTINATION);
    }

    @Test
    void bothHalvesOfAnIpv6AddressAndItsScopeCount() {
        final IpAddress good = new IpAddress(0xFE80L << 48, HOME, 3);
        admitted6.add(good);
        for (int i = 0; i < 3; i++) {
            assertThat(admits(good)).isTrue();
            assertThat(admits(new IpAddress(good.high(), HOME, 4))).as("another scope").isFalse();
            assertThat(admits(new IpAddress(good.high(), HOME + 1, 3))).as("another low half").isFalse();
            assertThat(admits(new IpAddress(good.high() | 1, HOME, 3))).as("another high half").isFalse();
            assertThat(verdicts.admits(HOME, 0)).as("IPv4").isFalse();
        }
        assertThat(asked).isLessThanOrEqualTo(15);
    }

    @Test
    void anIpv6AddressThatEndsLikeAMappedOneIsNoIpv4Address() {
        admit(HOME, 7);
        assertThat(verdicts.admits(HOME, 7)).isTrue();
        assertThat(verdicts.admits(1, IpAddress.mapped(HOME), 0, 7)).isFalse();
        assertThat(verdicts.admits(0, HOME, 0, 7)).isFalse();
    }

    @Test
    void noAnswerIsNoVerdict() {
        admit(1, HOME);
        silent = true;
        assertThat(verdicts.admits(1, HOME)).isFalse();
        silent = false;
        assertThat(verdicts.admits(1, HOME)).isTrue();
        silent = true;
        assertThat(verdicts.admits(1, HOME)).as("known").isTrue();
    }

    @Test
    void asksAgainInTheNextGeneration() {
        admit(1, HOME);
        assertThat(verdicts.admits(1, HOME)).isTrue();
        admitted.clear();
        generation.advance();
        assertThat(verdicts.admits(1, HOME)).isFalse();
        assertThat(verdicts.admits(1, HOME)).isFalse();
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void whatPushesAnotherOutIsNeverTakenForIt() {
        final Random random = new Random(11);
        final int[] sources = random.ints(50_000).toArray();
        for (int i = 0; i < sources.length; i += 2) {
            admit(sources[i], HOME);
        }
        for (int i = 0; i < 200_000; i++) {
            final int source = sources[random.nextInt(sources.length)];
            assertThat(verdicts.admits(source, HOME)).isEqualTo(admitted.contains((long) source << 32 | HOME));
        }
        assertThat(asked).as("more pairs than entries").isGreaterThan(50_000);
    }
}
