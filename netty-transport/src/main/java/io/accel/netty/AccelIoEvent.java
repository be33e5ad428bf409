package io.accel.netty;

import io.netty.channel.IoEvent;

/** What an {@link AccelIoHandle} is told. */
public interface AccelIoEvent extends IoEvent {
    /** What it is ready for. */
    AccelIoOps ops();
}
