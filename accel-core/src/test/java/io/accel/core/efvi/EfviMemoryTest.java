package io.accel.core.efvi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.accel.core.testing.Agent;
import io.accel.core.testing.EthernetFrames;
import io.accel.core.testing.VethPairExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Packet buffers lie in huge pages where the host has some to give, and else it is told that they do not. */
class EfviMemoryTest {
    /** 4096 buffers of 2 KiB take four pages of 2 MiB; others may take some meanwhile. */
    private static final int ENOUGH = 8;
    @RegisterExtension
    private static final VethPairExtension PAIR = VethPairExtension.ipv4();

    @Test
    void hugePagesAreTakenWhereThereAreSome() throws IOException {
        try (HugePages pages = HugePages.spare(ENOUGH); Agent a = EfviAgent.start(PAIR.a())) {
            assertThat(pages.free()).isGreaterThanOrEqualTo(ENOUGH);
            assertThat(a.ask("open va")).startsWith("ok ").doesNotContain("small-pages");
            assertThat(a.ask("pages")).isEqualTo("2048");
            assertTraffic(a);
        }
    }

    @Test
    void smallPagesAreToldWhereThereAreNoHugeOnes() throws IOException {
        try (HugePages pages = HugePages.spare(0); Agent a = EfviAgent.start(PAIR.a())) {
            assertThat(pages.free()).isZero();
            assertThat(a.ask("open va")).startsWith("ok ").contains("small-pages");
            assertThat(a.ask("pages")).isEqualTo("4");
            assertTraffic(a);
        }
    }

    /** As in a container that may have none: the kernel promises the pages and kills who touches them. */
    @Test
    void smallPagesAreToldWhereAControlGroupAllowsNoHugeOnes() throws IOException {
        try (HugePages pages = HugePages.spare(ENOUGH); HugePageLimit none = HugePageLimit.none();
             Agent a = EfviAgent.start(PAIR.a())) {
            assertThat(pages.free()).isGreaterThanOrEqualTo(ENOUGH);
            none.apply(Long.parseLong(a.ask("pid")));
            assertThat(a.ask("open va")).startsWith("ok ").contains("small-pages");
            assertThat(a.ask("pages")).isEqualTo("4");
            assertTraffic(a);
        }
    }

    private static void assertTraffic(Agent a) {
        try (Agent b = EfviAgent.start(PAIR.b())) {
            assertThat(b.ask("bind 7001")).isEqualTo("ok");
            assertThat(a.ask("filter 10.77.0.1 7000")).isEqualTo("ok");
            final byte[] frame = EthernetFrames.udp(PAIR.a().mac(), PAIR.b().mac(), "10.77.0.1", 7000, "10.77.0.2", 7001, "there");
            assertThat(a.ask("send 100 10 " + HexFormat.of().formatHex(frame))).isEqualTo("100 0");
            for (int i = 0; i < 100; i++) {
                assertThat(b.ask("receive 7001")).isEqualTo("there");
            }
            b.ask("transmit 7001 10.77.0.1 7000 back 100");
            assertThat(a.ask("poll 100").split(" ")).hasSize(100);
        }
    }

    /** The host's number of huge pages, for a moment; what others hold stays theirs. */
    private record HugePages(String before) implements AutoCloseable {
        private static final Path NUMBER = Path.of("/proc/sys/vm/nr_hugepages");

        /** So many that nobody holds. */
        static HugePages spare(int wanted) throws IOException {
            assumeTrue(Files.isWritable(NUMBER), "needs a writable " + NUMBER);
            final HugePages pages = new HugePages(Files.readString(NUMBER).strip());
            final int held = Integer.parseInt(pages.before) - pages.free();
            Files.writeString(NUMBER, Integer.toString(held + wanted));
            return pages;
        }

        int free() throws IOException {
            final String told = Files.readAllLines(Path.of("/proc/meminfo")).stream().filter(line -> line.startsWith("HugePages_Free:"))
                .findFirst().orElseThrow();
            return Integer.parseInt(told.replaceAll("\\D", ""));
        }

        @Override
        public void close() throws IOException {
            Files.writeString(NUMBER, before);
        }
    }

    /** A control group without huge pages. */
    private record HugePageLimit(Path root, Path group, boolean enabled) implements AutoCloseable {
        static HugePageLimit none() throws IOException {
            final Path root = hierarchy();
            assumeTrue(root != null, "needs the hugetlb controller of cgroup2");
            final Path control = root.resolve("cgroup.subtree_control");
            final boolean enabled = Files.readString(control).contains("hugetlb");
            Files.writeString(control, "+hugetlb");
            final Path group = Files.createDirectory(root.resolve("accel-efvi-" + ProcessHandle.current().pid()));
            Files.writeString(group.resolve("hugetlb.2MB.max"), "0");
            return new HugePageLimit(root, group, enabled);
        }

        private static Path hierarchy() throws IOException {
            for (final String line : Files.readAllLines(Path.of("/proc/mounts"))) {
                final String[] words = line.split(" ");
                final Path controllers = Path.of(words[1], "cgroup.controllers");
                if (words[2].equals("cgroup2") && Files.exists(controllers) && Files.readString(controllers).contains("hugetlb")) {
                    return Path.of(words[1]);
                }
            }
            return null;
        }

        void apply(long pid) throws IOException {
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
        }

        /** Who is still in it goes back to the root. */
        @Override
        public void close() throws IOException {
            for (final String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
                Files.writeString(root.resolve("cgroup.procs"), pid);
            }
            Files.delete(group);
            if (!enabled) {
                Files.writeString(root.resolve("cgroup.subtree_control"), "-hugetlb");
            }
        }
    }
}
