package io.accel.core.natives;

/**
 * What the driver of a network interface tells to anybody (ethtool).
 *
 * @param name     as {@code sfc}, {@code veth}; empty where there is none
 * @param version  the driver's, mostly the kernel's; may be empty
 * @param firmware the NIC's; empty where it has none
 */
public record InterfaceDriver(String name, String version, String firmware) {
    private static final InterfaceDriver NONE = new InterfaceDriver("", "", "");

    /** Empty where there is no such interface in this network namespace, or its driver does not tell, as loopback's. */
    public static InterfaceDriver of(String interfaceName) {
        final String told = Natives.isAvailable() ? Posix.driver(interfaceName) : null;
        if (told == null) {
            return NONE;
        }
        final String[] lines = told.split("\n", -1);
        // Some drivers say so in words where they have nothing to say.
        final String firmware = lines[2].strip();
        return new InterfaceDriver(lines[0].strip(), lines[1].strip(), firmware.equals("N/A") ? "" : firmware);
    }
}
