package io.accel.tools.doctor;

import java.util.List;

/** Looks at one thing of the host. */
@FunctionalInterface
interface Check {
    List<Finding> findings();
}
