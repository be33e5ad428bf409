/**
 * The {@code shm} datapath: datagrams between the JVMs of one host, and inside one JVM, through mapped files.
 *
 * <p>What lies on the file system, under {@code <accel.shm.dir>/accel-<user>-<network namespace cookie>/}:
 * <pre>
 *   lock                       serialises set-up and reaping, never the data path
 *   version                    one word per stripe of names, counted up at every change ({@link io.accel.core.shm.NameDirectory})
 *   p-P/lock                   held while process P lives
 *   p-P/control                ready board and sleeping words ({@link io.accel.core.shm.ControlDescriptor})
 *   p-P/hK                     headers of the VIs 1024 K to 1024 K + 1023 ({@link io.accel.core.shm.ViHeader})
 *   p-P/wN                     wake-up socket of waiter N
 *   p-P/names, p-P/namesK      which names its VIs own ({@link io.accel.core.shm.NameTableDescriptor})
 *   p-P/S.G/Q                  ring from process Q to VI S of P ({@link io.accel.core.shm.RingDescriptor})
 * </pre>
 *
 * <p>Peers run as the same user and are trusted not to be malicious, but not to be correct: any of them may stop at any instruction and
 * leave garbage, so whatever is read from a mapping is checked before it is used.
 */
package io.accel.core.shm;
