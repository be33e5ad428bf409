package io.accel.core.shm;

/**
 * That a VI owns a name.
 *
 * @param process    number of the process
 * @param vi         number of the VI in it
 * @param generation of the VI, more than 0
 */
record NameEntry(long process, int vi, int generation) {
    /** As the directory of the VI's rings is named. */
    String text() {
        return Ids.text(process) + "." + vi + "." + generation;
    }
}
