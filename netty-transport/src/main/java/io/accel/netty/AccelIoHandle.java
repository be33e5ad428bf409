package io.accel.netty;

import io.accel.udp.socket.UdpSocket;
import io.netty.channel.IoHandle;
import java.io.IOException;

/** What can be registered with an {@link AccelIoHandler}: a descriptor of the kernel's, and beside it a socket of the stack. */
public interface AccelIoHandle extends IoHandle {
    /** A descriptor that epoll(7) takes, open for as long as this is registered, and registered once. */
    int descriptor();

    /** The socket on the stack whose shadow the descriptor is, or null; asked at the registration and at each submit until there is one. */
    default UdpSocket udpSocket() {
        return null;
    }

    @Override
    void close() throws IOException;
}
