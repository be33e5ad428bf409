package io.accel.udp.address;

/** The two versions of the Internet Protocol. */
public enum IpVersion {
    IPV4("IPv4"), IPV6("IPv6");

    private final String text;

    IpVersion(String text) {
        this.text = text;
    }

    /** As people write it. */
    public String text() {
        return text;
    }
}
