package io.accel.core.vi;

import java.util.Set;

/**
 * What a VI can do, fixed when it opens.
 *
 * @param datapath          the datapath's name, for instance {@code afxdp}
 * @param name              what users call this VI: an interface's name, or the datapath's own
 * @param mode              what runs, in the user's words: {@code generic copy}, {@code native zero-copy}, {@code shared memory}
 * @param medium            what a frame is
 * @param mtu               longest frame in bytes: on ETHERNET without the 14-byte header, on MESSAGE the whole message
 * @param contiguousTxBytes longest claim in bytes
 * @param txChecksums       true: the NIC completes IP and UDP checksums of what is sent; false: the stack must
 * @param filterModes       modes that {@link VirtualInterface#addFilter} may accept; none: which streams come is somebody else's choice
 * @param timestamps        whether RX events carry a hardware timestamp
 * @param maxRetained       RX frames which may be retained at once, of each receive side
 * @param wakeFd            descriptor that polls readable after {@link VirtualInterface#prime}, or -1 where sleeping goes
 *                          through the datapath's own waiter
 */
public record ViCapabilities(String datapath, String name, String mode, Medium medium, int mtu, int contiguousTxBytes,
                             boolean txChecksums, Set<FilterMode> filterModes, boolean timestamps, int maxRetained, int wakeFd) {
}
