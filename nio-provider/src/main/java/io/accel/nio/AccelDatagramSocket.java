package io.accel.nio;

import java.net.DatagramSocket;

final class AccelDatagramSocket {
    private AccelDatagramSocket() {
    }

    static DatagramSocket create(AccelDatagramChannel channel) {
        return channel.shadow().socket();
    }
}
