package io.accel.netty;

/** Netty's own transport, which proves a test, and ours. */
enum Transport {
    NIO, ACCEL;

    Loops open(int threads) {
        return this == NIO ? Loops.ofNio(threads) : Loops.ofAccel(threads);
    }
}
