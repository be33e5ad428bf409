package io.accel.core.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Posix;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A ring's file gets its space as it is needed: where there is none left, messages are refused and counted, and no store faults. */
class FullFileSystemTest {
    private static final int RING = ShmDomain.DEFAULT_RING_BYTES;

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).as(String.join(" ", command)).isZero();
    }

    @Test
    void sendersAreRefusedUntilThereIsSpaceAgain() throws Exception {
        Assumptions.assumeTrue(Posix.effectiveUser() == 0, "needs root");
        try (SharedDirectory directory = new SharedDirectory(); EventBatch events = new EventBatch(16)) {
            final Path mount = directory.path();
            run("mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "accel-test", mount.toString());
            try (ShmDomain domain = directory.open()) {
                final ShmVirtualInterface from = domain.openVi(RING);
                final ShmVirtualInterface to = domain.openVi(RING);
                domain.publish(to, "to");
                final int peer = domain.lookup("to");
                assertThat(peer).isNotNegative();
                final Path filler = mount.resolve("filler");
                fill(filler);
                int sent = 0;
                while (Messages.send(from, peer, sent, 1000)) {
                    sent++;
                }
                assertThat(sent).as("as many as there is space for from the start").isBetween(4, 8);
                assertThat(from.droppedRingFull()).isEqualTo(1);
                assertThat(drain(to, events)).isEqualTo(sent);
                assertThat(to.lostRingFull()).isEqualTo(1);

                Files.delete(filler);
                for (int i = 0; i < 2000; i++) {
                    assertThat(Messages.send(from, peer, i, 1000)).isTrue();
                    assertThat(drain(to, events)).isEqualTo(1);
                }
                assertThat(to.corruptRings()).isZero();
            } finally {
                run("umount", "-l", mount.toString());
            }
        }
    }

    /** A word that leads to where the file has no space: to load there would fault, so the ring is given up. */
    @Test
    void aReceiverDoesNotFollowASenderToWhereThereIsNoSpace() throws Exception {
        Assumptions.assumeTrue(Posix.effectiveUser() == 0, "needs root");
        try (SharedDirectory directory = new SharedDirectory(); EventBatch events = new EventBatch(16)) {
            final Path mount = directory.path();
            run("mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "accel-test", mount.toString());
            try (ShmDomain domain = directory.open()) {
                final ShmVirtualInterface from = domain.openVi(RING);
                final ShmVirtualInterface to = domain.openVi(RING);
                domain.publish(to, "to");
                assertThat(Messages.send(from, domain.lookup("to"), 1, 100)).isTrue();
                assertThat(drain(to, events)).isEqualTo(1);
                final Mapping ring = Mapping.open(domain.self().viDirectory(to.number(), to.entry().generation()) + "/"
                    + Ids.text(domain.self().id()));
                fill(mount.resolve("filler"));
                Memory.putLong(ring.address() + RingDescriptor.DATA_OFFSET + 128,
                    RingDescriptor.word(RingDescriptor.KIND_PADDING, 64 << 10, 0));
                assertThat(to.poll(events, 16)).isEqualTo(1);
                assertThat(events.type(0)).isEqualTo(EventType.RX_DISCARD);
                to.release(events);
                assertThat(to.corruptRings()).isEqualTo(1);
                ring.unmap();
            } finally {
                run("umount", "-l", mount.toString());
            }
        }
    }

    private static int drain(ShmVirtualInterface vi, EventBatch events) {
        int n = 0;
        for (int got = vi.poll(events, 16); got > 0; got = vi.poll(events, 16)) {
            n += got;
            vi.release(events);
        }
        return n;
    }

    private static void fill(Path filler) throws IOException {
        try (var out = Files.newOutputStream(filler)) {
            final byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (final IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }
}
