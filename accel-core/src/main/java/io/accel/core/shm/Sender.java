package io.accel.core.shm;

/** A process that has rings to VIs of ours. */
final class Sender {
    private final long id;
    private volatile boolean dead;

    Sender(long id) {
        this.id = id;
    }

    long id() {
        return id;
    }

    boolean isDead() {
        return dead;
    }

    void died() {
        dead = true;
    }
}
