package io.accel.core.efvi;

/** What a poll cannot be cheaper than, in the no-op libciul's library; the calls take what {@link EfviNative#poll} takes. */
final class FloorCalls {
    private FloorCalls() {
    }

    /** Does nothing. @return the limit */
    static native int empty(long receive, long records, int limit, int givenBack);

    /** Asks libciul for events, posts or releases at once what they bring, and does nothing else. @return frames */
    static native int libciul(long receive, long records, int limit, int givenBack);
}
