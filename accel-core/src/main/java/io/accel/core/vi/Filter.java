package io.accel.core.vi;

/** A filter that is installed. Closing it removes it; idempotent, any thread. */
public interface Filter extends AutoCloseable {
    FilterSpec spec();

    FilterMode mode();

    @Override
    void close();
}
