package io.accel.udp.ethernet;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.pair.Pair;
import io.accel.core.pair.PairOptions;
import io.accel.udp.path.Generation;
import io.accel.udp.path.SourceVerdicts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When ticks begin, and what they are worth. The flusher is closed: the test ticks itself. */
class PushModeratorTest {
    private static final int TICKS_UNTIL_STOP = 40;

    private final Pair pair = new Pair(PairOptions.ETHERNET);
    private final Flusher flusher = new Flusher();
    private final EthernetInterface owner = new EthernetInterface("va", 7, 1500, pair.first(), flusher,
        new SourceVerdicts((source, destination) -> true, new Generation(), 4));
    private final PushModerator moderator = owner.moderator();

    PushModeratorTest() {
        flusher.close();
    }

    @AfterEach
    void close() {
        owner.close();
        pair.second().close();
    }

    /** Sends until ticks have begun. @return how many it took */
    private int sendsUntilTicking() {
        for (int i = 1; i <= 2 * PushModerator.MOST_SENDS_THAT_START_TICKS; i++) {
            assertThat(moderator.mayWait()).isFalse();
            if (!moderator.mustFlush()) {
                return i;
            }
        }
        throw new AssertionError("ticks never begin");
    }

    /** @param sends in each tick */
    private void tickUntilStop(int sends) {
        int ticks = 0;
        while (moderator.tick()) {
            ticks++;
            for (int i = 0; i < sends; i++) {
                moderator.mayWait();
            }
        }
        assertThat(ticks).isEqualTo(TICKS_UNTIL_STOP - 1);
    }

    @Test
    void withinATickTheFirstTwoArePrompt() {
        sendsUntilTicking();
        assertThat(moderator.mayWait()).isFalse();
        assertThat(moderator.mayWait()).isFalse();
        assertThat(moderator.mayWait()).isTrue();
        moderator.tick();
        assertThat(moderator.mayWait()).isFalse();
    }

    @Test
    void afterAFullTickNoneIsPrompt() {
        sendsUntilTicking();
        for (int i = 0; i < 12; i++) {
            moderator.mayWait();
        }
        moderator.tick();
        assertThat(moderator.mayWait()).isTrue();
    }

    @Test
    void whoReceivesBetweenStartsNoTicks() {
        for (int i = 0; i < 100; i++) {
            assertThat(moderator.mayWait()).isFalse();
            assertThat(moderator.mustFlush()).isTrue();
            moderator.received();
        }
    }

    @Test
    void ticksThatMeetNoBurstBeginLaterEachTime() {
        int expected = PushModerator.SENDS_THAT_START_TICKS;
        for (int i = 0; i < 10; i++) {
            assertThat(sendsUntilTicking()).isEqualTo(expected);
            tickUntilStop(3);
            expected = Math.min(2 * expected, PushModerator.MOST_SENDS_THAT_START_TICKS);
        }
        assertThat(expected).isEqualTo(PushModerator.MOST_SENDS_THAT_START_TICKS);
    }

    /** Ten sends, and then it receives: never as many in a row as it has come to take. */
    @Test
    void burstsBetweenReceivesAreFoundAgainAfterASecond() {
        sendsUntilTicking();
        tickUntilStop(0);
        assertThat(ticksBeginWithin(10)).isFalse();
        assertThat(ticksBeginWithin(10)).isFalse();
        owner.tick();
        assertThat(ticksBeginWithin(10)).isTrue();
    }

    private boolean ticksBeginWithin(int sends) {
        for (int i = 0; i < sends; i++) {
            moderator.mayWait();
        }
        final boolean begun = !moderator.mustFlush();
        moderator.received();
        return begun;
    }

    @Test
    void ticksThatMetABurstBeginEarlyTheNextTime() {
        sendsUntilTicking();
        tickUntilStop(0);
        assertThat(sendsUntilTicking()).isEqualTo(2 * PushModerator.SENDS_THAT_START_TICKS);
        for (int i = 0; i < 4; i++) {
            moderator.mayWait();
        }
        moderator.tick();
        tickUntilStop(0);
        assertThat(sendsUntilTicking()).isEqualTo(PushModerator.SENDS_THAT_START_TICKS);
    }
}
