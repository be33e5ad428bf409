package io.accel.udp.ethernet;

import java.lang.invoke.VarHandle;

/**
 * Decides whether a doorbell may wait. A lone datagram never waits: doorbells are put off only while the {@link Flusher} ticks, and
 * then only from the third send of a tick on, or from its first when the tick before was full of them. No clock is read per send: the
 * ticks are the clock. Who sends steadily, but not closely, or in bursts whose doorbells he rings himself, gets
 * fewer and fewer ticks within each second.
 */
final class PushModerator {
    static final int SENDS_THAT_START_TICKS = 8;
    /** After ticks that met no burst it takes twice as many sends to start them again, up to so many. */
    static final int MOST_SENDS_THAT_START_TICKS = 1024;
    private static final int PROMPT_SENDS_PER_TICK = 2;
    private static final int BUSY_TICK_SENDS = 4;
    private static final int SUSTAINED_TICK_SENDS = 12;
    private static final int IDLE_TICKS_UNTIL_STOP = 40;

    private final EthernetInterface owner;
    private final Flusher flusher;
    private volatile boolean ticking;
    /** Written by the flusher before it stops, which is before the sender counts again, and once a second: a hint. */
    private int sendsThatStartTicks = SENDS_THAT_START_TICKS;
    private int sendsSinceReceive;
    private int sendsThisTick;
    /** Whether the last tick was full of sends: then none needs to be prompt. Written by the flusher, a hint to the sender. */
    private boolean sustained;
    private int idleTicks;
    private boolean metBurst;

    PushModerator(EthernetInterface owner, Flusher flusher) {
        this.owner = owner;
        this.flusher = flusher;
    }

    /** Sender: whether more is expected so soon that this datagram's doorbell may wait. */
    boolean mayWait() {
        if (ticking) {
            return ++sendsThisTick > PROMPT_SENDS_PER_TICK || sustained;
        }
        if (++sendsSinceReceive >= sendsThatStartTicks) {
            sendsSinceReceive = 0;
            ticking = true;
            flusher.start(owner);
        }
        return false;
    }

    /** Sender, after a push that left something pending: whether the flusher has stopped meanwhile, so that it must flush itself. */
    boolean mustFlush() {
        VarHandle.fullFence();
        return !ticking;
    }

    /** Receiver: the program does not only send. Written seldom: pollers of several receive sides and senders share the line. */
    void received() {
        if (sendsSinceReceive != 0) {
            sendsSinceReceive = 0;
        }
    }

    /** Once a second: a program that has sent without bursts may have begun to send in bursts, between which it receives. */
    void lookForBurstsAnew() {
        sendsThatStartTicks = SENDS_THAT_START_TICKS;
    }

    /** Flusher, after each flush: whether ticks go on. */
    boolean tick() {
        final boolean busy = sendsThisTick >= BUSY_TICK_SENDS;
        sustained = sendsThisTick >= SUSTAINED_TICK_SENDS;
        sendsThisTick = 0;
        idleTicks = busy ? 0 : idleTicks + 1;
        metBurst |= busy;
        if (idleTicks < IDLE_TICKS_UNTIL_STOP) {
            return true;
        }
        idleTicks = 0;
        sendsThatStartTicks = metBurst ? SENDS_THAT_START_TICKS : Math.min(2 * sendsThatStartTicks, MOST_SENDS_THAT_START_TICKS);
        metBurst = false;
        ticking = false;
        VarHandle.fullFence();
        owner.flush();
        return false;
    }
}
