package io.accel.core.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.core.Reason;
import io.accel.core.datapath.DatapathException;
import io.accel.core.memory.Memory;
import io.accel.core.natives.Posix;
import io.accel.core.vi.EventBatch;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, handles, set-up and what is left behind. Two domains in one JVM stand for two processes. */
class ShmDomainTest {
    private static final int RING = ShmDomain.DEFAULT_RING_BYTES;

    private final SharedDirectory directory = new SharedDirectory();

    @AfterEach
    void removeDirectory() {
        directory.close();
    }

    @Test
    void aNameIsAbsentOwnedOrShared() throws Exception {
        try (ShmDomain one = directory.open(); ShmDomain two = directory.open()) {
            assertThat(two.lookup("a.1")).isEqualTo(ShmDomain.ABSENT);
            final ShmVirtualInterface first = one.openVi(RING);
            one.publish(first, "a.1");
            one.publish(first, "a.1");
            final int peer = two.lookup("a.1");
            assertThat(peer).isNotNegative();
            assertThat(two.lookup("a.1")).isEqualTo(peer);

            final ShmVirtualInterface second = two.openVi(RING);
            two.publish(second, "a.1");
            assertThat(one.lookup("a.1")).isEqualTo(ShmDomain.SHARED);
            assertThat(two.lookup("a.1")).isEqualTo(ShmDomain.SHARED);

            one.withdraw(first, "a.1");
            one.withdraw(first, "a.1");
            assertThat(two.lookup("a.1")).isNotNegative().isNotEqualTo(peer);
            second.close();
            assertThat(one.lookup("a.1")).isEqualTo(ShmDomain.ABSENT);
        }
        assertThat(directory.files()).isEmpty();
    }

    @Test
    void allMembersOfANameAreFound() throws Exception {
        try (ShmDomain one = directory.open(); ShmDomain two = directory.open(); EventBatch events = new EventBatch(4)) {
            assertThat(two.lookupAll("group")).isEmpty();
            final ShmVirtualInterface a = one.openVi(RING);
            final ShmVirtualInterface b = one.openVi(RING);
            final ShmVirtualInterface c = two.openVi(RING);
            for (final ShmVirtualInterface member : List.of(a, b)) {
                one.publish(member, "group");
            }
            two.publish(c, "group");
            two.publish(c, "other");
            final int[] members = two.lookupAll("group");
            assertThat(members).hasSize(3).doesNotHaveDuplicates().contains(two.lookup("other"));
            for (final int member : members) {
                assertThat(Messages.send(c, member, member, 100)).isTrue();
            }
            for (final ShmVirtualInterface member : List.of(a, b, c)) {
                assertThat(member.poll(events, 4)).isEqualTo(1);
                member.release(events);
            }
            assertThat(two.lookupAll("group")).containsExactlyInAnyOrder(members);
            assertThat(two.lookup("group")).isEqualTo(ShmDomain.SHARED);
            b.close();
            two.withdraw(c, "group");
            assertThat(two.lookupAll("group")).hasSize(1).doesNotContain(two.lookup("other"));
            Memory.putIntVolatile(a.header() + ViHeader.RING_BYTES_OFFSET, 0);
            try (ShmDomain three = directory.open()) {
                assertThat(three.lookupAll("group")).as("a member cannot be reached").isNull();
            }
        }
        assertThat(directory.files()).isEmpty();
    }

    @Test
    void aTouchedNameChangesItsVersion() throws Exception {
        try (ShmDomain one = directory.open(); ShmDomain two = directory.open()) {
            final int stripe = one.stripe("4.1.x");
            final long before = two.version(stripe);
            final long touched = one.touch("4.1.y");
            assertThat(touched).isNotEqualTo(before).isEqualTo(two.version(stripe));
            assertThat(one.tag()).isEqualTo(two.tag());
            try (SharedDirectory elsewhere = new SharedDirectory(); ShmDomain stranger = elsewhere.open()) {
                assertThat(stranger.tag()).isNotEqualTo(one.tag());
            }
        }
    }

    @Test
    void aProcessIsSeenThoughItsComingWasOverwritten() throws Exception {
        try (ShmDomain one = directory.open()) {
            assertThat(one.lookup("x")).isEqualTo(ShmDomain.ABSENT);
            final Mapping versions = Mapping.open(Path.of(one.self().directory()).resolveSibling("version").toString());
            final long before = Memory.getLong(versions.address() + NameDirectory.PROCESSES_OFFSET);
            try (ShmDomain two = directory.open()) {
                two.publish(two.openVi(RING), "x");
                Memory.putLong(versions.address() + NameDirectory.PROCESSES_OFFSET, before);
                assertThat(one.lookup("x")).isEqualTo(ShmDomain.ABSENT);
                one.tick(0);
                assertThat(one.lookup("x")).isNotNegative();
            }
            final long mappings = mappings();
            assertThat(one.lookup("x")).isEqualTo(ShmDomain.ABSENT);
            assertThat(mappings()).as("the table of one who has left").isLessThan(mappings);
            versions.unmap();
        }
    }

    @Test
    void everyChangeOfANameChangesItsVersion() throws Exception {
        try (ShmDomain one = directory.open(); ShmDomain two = directory.open()) {
            final int stripe = two.stripe("name");
            final long before = two.version(stripe);
            final ShmVirtualInterface vi = one.openVi(RING);
            one.publish(vi, "name");
            final long published = two.version(stripe);
            assertThat(published).isNotEqualTo(before);
            one.withdraw(vi, "name");
            final long withdrawn = two.version(stripe);
            assertThat(withdrawn).isNotEqualTo(published);
            one.publish(vi, "name");
            final long again = two.version(stripe);
            vi.close();
            assertThat(two.version(stripe)).isNotEqualTo(again);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".a", "A", "a/b", "a b", "a\u0000", "ä",
        "0123456789012345678901234567890123456789012345678901234567890123"
            + "0123456789012345678901234567890123456789012345678901234567890123x"})
    void refusesWhatIsNoName(String name) throws Exception {
        try (ShmDomain domain = directory.open(); ShmVirtualInterface vi = domain.openVi(RING)) {
            assertThatThrownBy(() -> domain.publish(vi, name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void staleHandlesFindNothing() throws Exception {
        try (ShmDomain one = directory.open(); ShmDomain two = directory.open()) {
            final ShmVirtualInterface from = two.openVi(RING);
            ShmVirtualInterface to = one.openVi(RING);
            one.publish(to, "x");
            final int stale = two.lookup("x");
            to.close();
            assertThat(Messages.send(from, stale, 1, 20)).isFalse();
            two.tick(0);
            assertThat(two.peerCount()).isZero();
            to = one.openVi(RING);
            one.publish(to, "x");
            final int fresh = two.lookup("x");
            assertThat(fresh).isNotEqualTo(stale);
            assertThat(Messages.send(from, stale, 1, 20)).isFalse();
            assertThat(Messages.send(from, Integer.MAX_VALUE, 1, 20)).isFalse();
            assertThat(Messages.send(from, fresh, 1, 20)).isTrue();
            assertThat(two.txRegion(stale)).isNull();
            assertThat(from.droppedPeerGone()).isEqualTo(3);
            try (EventBatch events = new EventBatch(4)) {
                assertThat(to.poll(events, 4)).isEqualTo(1);
                to.release(events);
            }
        }
    }

    @Test
    void tenThousandVisLeaveNothing() throws Exception {
        final long descriptors = descriptors();
        final long mappings = mappings();
        try (ShmDomain domain = directory.open(); EventBatch events = new EventBatch(4)) {
            final ShmVirtualInterface from = domain.openVi(RING);
            for (int i = 0; i < 10_000; i++) {
                final ShmVirtualInterface vi = domain.openVi(RING);
                if (i % 10 == 0) {
                    domain.publish(vi, "n." + i);
                    assertThat(Messages.send(from, domain.lookup("n." + i), i, 64)).isTrue();
                    assertThat(vi.poll(events, 4)).isEqualTo(1);
                    vi.release(events);
                }
                vi.close();
            }
            assertThat(domain.peerCount()).isZero();
            assertThat(directory.files()).noneMatch(f -> f.contains("n.") || f.matches(".*/\\d+\\.\\d+.*"));
        }
        assertThat(directory.files()).isEmpty();
        assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
        assertThat(mappings()).isEqualTo(mappings);
    }

    @Test
    void tenThousandVisAtOnceCostNoDescriptor() throws Exception {
        try (ShmDomain domain = directory.open()) {
            final long descriptors = descriptors();
            final List<ShmVirtualInterface> vis = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                vis.add(domain.openVi(RING));
            }
            assertThat(vis.stream().mapToInt(ShmVirtualInterface::number).distinct().count()).isEqualTo(10_000);
            assertThat(descriptors()).isEqualTo(descriptors);
            domain.publish(vis.get(9_999), "last");
            assertThat(Messages.send(vis.get(0), domain.lookup("last"), 1, 10)).isTrue();
            assertThat(vis.get(9_999).hasPending()).isTrue();
        }
        assertThat(directory.files()).isEmpty();
    }

    @Test
    void refusesADirectoryThatOthersMayRead() throws Exception {
        final Path root = makeAndLeave();
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        refuses(root);
    }

    @Test
    void refusesALink() throws Exception {
        final Path root = makeAndLeave();
        final Path elsewhere = makePrivate("elsewhere");
        Files.delete(root);
        Files.createSymbolicLink(root, elsewhere);
        refuses(root);
    }

    @Test
    void refusesADirectoryOfAnotherUser() throws Exception {
        Assumptions.assumeTrue(Posix.effectiveUser() == 0, "needs root");
        final Path root = makeAndLeave();
        Files.setAttribute(root, "unix:uid", 12345);
        refuses(root);
    }

    private Path makeAndLeave() throws DatapathException, IOException {
        final ShmDomain domain = directory.open();
        final Path root = directory.path().resolve(directory.files().get(0));
        domain.close();
        return Files.createDirectory(root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private void refuses(Path root) {
        assertThatThrownBy(directory::open).isInstanceOfSatisfying(DatapathException.class, e -> {
            assertThat(e.reason()).isEqualTo(Reason.DATAPATH_FAILED);
            assertThat(e).hasMessageContaining(root.toString()).hasMessageContaining("-Daccel.shm.dir=");
        });
    }

    @Test
    void refusesADirectoryThatIsNotThere() {
        assertThatThrownBy(() -> ShmDomain.open(SharedDirectory.configuration("/nowhere/at/all"))).isInstanceOf(DatapathException.class)
            .hasMessageContaining("-Daccel.shm.dir=");
    }

    @Test
    void survivesAnUnfinishedVersionFileAndLeftovers() throws Exception {
        final Path root = makeAndLeave();
        Files.createFile(root.resolve("version"));
        final Path dead = Files.createDirectory(root.resolve("p-00000000000000aa"));
        Files.createFile(dead.resolve("lock"));
        Files.createFile(dead.resolve("names"));
        Files.createDirectories(dead.resolve("3.4/junk"));
        try (ShmDomain domain = directory.open()) {
            assertThat(directory.files()).noneMatch(f -> f.contains("p-00000000000000aa"));
            assertThat(domain.lookup("left")).isEqualTo(ShmDomain.ABSENT);
        }
        assertThat(directory.files()).isEmpty();
    }

    @Test
    void whatWasLeftInDeadNamespacesIsRemoved() throws Exception {
        final String dead;
        final String living;
        try (ShmDomain domain = directory.open(); ShmDomain alive = directory.open()) {
            final Path root = Path.of(domain.self().directory()).getParent();
            dead = root.getFileName() + "dead";
            living = root.getFileName() + "1";
            final Path left = Files.createDirectories(makePrivate(dead).resolve("p-00000000000000aa/3.4"));
            Files.createFile(left.resolve("00000000000000bb"));
            Files.createFile(left.resolveSibling("lock"));
            Files.createFile(directory.path().resolve(dead).resolve("version"));
            final Path inUse = Files.createDirectories(makePrivate(living).resolve("p-00000000000000aa"));
            final int lock = Posix.lockFile(inUse.resolve("lock").toString());
            assertThat(lock).isPositive();
            Files.createDirectory(directory.path().resolve("accel-x"));
            directory.open().close();
            assertThat(directory.files()).noneMatch(f -> f.startsWith(dead)).contains(living + "/p-00000000000000aa/lock", "accel-x");
            assertThat(alive.lookup("x")).isEqualTo(ShmDomain.ABSENT);
            Posix.close(lock);
            directory.open().close();
            assertThat(directory.files()).noneMatch(f -> f.startsWith(living + "/"));
        }
        assertThat(directory.files()).containsExactly("accel-x");
    }

    /** In a directory that all may write, as /dev/shm, anybody can make one with such a name, and put anything into it. */
    @Test
    void whatOnlyLooksLikeAnotherNamespaceIsLeftAlone() throws Exception {
        Assumptions.assumeTrue(Posix.effectiveUser() == 0, "needs root");
        final Path elsewhere = Files.createDirectories(makePrivate("elsewhere").resolve("p-00000000000000aa")).getParent();
        try (ShmDomain domain = directory.open()) {
            final String name = Path.of(domain.self().directory()).getParent().getFileName().toString();
            final Path foreign = Files.createDirectories(makePrivate(name + "a").resolve("p-00000000000000aa")).getParent();
            Files.setAttribute(foreign, "unix:uid", 12345);
            final Path open = Files.createDirectories(makePrivate(name + "b").resolve("p-00000000000000aa")).getParent();
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
            Files.createSymbolicLink(directory.path().resolve(name + "c"), elsewhere);
            final List<String> before = directory.files();
            directory.open().close();
            assertThat(directory.files()).isEqualTo(before).contains(name + "a/p-00000000000000aa", name + "b/p-00000000000000aa",
                "elsewhere/p-00000000000000aa");
        }
    }

    private Path makePrivate(String name) throws IOException {
        return Files.createDirectory(directory.path().resolve(name),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @Test
    void theLastToExitLeavesNoDirectory() throws Exception {
        final ShmDomain one = directory.open();
        try (ShmDomain two = directory.open()) {
            one.abandon();
            assertThat(directory.files()).isNotEmpty();
            assertThat(two.lookup("x")).isEqualTo(ShmDomain.ABSENT);
        }
        assertThat(directory.files()).isEmpty();
        one.close();
    }

    @Test
    void aNameOfADeadOwnerIsAbsentAndItsRemovalIsTold() throws Exception {
        try (ShmDomain domain = directory.open(); ShmDomain other = directory.open()) {
            final ShmVirtualInterface vi = domain.openVi(RING);
            domain.publish(vi, "gone");
            // The dead one: what the living has published, under another number, and no lock on it.
            final Path dead = Path.of(domain.self().directory()).resolveSibling("p-00000000000000aa");
            Files.createDirectory(dead);
            for (final String file : List.of("control", "h0", "names", "names0")) {
                Files.copy(Path.of(domain.self().directory(), file), dead.resolve(file));
            }
            Files.createFile(dead.resolve("lock"));
            vi.close();
            assertThat(other.lookup("gone")).isEqualTo(ShmDomain.ABSENT);
            final long before = domain.version(domain.stripe("gone"));
            domain.tick(0);
            assertThat(Files.exists(dead)).isFalse();
            assertThat(domain.version(domain.stripe("gone"))).isNotEqualTo(before);
            assertThat(other.lookup("gone")).isEqualTo(ShmDomain.ABSENT);
        }
        assertThat(directory.files()).isEmpty();
    }

    @Test
    void tenThousandPublishedNamesCostNoFile() throws Exception {
        try (ShmDomain domain = directory.open(); ShmDomain other = directory.open()) {
            domain.openVi(RING);
            final int files = directory.files().size();
            final List<ShmVirtualInterface> vis = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                vis.add(domain.openVi(RING));
                domain.publish(vis.get(i), "4." + Integer.toHexString(i) + ".7f000001");
            }
            assertThat(directory.files().size() - files).as("headers come in files of 1,024, names in ever larger ones").isLessThan(20);
            for (int i = 0; i < 10_000; i += 1000) {
                assertThat(other.lookup("4." + Integer.toHexString(i) + ".7f000001")).isNotNegative();
            }
            assertThat(other.lookup("4.ffff.7f000001")).isEqualTo(ShmDomain.ABSENT);
        }
        assertThat(directory.files()).isEmpty();
    }

    @Test
    void sayWhenAClosedThingIsUsed() throws Exception {
        final ShmDomain domain = directory.open();
        final ShmVirtualInterface vi = domain.openVi(RING);
        vi.close();
        vi.close();
        assertThatThrownBy(() -> domain.publish(vi, "x")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> vi.txClaim(0, 1)).isInstanceOf(IllegalStateException.class);
        domain.close();
        domain.close();
        assertThatThrownBy(() -> domain.openVi(RING)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> domain.lookup("x")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> domain.version(0)).isInstanceOf(IllegalStateException.class);
    }

    static long descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    private static long mappings() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(l -> l.contains("/accel-test-")).count();
        }
    }
}
