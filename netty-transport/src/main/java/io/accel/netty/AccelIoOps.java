package io.accel.netty;

import io.accel.udp.wait.Sleeper;
import io.netty.channel.IoOps;

/** What a handle waits for, and what it is told: a set, one object for each. */
public final class AccelIoOps implements IoOps {
    /** EPOLLERR of sys/epoll.h. */
    private static final int ERROR_BIT = 0x008;
    /** EPOLLHUP. */
    private static final int HANGUP_BIT = 0x010;
    private static final int ALL = Sleeper.READABLE | Sleeper.WRITABLE | ERROR_BIT | HANGUP_BIT;
    private static final Event[] EVENTS = new Event[ALL + 1];

    static {
        for (int value = 0; value < EVENTS.length; value++) {
            EVENTS[value] = new Event(new AccelIoOps(value));
        }
    }

    /** Nothing. */
    public static final AccelIoOps NONE = valueOf(0);
    /** Something can be received. */
    public static final AccelIoOps READ = valueOf(Sleeper.READABLE);
    /** The kernel has room again; a fast path never makes wait for it. */
    public static final AccelIoOps WRITE = valueOf(Sleeper.WRITABLE);
    /** The kernel has an error to tell; told, not asked for. */
    public static final AccelIoOps ERROR = valueOf(ERROR_BIT);

    private final int value;

    private record Event(AccelIoOps ops) implements AccelIoEvent {
    }

    private AccelIoOps(int value) {
        this.value = value;
    }

    private static AccelIoOps valueOf(int value) {
        return EVENTS[value].ops();
    }

    /** @param events of epoll(7); those that stand for nothing here are left out */
    static AccelIoEvent event(int events) {
        return EVENTS[events & ALL];
    }

    /** The events of epoll(7) to ask for. */
    int interest() {
        return value & (Sleeper.READABLE | Sleeper.WRITABLE);
    }

    int value() {
        return value;
    }

    /** Whether all of these are in it. */
    public boolean contains(AccelIoOps other) {
        return (value & other.value) == other.value;
    }

    /** Whether an error or a hang-up is in it, of which reading and writing tell more. */
    public boolean isFailure() {
        return (value & (ERROR_BIT | HANGUP_BIT)) != 0;
    }

    public AccelIoOps with(AccelIoOps other) {
        return valueOf(value | other.value);
    }

    public AccelIoOps without(AccelIoOps other) {
        return valueOf(value & ~other.value);
    }

    @Override
    public String toString() {
        return "AccelIoOps(" + (contains(READ) ? "READ " : "") + (contains(WRITE) ? "WRITE " : "") + (isFailure() ? "FAILURE" : "") + ")";
    }
}
