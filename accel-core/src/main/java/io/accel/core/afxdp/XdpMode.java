package io.accel.core.afxdp;

import java.util.List;

/** The ways in which the XDP program and the sockets can run, best first. */
enum XdpMode {
    /** The driver runs the program and writes into our buffers. */
    ZERO_COPY("native zero-copy"),
    /** The driver runs the program; the kernel copies. */
    NATIVE("native copy"),
    /** The network stack runs the program, on any interface. */
    GENERIC("generic copy");

    private final String text;

    XdpMode(String text) {
        this.text = text;
    }

    /** As reports name it. */
    String text() {
        return text;
    }

    int attachFlags() {
        return this == GENERIC ? Layout.ATTACH_GENERIC : Layout.ATTACH_NATIVE;
    }

    int bindFlags() {
        return Layout.BIND_NEED_WAKEUP | (this == ZERO_COPY ? Layout.BIND_ZERO_COPY : Layout.BIND_COPY);
    }

    /**
     * What to try, in this order.
     *
     * @param option value of {@code accel.afxdp.mode}
     * @param driver auto on veth is generic: it is faster there, and native switches the peer's segmentation offload off
     */
    static List<XdpMode> candidates(String option, String driver) {
        return switch (option) {
            case "zero-copy" -> List.of(ZERO_COPY);
            case "native" -> List.of(ZERO_COPY, NATIVE);
            case "generic" -> List.of(GENERIC);
            default -> driver.equals("veth") ? List.of(GENERIC) : List.of(values());
        };
    }
}
