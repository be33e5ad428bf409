package io.accel.tools.doctor;

/** How a finding is to be taken, the worse the later. */
enum Status {
    /** As it should be. */
    OK,
    /** This user, or this kind of machine, does not let it be seen. */
    UNSEEN,
    /** Works, with a price. */
    WARN,
    /** Keeps traffic off the fast path. */
    FAIL
}
