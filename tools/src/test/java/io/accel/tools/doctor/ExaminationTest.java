package io.accel.tools.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.udp.route.FirewallVerdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each check on a host whose /proc and /sys are made up: silent on a good one, and heard when one thing is wrong. */
class ExaminationTest {
    @TempDir
    private Path root;
    private MadeUpHost host;

    @BeforeEach
    void make() throws IOException {
        host = new MadeUpHost(root);
    }

    private void hears(Status status, String check, String seen, String remedy) {
        assertThat(host.complaints()).singleElement().satisfies(finding -> {
            assertThat(finding.status()).isEqualTo(status);
            assertThat(finding.check()).isEqualTo(check);
            assertThat(finding.seen()).contains(seen);
            assertThat(finding.remedy()).contains(remedy);
        });
    }

    @Test
    void aGoodHostHasNothingToMend() {
        assertThat(host.complaints()).isEmpty();
        final List<Finding> all = host.examine(ProcessFiles.SELF, "eth1");
        assertThat(all).extracting(Finding::check).contains("kernel", "privileges", "BPF compiler", "governor", "C-states", "isolation",
            "CPUs", "CPU quota", "clock source", "memlock", "shared memory", "huge pages", "JVM flags", "link", "IRQ affinity", "NUMA",
            "ring", "queues", "RSS", "offloads", "rules IPv4", "rules IPv6");
        assertThat(FindingsText.worst(all)).isEqualTo(Status.OK);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/proc/sys/kernel/osrelease | 5.10.0 | FAIL | kernel | needs 5.14 | later kernel",
        "/proc/sys/net/core/bpf_jit_enable | 0 | WARN | BPF compiler | interpreted | sysctl -w net.core.bpf_jit_enable=1",
        "/sys/devices/system/cpu/cpu3/cpufreq/scaling_governor | powersave | WARN | governor | performance on CPU 2,4-5, powersave on CPU 3"
            + " | cpupower frequency-set -g performance",
        "/sys/devices/system/cpu/cpu2/cpuidle/state1/disable | 0 | WARN | C-states | C6 takes 133 µs | cpupower idle-set -D 10",
        "/sys/devices/system/cpu/isolated | '' | WARN | isolation | no CPU is isolated | isolcpus=",
        "/sys/devices/system/clocksource/clocksource0/current_clocksource | hpet | WARN | clock source | hpet: each | echo tsc >",
        "/sys/fs/cgroup/apps/one/cpu.max | 50000 100000 | WARN | CPU quota | /apps/one has 50000 µs in 100000 | CPUQuota=",
        "/sys/fs/cgroup/apps/cpu.max | 399999 100000 | WARN | CPU quota | /apps has 399999 µs | CPUQuota=",
        "/sys/class/net/eth1/device/numa_node | 1 | WARN | NUMA | node 0 (CPU 0-5), distance 21 instead of 10 | numactl --cpunodebind=1",
        "/sys/class/net/eth1/operstate | down | FAIL | link | down | ip link set eth1 up",
        "/proc/irq/41/effective_affinity_list | 4 | WARN | IRQ affinity | IRQ 41 on CPU 4: CPU 4-5 is isolated | smp_affinity_list",
        "/proc/77/comm | irqbalance | WARN | IRQ affinity | irqbalance moves them | systemctl disable --now irqbalance",
        "/proc/net/vlan/config | 'eth1.7 | 7 | eth1' | WARN | offloads | VLAN tags are taken off | ethtool -K eth1 rxvlan off",
    })
    void oneThingIsWrong(String path, String text, Status status, String check, String seen, String remedy) throws IOException {
        host.file(path, text);
        hears(status, check, seen, remedy);
    }

    @Test
    void aQuotaOfAllCpusIsNone() throws IOException {
        host.file("/sys/fs/cgroup/apps/one/cpu.max", "400000 100000");
        assertThat(host.complaints()).isEmpty();
    }

    @Test
    void aLegacyQuotaCounts() throws IOException {
        host.file("/proc/self/cgroup", "4:cpu,cpuacct:/docker/x\n1:name=systemd:/docker/x");
        host.file("/sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us", "-1");
        assertThat(host.complaints()).isEmpty();
        host.file("/sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us", "150000");
        hears(Status.WARN, "CPU quota", "/docker/x has 150000 µs", "CPUQuota=");
    }

    @Test
    void whatRootMayDoOthersMayNot() throws IOException {
        host.file("/proc/self/status", "CapEff:\t0000000000000000\nCpus_allowed_list:\t2-5\n");
        assertThat(host.complaints()).singleElement().satisfies(finding -> {
            assertThat(finding.status()).isEqualTo(Status.FAIL);
            assertThat(finding.seen()).contains("CAP_NET_ADMIN, CAP_NET_RAW, CAP_PERFMON, CAP_BPF");
        });
        host.option("accel.afxdp.frames", "8192");
        assertThat(host.complaints()).extracting(Finding::check).containsExactly("privileges", "memlock");
        assertThat(host.complaints().get(1).remedy()).contains("ulimit -l 16384");
        host.option("accel.interfaces", "auto");
        assertThat(host.complaints()).allMatch(finding -> finding.status() == Status.WARN);
    }

    @Test
    void aPackedProgramAndOneOffTheIsolatedCpus() throws IOException {
        host.file("/proc/self/status", "CapEff:\t000001ffffffffff\nCpus_allowed_list:\t2-3\n");
        assertThat(host.complaints()).extracting(Finding::check).containsExactly("isolation", "CPUs");
        assertThat(host.complaints().get(0).remedy()).contains("taskset -c 4-5");
    }

    @Test
    void ringsQueuesAndSpreading() {
        host.answer("-g eth1", "Pre-set maximums:\nRX:\t4096\nCurrent hardware settings:\nRX:\t512\n");
        hears(Status.WARN, "ring", "512 of at most 4096", "ethtool -G eth1 rx 2048");
        host.answer("-g eth1", "Pre-set maximums:\nRX:\tn/a\nCurrent hardware settings:\nRX:\tn/a\n").option("accel.afxdp.ring", "4096");
        hears(Status.WARN, "queues", "2 receive queues share 4096", "-Daccel.afxdp.frames=8192");
        host.option("accel.afxdp.ring", "2048").answer("-n eth1 rx-flow-hash udp4", "UDP over IPV4 flows use:\nIP SA\nIP DA\n");
        hears(Status.WARN, "RSS", "by address alone", "ethtool -N eth1 rx-flow-hash udp4 sdfn");
    }

    @Test
    void offloadsThatJoinDatagrams() {
        host.answer("-k eth1", "large-receive-offload: on\nrx-gro-hw: on [fixed]\nrx-udp-gro-forwarding: on\n");
        hears(Status.WARN, "offloads", "GRO joins datagrams", "ethtool -K eth1 lro off rx-udp-gro-forwarding off");
    }

    @Test
    void rulesThatTheFastPathWouldBypass() {
        host.rules(FirewallVerdict.State.MAY_MATCH, "nftables table filter");
        bothVersions(Status.FAIL, "table filter");
        host.option("accel.firewall", "ignore");
        bothVersions(Status.WARN, "bypasses");
        host.rules(FirewallVerdict.State.UNKNOWN, "nftables: EPERM");
        bothVersions(Status.UNSEEN, "EPERM");
        assertThat(host.complaints()).allMatch(finding -> finding.remedy().contains("root"));
    }

    private void bothVersions(Status status, String seen) {
        assertThat(host.complaints()).hasSize(2).allSatisfy(finding -> {
            assertThat(finding.status()).isEqualTo(status);
            assertThat(finding.seen()).contains(seen);
        });
    }

    @Test
    void hugePagesThatWereAskedForOrThatStall() throws IOException {
        host.file("/proc/self/environ", "JAVA_TOOL_OPTIONS=-Xmx1g -XX:+UseLargePages\0");
        hears(Status.WARN, "huge pages", "-XX:+UseLargePages finds none", "vm.nr_hugepages");
        host.file("/proc/meminfo", "HugePages_Free: 600");
        host.file("/sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never");
        host.file("/sys/kernel/mm/transparent_hugepage/defrag", "[always] defer madvise never");
        hears(Status.WARN, "huge pages", "compacted", "defrag");
    }

    @Test
    void aRunningProgramsFlags() throws IOException {
        host.file("/proc/9/status", "CapEff:\t000001ffffffffff\nCpus_allowed_list:\t2-5\n");
        host.file("/proc/9/environ", "JDK_JAVA_OPTIONS=-XX:TieredStopAtLevel=1\0");
        host.file("/proc/9/cmdline", "/usr/bin/java\0-cp\0app.jar\0-Xint\0Main\0-Xcheck:jni\0");
        final List<Finding> flags = host.examine("9").stream().filter(each -> each.check().equals("JVM flags")).toList();
        assertThat(flags).extracting(Finding::status).containsExactly(Status.FAIL, Status.WARN, Status.WARN);
        assertThat(flags.get(0).remedy()).contains("accel run");
        host.file("/proc/9/cmdline", "/usr/bin/java\0-javaagent:/opt/accel.jar\0-jar\0app.jar\0");
        host.file("/proc/9/environ", "");
        assertThat(host.examine("9")).filteredOn(each -> each.check().equals("JVM flags")).singleElement()
            .extracting(Finding::status).isEqualTo(Status.OK);
        host.without("/proc/9/environ");
        assertThat(host.examine("9")).filteredOn(each -> each.check().equals("JVM flags")).singleElement()
            .extracting(Finding::status).isEqualTo(Status.UNSEEN);
    }

    @Test
    void anInterfaceThatIsNotThere() {
        assertThat(host.examine(ProcessFiles.SELF, "eth7")).filteredOn(each -> each.status() == Status.FAIL).singleElement()
            .satisfies(finding -> assertThat(finding.seen()).contains("no such interface"));
    }

    @Test
    void aVirtualMachineShowsLess() throws IOException {
        for (int cpu = 0; cpu < 6; cpu++) {
            host.without("/sys/devices/system/cpu/cpu" + cpu);
        }
        assertThat(host.complaints()).extracting(Finding::status).containsExactly(Status.UNSEEN, Status.UNSEEN);
        assertThat(FindingsText.of(host.complaints())).contains("2 not to be seen", "To see more: look at the firmware",
            "(governor, C-states)");
    }

    @Test
    void theTextFitsAndTheJsonHasEverything() throws IOException {
        host.file("/proc/sys/kernel/osrelease", "5.10.0").file("/sys/devices/system/cpu/isolated", "");
        final String text = FindingsText.of(host.examine(ProcessFiles.SELF, "eth1"));
        assertThat(text.lines()).allMatch(line -> line.length() <= 100);
        assertThat(text).containsPattern("FAIL +kernel +5.10.0: shared memory needs 5.14\n +-> install a later kernel\n")
            .contains("1 WARN, 1 FAIL, 0 not to be seen");
        assertThat(FindingsJson.of(host.complaints()).replaceAll("\\s+", " ")).contains("{ \"worst\": \"FAIL\",",
            "{ \"check\": \"kernel\", \"interface\": null, \"status\": \"FAIL\", \"seen\": \"5.10.0: shared memory needs 5.14\"");
    }

    @Test
    void nothingIsComplainedOfWithoutARemedy() {
        assertThatThrownBy(() -> Finding.warn("check", "", "seen", "")).isInstanceOf(IllegalArgumentException.class);
    }
}
