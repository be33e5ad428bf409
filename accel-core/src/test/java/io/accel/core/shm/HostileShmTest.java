package io.accel.core.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Peers that write garbage: nothing throws, nothing lies outside a mapping, the ring is given up and counted. */
class HostileShmTest {
    private static final int RING = ShmDomain.DEFAULT_RING_BYTES;

    /** A receiver, a sender, and the sender's ring mapped once more to write into. */
    private static final class Fixture implements AutoCloseable {
        final SharedDirectory directory = new SharedDirectory();
        final ShmDomain receiving;
        final ShmDomain sending;
        final ShmVirtualInterface to;
        final ShmVirtualInterface from;
        final EventBatch events = new EventBatch(16);
        final int peer;
        Mapping ring;

        Fixture() {
            try {
                receiving = directory.open();
                sending = directory.open();
                to = receiving.openVi(RING);
                from = sending.openVi(RING);
                receiving.publish(to, "to");
                peer = sending.lookup("to");
                assertThat(to.poll(events, 16)).isZero();
                ring = Mapping.open(ringPath().toString());
            } catch (final Exception e) {
                throw new AssertionError(e);
            }
        }

        Path viDirectory() {
            return Path.of(receiving.self().viDirectory(to.number(), to.entry().generation()));
        }

        Path ringPath() {
            return viDirectory().resolve(Ids.text(sending.self().id()));
        }

        void word(long position, long value) {
            Memory.putLongRelease(ring.address() + RingDescriptor.DATA_OFFSET + (position & RING - 1), value);
        }

        /** Polls everything; checks that every event lies in the memory of the VI. */
        int drain() {
            int received = 0;
            for (int i = 0; i < 10_000 && to.poll(events, 16) > 0; i++) {
                for (int k = 0; k < events.count(); k++) {
                    if (events.type(k) == EventType.RX) {
                        received++;
                        assertThat(to.memory()[events.region(k)].contains(events.frame(k), events.length(k))).isTrue();
                    }
                }
                to.release(events);
            }
            assertThat(to.poll(events, 16)).isZero();
            return received;
        }

        void worksAgain() {
            final int fresh = sending.lookup("to");
            assertThat(Messages.send(from, fresh, 5, 100)).isTrue();
            assertThat(drain()).isEqualTo(1);
        }

        @Override
        public void close() {
            ring.unmap();
            events.close();
            sending.close();
            receiving.close();
            assertThat(directory.files()).isEmpty();
            directory.close();
        }
    }

    @Property(tries = 300)
    void anyWordIsARecordOrEndsTheRing(@ForAll long word) {
        try (Fixture f = new Fixture()) {
            f.word(0, word);
            f.drain();
            assertThat(f.to.corruptRings()).isEqualTo(word == 0 ? 0 : 1);
        }
    }

    @Test
    void impossibleLengthsAndStridesEndTheRing() {
        final long good = RingDescriptor.word(RingDescriptor.KIND_DATA, 128, 88);
        final long[] words = {
            RingDescriptor.word(RingDescriptor.KIND_DATA, 128, 121),
            RingDescriptor.word(RingDescriptor.KIND_DATA, 0, 0),
            RingDescriptor.word(RingDescriptor.KIND_DATA, RING + 64, 88),
            RingDescriptor.word(RingDescriptor.KIND_DATA, RING, RingDescriptor.MAX_MESSAGE),
            RingDescriptor.word(RingDescriptor.KIND_DATA, 128 << 10, RingDescriptor.MAX_MESSAGE + 1),
            RingDescriptor.word(RingDescriptor.KIND_PADDING, RING, 0),
            RingDescriptor.word(3, 128, 88),
            good | 0xFFFF_FFFFL, good | 1L << 31, good | 1L << 63, good | 0xFF_FFFFL << 32, -1, 1,
        };
        for (final long word : words) {
            try (Fixture f = new Fixture()) {
                Messages.send(f.from, f.peer, 1, 88);
                f.word(128, word);
                assertThat(f.drain()).as("%x", word).isEqualTo(1);
                assertThat(f.to.corruptRings()).as("%x", word).isEqualTo(1);
                assertThat(f.to.ringCount()).isZero();
                assertThat(Files.exists(f.ringPath())).isFalse();
            }
        }
    }

    @Test
    void aGarbageRecordIsADiscardAndTheGoodOnesBeforeItCount() {
        try (Fixture f = new Fixture()) {
            Messages.send(f.from, f.peer, 1, 20);
            Messages.send(f.from, f.peer, 2, 20);
            f.word(128, -1);
            // After an idle poll the first record comes alone.
            assertThat(f.to.poll(f.events, 16)).isEqualTo(1);
            assertThat(f.events.type(0)).isEqualTo(EventType.RX);
            f.to.release(f.events);
            assertThat(f.to.poll(f.events, 16)).isEqualTo(2);
            assertThat(f.events.type(0)).isEqualTo(EventType.RX);
            assertThat(f.events.type(1)).isEqualTo(EventType.RX_DISCARD);
            assertThat(f.to.memory()).as("still mapped while lent").hasSize(1);
            f.to.release(f.events);
            assertThat(f.to.memory()).isEmpty();
        }
    }

    @Test
    void paddingForEverDoesNotHoldTheReader() {
        try (Fixture f = new Fixture()) {
            for (int at = 0; at < RING; at += 64) {
                f.word(at, RingDescriptor.word(RingDescriptor.KIND_PADDING, 64, 0));
            }
            Assertions.assertTimeoutPreemptively(java.time.Duration.ofSeconds(10), f::drain);
            assertThat(f.to.corruptRings()).isEqualTo(1);
        }
    }

    @Test
    void aSenderWhoseRingWasGivenUpFindsOutAndConnectsAgain() {
        try (Fixture f = new Fixture()) {
            f.word(0, -1);
            f.drain();
            int lost = 0;
            while (Messages.send(f.from, f.peer, lost, 1000)) {
                lost++;
            }
            assertThat(lost).isLessThan(RING / 1000);
            assertThat(f.from.droppedPeerGone()).isEqualTo(1);
            assertThat(f.sending.lookup("to")).isNotEqualTo(f.peer);
            f.worksAgain();
        }
    }

    @Property(tries = 200)
    void anyHeadIsPlausibleOrEndsTheRing(@ForAll long head) {
        try (Fixture f = new Fixture()) {
            Memory.putLongRelease(f.ring.address() + RingDescriptor.HEAD_OFFSET, head);
            int sent = 0;
            while (sent < 1000 && Messages.send(f.from, f.peer, sent, 1000)) {
                sent++;
            }
            assertThat(sent).isLessThan(1000);
        }
    }

    @Property(tries = 60)
    void randomStoresAnywhereInARingHarmNobody(@ForAll long seed) {
        final Random random = new Random(seed);
        try (Fixture f = new Fixture()) {
            for (int round = 0; round < 30; round++) {
                for (int i = random.nextInt(20); i > 0; i--) {
                    Messages.send(f.from, f.peer, i, random.nextInt(2000));
                }
                for (int i = random.nextInt(50); i > 0; i--) {
                    final int at = random.nextBoolean() ? random.nextInt(512) : random.nextInt(RING / 4 + RingDescriptor.DATA_OFFSET);
                    Memory.putLong(f.ring.address() + (at & -8), random.nextBoolean() ? random.nextLong() : random.nextInt(70_000));
                }
                f.drain();
            }
            f.sending.tick(0);
            f.receiving.tick(0);
            final int fresh = f.sending.lookup("to");
            assertThat(fresh).isGreaterThanOrEqualTo(0);
        }
    }

    @Property(tries = 60)
    void randomStoresInAReceiversControlFilesHarmNobody(@ForAll long seed) throws Exception {
        final Random random = new Random(seed);
        try (Fixture f = new Fixture()) {
            final Mapping control = Mapping.open(f.receiving.self().directory() + "/control");
            final Mapping headers = Mapping.open(f.receiving.self().directory() + "/h0");
            for (int round = 0; round < 30; round++) {
                for (int i = 0; i < 20; i++) {
                    Memory.putLong(headers.address() + (random.nextInt(8 * ViHeader.BYTES) & -8), random.nextLong());
                    Memory.putLong(control.address() + (random.nextInt((int) control.length()) & -8), random.nextLong());
                }
                Messages.send(f.from, f.peer, round, 100);
                f.to.poll(f.events, 16);
                f.to.release(f.events);
                f.receiving.collectReady(vi -> { });
                f.sending.lookup("to");
            }
            control.unmap();
            headers.unmap();
        }
    }

    /** Everything that this process may have written is overwritten, and everybody looks at it; then a second passes. */
    @Property(tries = 20)
    void scribbledControlFilesHeal(@ForAll long seed) throws Exception {
        final Random random = new Random(seed);
        try (Fixture f = new Fixture(); ShmDomain stranger = f.directory.open(); ShmWaiter waiter = f.receiving.openWaiter()) {
            assertThat(f.to.arm(waiter)).isTrue();
            final Mapping control = Mapping.open(f.receiving.self().directory() + "/control");
            final Mapping headers = Mapping.open(f.receiving.self().directory() + "/h0");
            for (long at = 0; at < control.length(); at += Long.BYTES) {
                Memory.putLong(control.address() + at, random.nextLong());
            }
            for (long at = 0; at < 8 * ViHeader.BYTES; at += Long.BYTES) {
                Memory.putLong(headers.address() + at, random.nextLong());
            }
            assertThat(stranger.lookup("to")).as("a control file without its magic").isEqualTo(ShmDomain.UNREACHABLE);
            assertThat(f.sending.lookup("to")).as("who had it open already takes the owner for closed").isEqualTo(ShmDomain.ABSENT);
            f.receiving.tick(0);
            assertThat(stranger.lookup("to")).isNotNegative();
            f.worksAgain();
            f.receiving.collectReady(vi -> { });
            Messages.send(f.from, f.sending.lookup("to"), 1, 10);
            assertThat(f.receiving.collectReady(vi -> assertThat(vi).isSameAs(f.to))).as("armed as before").isEqualTo(1);
            assertThat(f.drain()).isEqualTo(1);
            f.to.disarm(waiter);
            control.unmap();
            headers.unmap();
        }
    }

    /** Readers that know the table already, and one that came while it was spoilt. */
    @Property(tries = 20)
    void overwrittenNamesComeBack(@ForAll long seed) throws Exception {
        final Random random = new Random(seed);
        try (Fixture f = new Fixture()) {
            for (final String file : List.of("/names", "/names0")) {
                final Mapping table = Mapping.open(f.receiving.self().directory() + file);
                for (long at = 0; at < table.length(); at += Long.BYTES) {
                    Memory.putLong(table.address() + at, random.nextLong());
                }
                table.unmap();
            }
            assertThat(f.sending.lookup("to")).isEqualTo(ShmDomain.ABSENT);
            try (ShmDomain stranger = f.directory.open()) {
                assertThat(stranger.lookup("to")).as("a table without its magic").isEqualTo(ShmDomain.ABSENT);
                final long before = stranger.version(stranger.stripe("to"));
                f.receiving.tick(0);
                assertThat(stranger.version(stranger.stripe("to"))).as("whoever remembers the answer asks again").isNotEqualTo(before);
                assertThat(stranger.lookup("to")).isNotNegative();
            }
            f.worksAgain();
            f.receiving.publish(f.to, "too");
            f.receiving.withdraw(f.to, "to");
            assertThat(f.sending.lookup("to")).isEqualTo(ShmDomain.ABSENT);
            assertThat(f.sending.lookup("too")).isNotNegative();
        }
    }

    @Test
    void filesThatAreNoRingsAreLeftOutAndCounted() throws IOException {
        try (Fixture f = new Fixture()) {
            final Path short1 = f.viDirectory().resolve("00000000000000a1");
            final Path unfinished = f.viDirectory().resolve("00000000000000a2");
            final Path wrongSize = f.viDirectory().resolve("00000000000000a3");
            Files.write(short1, new byte[100]);
            Files.write(unfinished, new byte[RingDescriptor.DATA_OFFSET + RING]);
            final byte[] magicOnly = new byte[RingDescriptor.DATA_OFFSET + RING / 2];
            java.nio.ByteBuffer.wrap(magicOnly).order(java.nio.ByteOrder.nativeOrder()).putLong(RingDescriptor.MAGIC);
            Files.write(wrongSize, magicOnly);
            Files.createFile(f.viDirectory().resolve("00000000000000a4"));
            Files.createDirectory(f.viDirectory().resolve("00000000000000a5"));
            Files.createSymbolicLink(f.viDirectory().resolve("00000000000000a6"), f.ringPath());
            Files.createFile(f.viDirectory().resolve("junk"));
            f.to.rings().touch();
            f.worksAgain();
            assertThat(f.to.ringCount()).isEqualTo(1);
            assertThat(f.to.corruptRings()).isEqualTo(1);
            assertThat(Files.exists(wrongSize)).isFalse();
        }
    }

    @Test
    void aReceiverThatAsksForAnImpossibleRingIsUnreachable() throws Exception {
        try (SharedDirectory directory = new SharedDirectory(); ShmDomain one = directory.open(); ShmDomain two = directory.open()) {
            final ShmVirtualInterface vi = one.openVi(RING);
            one.publish(vi, "x");
            for (final int bytes : new int[] {0, -1, 4096, RING + 1, 1 << 30, Integer.MIN_VALUE}) {
                Memory.putIntVolatile(vi.header() + ViHeader.RING_BYTES_OFFSET, bytes);
                assertThat(two.lookup("x")).isEqualTo(ShmDomain.UNREACHABLE);
            }
            Files.write(Path.of(one.self().directory(), "h0"), new byte[10]);
            try (ShmDomain three = directory.open()) {
                assertThat(three.lookup("x")).isEqualTo(ShmDomain.UNREACHABLE);
            }
            Files.delete(Path.of(one.self().directory(), "control"));
            try (ShmDomain four = directory.open()) {
                assertThat(four.lookup("x")).isNegative();
            }
        }
    }
}
