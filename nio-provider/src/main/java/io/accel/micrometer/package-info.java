/** What Accel tells to Micrometer, for programs that have it on their class path: nothing else of Accel names this package. */
package io.accel.micrometer;
