package io.accel.udp.route;

import static io.accel.udp.testing.Namespace.feed;
import static io.accel.udp.testing.Namespace.ip;
import static io.accel.udp.testing.Namespace.run;
import static io.accel.udp.testing.Namespace.vethToPeer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.accel.udp.address.IpVersion;
import io.accel.udp.testing.InNamespace;
import io.accel.udp.testing.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@InNamespace
class FirewallTest {
    private long now;
    private final Firewall firewall;

    FirewallTest() throws IOException {
        firewall = new Firewall(NetworkDevices.open(), () -> now);
    }

    private static void assumePresent(String command) {
        boolean present = false;
        for (final String directory : System.getenv("PATH").split(":")) {
            present |= Files.isExecutable(Path.of(directory, command));
        }
        assumeTrue(present, "needs " + command);
    }

    private FirewallVerdict verdict(String device, IpVersion version) {
        now += 1_000_000_000L;
        return firewall.verdict(device, version);
    }

    private void assertClear(String device, String why) {
        assertClear(device, IpVersion.IPV4, why);
    }

    private void assertClear(String device, IpVersion version, String why) {
        assertThat(verdict(device, version)).as(why).isEqualTo(FirewallVerdict.CLEAR);
    }

    private void assertMatches(String device, String what) {
        assertMatches(device, IpVersion.IPV4, what);
    }

    private void assertMatches(String device, IpVersion version, String what) {
        final FirewallVerdict verdict = verdict(device, version);
        assertThat(verdict.mayMatch()).as(verdict.toString()).isTrue();
        assertThat(verdict.what()).contains(what);
    }

    private static void nft(String rules) {
        feed("flush ruleset\n" + rules, "nft", "-f", "-");
    }

    private static String filter(String hook, String policy, String... rules) {
        return "table inet filter { chain c { type filter hook " + hook + " priority 0; policy " + policy + ";\n"
            + String.join("\n", rules) + "\n}\n}\n";
    }

    @Test
    void nothingThere() {
        vethToPeer();
        assertClear("v0", "a fresh namespace");
        assertClear("lo", "a fresh namespace");
        assertClear("none", "no such device");
    }

    @Test
    void aVerdictIsKeptForASecond() {
        assumePresent("nft");
        vethToPeer();
        now = 5;
        assertThat(firewall.verdict("v0", IpVersion.IPV4).mayMatch()).isFalse();
        nft(filter("input", "drop"));
        now += 999_999_999L;
        assertThat(firewall.verdict("v0", IpVersion.IPV4).mayMatch()).isFalse();
        now += 1;
        assertThat(firewall.verdict("v0", IpVersion.IPV4).mayMatch()).isTrue();
    }

    @Test
    void nftablesThatConcernUdp() {
        assumePresent("nft");
        vethToPeer();
        for (final String hook : new String[] {"input", "output", "prerouting", "postrouting"}) {
            nft(filter(hook, "accept", "udp dport 5000 drop"));
            assertMatches("v0", "nftables table inet filter chain c rule handle");
            assertMatches("lo", "nftables table inet filter chain c rule handle");
            nft(filter(hook, "drop"));
            assertMatches("v0", "nftables table inet filter chain c policy drop");
        }
        nft(filter("input", "accept", "ip saddr 10.0.0.0/8 drop"));
        assertMatches("v0", "rule");
        nft(filter("input", "accept", "meta l4proto { tcp, udp } drop"));
        assertMatches("v0", "rule");
        nft(filter("input", "accept", "meta l4proto != tcp drop"));
        assertMatches("v0", "rule");
        nft(filter("input", "accept", "iifname \"v*\" drop"));
        assertMatches("v0", "rule");
        assertClear("lo", "a pattern of other names");
        nft(filter("input", "accept", "counter"));
        assertMatches("v0", "rule");
        nft(filter("output", "accept", "oif v0 ip dscp set cs3"));
        assertMatches("v0", "rule");
        assertClear("lo", "another device");
        nft(filter("output", "accept", "meta mark set 1 accept"));
        assertMatches("v0", "rule");
        nft(filter("input", "accept", "ct mark set 1 accept"));
        assertMatches("v0", "rule");
        nft("table inet filter { chain other { udp dport 1 drop\n }\n chain c { type filter hook input priority 0; jump other\n }\n}\n");
        assertMatches("v0", "chain c");
    }

    @Test
    void nftablesThatDoNot() {
        assumePresent("nft");
        vethToPeer();
        nft(filter("input", "accept"));
        assertClear("v0", "no rules");
        nft(filter("forward", "drop", "drop"));
        assertClear("v0", "not our hook");
        nft(filter("input", "accept", "tcp dport 80 drop", "meta l4proto icmp drop", "ip protocol tcp drop", "meta l4proto != udp drop"));
        assertClear("v0", "other protocols");
        nft(filter("input", "accept", "meta nfproto ipv6 drop", "ip6 saddr ::1 drop", "icmpv6 type echo-request drop"));
        assertClear("v0", "IPv6");
        nft(filter("input", "accept", "iifname \"eth9\" drop", "iifname \"w*\" drop", "iif lo drop", "iifname != \"v0\" drop"));
        assertClear("v0", "other devices");
        nft(filter("output", "accept", "oifname \"eth9\" drop", "oif lo drop", "iifname \"v0\" drop"));
        assertClear("v0", "other devices");
        nft(filter("input", "accept", "udp dport 5000 accept", "ct state established accept", "udp dport { 1, 2 } counter accept"));
        assertClear("v0", "rules that only accept");
        nft(filter("input", "drop", "ct state established,related accept", "iif lo accept", "udp dport 5000 drop"));
        assertClear("lo", "all of it accepted before the rest");
        assertMatches("v0", "rule");
        nft("table ip6 filter { chain c { type filter hook input priority 0; policy drop; }\n}\n"
            + "table arp filter { chain c { type filter hook input priority 0; policy drop; }\n}\n"
            + "table inet filter { chain unhooked { udp dport 1 drop\n }\n}\n");
        assertClear("v0", "other families, and no hook");
    }

    @Test
    void rulesOfOneVersionLeaveTheOtherAlone() {
        assumePresent("nft");
        vethToPeer();
        nft("table ip6 filter { chain c { type filter hook input priority 0; policy drop; }\n}\n");
        assertMatches("v0", IpVersion.IPV6, "nftables table ip6 filter chain c policy drop");
        assertClear("v0", "rules of IPv6");
        nft("table ip filter { chain c { type filter hook input priority 0; policy drop; }\n}\n");
        assertClear("v0", IpVersion.IPV6, "rules of IPv4");
        for (final String rule : new String[] {"meta nfproto ipv6 udp dport 7 drop", "ip6 saddr fd00::/8 drop", "ip6 nexthdr udp drop"}) {
            nft(filter("input", "accept", rule));
            assertMatches("v0", IpVersion.IPV6, "nftables table inet filter chain c rule");
            assertClear("v0", rule);
        }
        nft(filter("input", "accept", "meta nfproto ipv4 drop", "ip saddr 10.0.0.0/8 drop", "ip protocol udp drop", "ip6 nexthdr tcp drop",
            "icmpv6 type echo-request drop", "meta l4proto tcp drop"));
        assertClear("v0", IpVersion.IPV6, "IPv4 and other protocols");
        nft("table netdev t { chain c { type filter hook ingress device v0 priority 0; ip6 nexthdr udp drop\n }\n}\n");
        assertMatches("v0", IpVersion.IPV6, "nftables table netdev t");
        assertClear("v0", "a device's rule for IPv6");
        nft("table netdev t { chain c { type filter hook ingress device v0 priority 0; ip protocol udp drop\n }\n}\n");
        assertClear("v0", IpVersion.IPV6, "a device's rule for IPv4");
    }

    @Test
    void natAndDeviceHooks() {
        assumePresent("nft");
        vethToPeer();
        nft("table ip nat { chain post { type nat hook postrouting priority 100; oifname \"v0\" masquerade\n }\n}\n");
        assertMatches("v0", "nftables table ip nat chain post");
        assertClear("lo", "another device");
        nft("table ip nat { chain pre { type nat hook prerouting priority -100; udp dport 53 dnat to 10.1.0.9\n }\n}\n");
        assertMatches("v0", "nftables table ip nat chain pre");
        nft("table netdev t { chain c { type filter hook ingress device v0 priority 0; policy drop; }\n}\n");
        assertMatches("v0", "nftables table netdev t chain c policy drop");
        assertClear("lo", "another device's hook");
        nft("table netdev t { chain c { type filter hook ingress devices = { lo, v0 } priority 0; ip protocol udp drop\n }\n}\n");
        assertMatches("v0", "rule");
        assertMatches("lo", "rule");
        nft("table inet t { chain c { type filter hook ingress device v0 priority 0; udp dport 7 drop\n }\n}\n");
        assertMatches("v0", "rule");
        assertClear("lo", "another device's hook");
    }

    @Test
    void moreRulesThanOneAnswerHolds() {
        assumePresent("nft");
        vethToPeer();
        final String[] rules = new String[2000];
        for (int i = 0; i < rules.length; i++) {
            rules[i] = "tcp dport " + (i + 1) + " drop";
        }
        nft(filter("input", "accept", rules));
        assertClear("v0", "2000 rules for TCP");
        rules[rules.length - 1] = "udp dport 7 drop";
        nft(filter("input", "accept", rules));
        assertMatches("v0", "rule");
    }

    @Test
    void legacyIptables() {
        assumePresent("iptables-legacy");
        vethToPeer();
        run("iptables-legacy -t filter -L -n");
        run("iptables-legacy -t nat -L -n");
        assertClear("v0", "empty tables");
        run("iptables-legacy -A FORWARD -j DROP");
        run("iptables-legacy -P FORWARD DROP");
        run("iptables-legacy -A INPUT -p tcp -j DROP");
        run("iptables-legacy -A INPUT -i eth9 -j DROP");
        run("iptables-legacy -A INPUT -p udp --dport 7 -j ACCEPT");
        run("iptables-legacy -A OUTPUT ! -o v+ -p udp -j DROP");
        assertClear("v0", "other hooks, protocols and devices");
        assertMatches("lo", "iptables table filter chain OUTPUT rule 1");
        run("iptables-legacy -F OUTPUT");
        run("iptables-legacy -A INPUT -i lo -j ACCEPT");
        run("iptables-legacy -P INPUT DROP");
        assertMatches("v0", "iptables table filter chain INPUT policy drop");
        assertClear("lo", "accepted before the policy");
        run("iptables-legacy -P INPUT ACCEPT");
        run("iptables-legacy -t nat -A POSTROUTING -o v0 -j MASQUERADE");
        assertMatches("v0", "iptables table nat chain POSTROUTING rule 1");
    }

    @Test
    void legacyIp6tables() {
        assumePresent("ip6tables-legacy");
        vethToPeer();
        run("ip6tables-legacy -t filter -L -n");
        assertClear("v0", IpVersion.IPV6, "empty tables");
        run("ip6tables-legacy -P FORWARD DROP");
        run("ip6tables-legacy -A INPUT -p tcp -j DROP");
        run("ip6tables-legacy -A INPUT -i eth9 -j DROP");
        run("ip6tables-legacy -A INPUT -p udp --dport 7 -j ACCEPT");
        run("ip6tables-legacy -A OUTPUT ! -o v+ -p udp -j DROP");
        assertClear("v0", IpVersion.IPV6, "other hooks, protocols and devices");
        assertMatches("lo", IpVersion.IPV6, "ip6tables table filter chain OUTPUT rule 1");
        assertClear("lo", "rules of IPv6");
        run("ip6tables-legacy -F OUTPUT");
        run("ip6tables-legacy -A INPUT -s fd00::/8 -j ACCEPT");
        run("ip6tables-legacy -A INPUT -i lo -j ACCEPT");
        run("ip6tables-legacy -P INPUT DROP");
        assertMatches("v0", IpVersion.IPV6, "ip6tables table filter chain INPUT policy drop");
        assertClear("lo", IpVersion.IPV6, "accepted before the policy");
    }

    @Test
    void iptablesOverNftables() {
        assumePresent("iptables-nft");
        vethToPeer();
        run("iptables-nft -A INPUT -p tcp --dport 80 -j DROP");
        run("iptables-nft -A INPUT -i eth9 -j DROP");
        run("iptables-nft -A INPUT -m state --state ESTABLISHED -j ACCEPT");
        assertClear("v0", "other protocols and devices");
        run("iptables-nft -A INPUT -p udp --dport 80 -j DROP");
        assertMatches("v0", "nftables table ip filter chain INPUT");
    }

    @Test
    void trafficControl() {
        assumePresent("tc");
        vethToPeer();
        run("tc qdisc add dev v0 clsact");
        assertClear("v0", "clsact without filters");
        run("tc filter add dev v0 egress protocol ip u32 match u32 0 0 classid 1:1");
        assertMatches("v0", "a tc filter on v0");
        assertClear("lo", "another device");
        run("tc filter del dev v0 egress");
        run("tc filter add dev v0 ingress protocol ip u32 match u32 0 0 classid 1:1");
        assertMatches("v0", "a tc filter on v0");
        run("tc qdisc del dev v0 clsact");
        run("tc qdisc add dev v0 ingress");
        assertClear("v0", "an ingress discipline without filters");
        run("tc filter add dev v0 parent ffff: protocol ip u32 match u32 0 0 classid 1:1");
        assertMatches("v0", "a tc filter on v0");
        run("tc qdisc del dev v0 ingress");
        run("tc qdisc add dev v0 root pfifo");
        assertClear("v0", "a plain queue");
    }

    @Test
    void ipsecPolicies() {
        vethToPeer();
        ip("xfrm policy add src 10.1.0.1/32 dst 10.1.0.2/32 dir out tmpl proto esp mode transport");
        assertMatches("v0", "IPsec policies");
        ip("xfrm policy flush");
        assertClear("v0", "none left");
    }

    /** Loads "return RESULT" as a program of TYPE and links it to a hook: a cgroup's directory or an interface index; until stdin ends. */
    private static Process attachBpf(int type, int hook, int result, String target) throws IOException {
        final String script = """
            import ctypes, os, struct, sys
            libc = ctypes.CDLL(None, use_errno=True)
            def bpf(command, attributes):
                buffer = ctypes.create_string_buffer(attributes.ljust(128, b'\\0'))
                fd = libc.syscall(321 if os.uname().machine == 'x86_64' else 280, command, buffer, 128)
                if fd < 0:
                    print('bpf', command, os.strerror(ctypes.get_errno()), flush=True)
                    sys.exit(1)
                return fd
            kind, hook, result, target = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
            code = ctypes.create_string_buffer(struct.pack('<BBhiBBhi', 0xb7, 0, 0, result, 0x95, 0, 0, 0))
            licence = ctypes.create_string_buffer(b'GPL')
            head = struct.pack('<IIQQ', kind, 2, ctypes.addressof(code), ctypes.addressof(licence))
            expected = struct.pack('<I', hook if kind != 3 else 0)
            program = bpf(5, head + bytes(44) + expected)
            where = int(target) if target.isdigit() else os.open(target, os.O_RDONLY)
            link = bpf(28, struct.pack('<III', program, where, hook))
            print('up', flush=True)
            sys.stdin.read()
            """;
        final Process process = new ProcessBuilder("python3", "-c", script, "" + type, "" + hook, "" + result, target)
            .redirectErrorStream(true).start();
        assertThat(process.inputReader().readLine()).isEqualTo("up");
        return process;
    }

    @Test
    void bpfProgramsOnTheDevice() throws Exception {
        assumePresent("python3");
        vethToPeer();
        final int v0 = NetworkDevices.open().byName("v0").ifIndex();
        for (final int hook : new int[] {46, 47}) {
            final Process tcx = attachBpf(3, hook, -1, "" + v0);
            assertMatches("v0", "a BPF program of tcx on v0");
            assertClear("lo", "another device");
            tcx.destroy();
            tcx.waitFor();
            assertClear("v0", "gone");
        }
    }

    @Test
    void bpfProgramsOnTheCgroup() throws Exception {
        assumePresent("python3");
        vethToPeer();
        final Path mount = Files.createTempDirectory("accel-cgroup");
        run("mount -t cgroup2 none " + mount);
        final Path group = mount.resolve("accel-test-" + ProcessHandle.current().pid());
        final Path before = Path.of(mount + Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
            .filter(line -> line.startsWith("0::")).findFirst().orElseThrow().substring(3));
        final String pid = "" + ProcessHandle.current().pid();
        Files.createDirectory(group);
        try {
            Files.writeString(group.resolve("cgroup.procs"), pid);
            assertClear("v0", "no program");
            final int[][] hooks = {{8, 0}, {8, 1}, {18, 14}, {18, 19}, {18, 15}, {18, 20}};
            final String[] names = {"ingress", "egress", "sendmsg4", "recvmsg4", "sendmsg6", "recvmsg6"};
            for (int i = 0; i < hooks.length; i++) {
                final Process program = attachBpf(hooks[i][0], hooks[i][1], 1, group.toString());
                assertMatches("v0", i < 4 ? IpVersion.IPV4 : IpVersion.IPV6, "a BPF program at the cgroup's " + names[i] + " hook");
                program.destroy();
                program.waitFor();
            }
            assertClear("v0", "gone");
        } finally {
            Files.writeString(before.resolve("cgroup.procs"), pid);
            Namespace.await("the cgroup is empty", () -> group.toFile().delete());
            run("umount " + mount);
            Files.delete(mount);
        }
    }

    @Test
    void withoutPrivilegeItIsUnknownAndBlocksNothing() {
        assumePresent("nft");
        vethToPeer();
        nft(filter("input", "drop"));
        /* Still root, which can read the class path, but without a capability. */
        final String output = run("setpriv --bounding-set=-all --inh-caps=-all "
            + System.getProperty("java.home") + "/bin/java --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED -cp "
            + System.getProperty("java.class.path") + " " + Verdict.class.getName() + " v0");
        assertThat(output).contains("UNKNOWN").contains("nftables: Operation not permitted");
    }

    /** Prints the verdict on a device; run without privileges. */
    public static final class Verdict {
        private Verdict() {
        }

        public static void main(String[] arguments) throws IOException {
            System.out.println(new Firewall(NetworkDevices.open(), System::nanoTime).verdict(arguments[0], IpVersion.IPV4));
        }
    }
}
