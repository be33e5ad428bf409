package io.accel.tools.explain;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address as users write it: {@code 10.0.0.1:9000}, {@code [fe80::1%eth0]:9000}, {@code *:9000}, {@code 239.1.2.3%eth0}.
 *
 * @param address null: {@code *}, any
 * @param scope   what stands behind the percent sign, or null
 * @param port    0: none was given
 */
record EndPoint(InetAddress address, String scope, int port) {
    private static final Pattern BRACKETED = Pattern.compile("\\[(?<host>[^%\\]]+)(%(?<scope>[^\\]]+))?](:(?<port>\\d{1,5}))?");
    private static final Pattern BARE_IPV6 =
        Pattern.compile("(?<host>[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(%(?<scope>\\S+))?(?<port>)");
    private static final Pattern USUAL = Pattern.compile("(?<host>[^:%\\[\\]\\s]+)(%(?<scope>[^:\\s]+))?(:(?<port>\\d{1,5}))?");
    private static final int MAX_PORT = 65_535;

    /** @throws IllegalArgumentException in words for who wrote it */
    static EndPoint parse(String text) {
        for (final Pattern each : new Pattern[] {BRACKETED, BARE_IPV6, USUAL}) {
            final Matcher matcher = each.matcher(text);
            if (matcher.matches()) {
                return of(text, matcher.group("host"), matcher.group("scope"), matcher.group("port"));
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no address: write 10.0.0.1:9000, [fd00::1]:9000 or *:9000");
    }

    private static EndPoint of(String text, String host, String scope, String port) {
        final int number = port == null || port.isEmpty() ? 0 : Integer.parseInt(port);
        if (number > MAX_PORT) {
            throw new IllegalArgumentException("'" + text + "': there is no port " + number);
        }
        try {
            // A scope belongs to the address where it is one of a link, and names the interface beside it where it is a group.
            final InetAddress bare = host.equals("*") ? null : InetAddress.getByName(host);
            final boolean scoped = bare != null && scope != null && bare.isLinkLocalAddress();
            return new EndPoint(scoped ? InetAddress.getByName(host + "%" + scope) : bare, scope, number);
        } catch (final UnknownHostException e) {
            throw new IllegalArgumentException("'" + text + "': there is no host or scope of that name", e);
        }
    }

    /** For a bind. */
    InetSocketAddress bindable() {
        return address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port);
    }
}
