package io.accel.core.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.vi.EventBatch;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two JVMs, one of which is killed at any moment. */
@Timeout(60)
class ShmProcessesTest {
    private static final int KILLS = 4;

    private final SharedDirectory directory = new SharedDirectory();
    private final EventBatch events = new EventBatch(64);
    private final Random random = new Random(42);
    private ShmDomain domain;
    private ShmVirtualInterface vi;
    private long last;
    private long received;

    @BeforeEach
    void open() throws Exception {
        domain = directory.open();
        vi = domain.openVi(ShmDomain.DEFAULT_RING_BYTES);
    }

    @AfterEach
    void close() {
        domain.close();
        events.close();
        assertThat(directory.files()).isEmpty();
        directory.close();
    }

    private int poll() {
        final int n = vi.poll(events, 64);
        for (int i = 0; i < n; i++) {
            final long number = Messages.number(events, i);
            assertThat(number).isGreaterThan(last);
            assertThat(events.length(i)).isEqualTo(8 + (int) (number * 7919 % 3000));
            last = number;
        }
        received += n;
        vi.release(events);
        return n;
    }

    private static String line(Process process) throws Exception {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII)).readLine();
    }

    @Test
    void countsAgreeAcrossProcesses() throws Exception {
        domain.publish(vi, "to");
        final Process sender = ShmPeer.start("send", directory, "to");
        last = -1;
        while (received < 200_000) {
            poll();
        }
        sender.getOutputStream().write('\n');
        sender.getOutputStream().flush();
        while (sender.isAlive()) {
            poll();
        }
        while (poll() > 0) {
            continue;
        }
        final String[] counts = line(sender).split(" ");
        assertThat(received).isEqualTo(Long.parseLong(counts[0]));
        assertThat(vi.lostRingFull()).isEqualTo(Long.parseLong(counts[1]));
        assertThat(vi.corruptRings()).isZero();
    }

    @Test
    void aKilledSenderLeavesWholeMessagesAndNothingElse() throws Exception {
        domain.publish(vi, "to");
        for (int kill = 0; kill < KILLS; kill++) {
            final Process sender = ShmPeer.start("send", directory, "to");
            last = -1;
            final long until = received + 1 + random.nextInt(100_000);
            while (received < until) {
                poll();
            }
            sender.destroyForcibly().waitFor();
            domain.tick(TimeUnit.SECONDS.toNanos(2L * kill));
            while (poll() > 0) {
                continue;
            }
            assertThat(vi.ringCount()).isZero();
            assertThat(directory.files().stream().filter(f -> f.matches("[^/]*/p-[^/]*"))).hasSize(1);
        }
        assertThat(vi.corruptRings()).isZero();
    }

    @Test
    void aKilledReceiverIsFoundOutAndReaped() throws Exception {
        long now = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            assertThat(domain.lookup("far")).isEqualTo(ShmDomain.ABSENT);
            final Process receiver = ShmPeer.start("receive", directory, "far");
            assertThat(line(receiver)).isEqualTo("ready");
            final int peer = domain.lookup("far");
            assertThat(peer).isNotNegative();
            final long until = vi.transmitted() + 1 + random.nextInt(100_000);
            while (vi.transmitted() < until) {
                Messages.send(vi, peer, 1, 500);
            }
            receiver.destroyForcibly().waitFor();
            Messages.send(vi, peer, 1, 500);
            final long version = domain.version(domain.stripe("far"));
            now += TimeUnit.SECONDS.toNanos(2);
            domain.tick(now);
            assertThat(domain.version(domain.stripe("far"))).isNotEqualTo(version);
            assertThat(domain.peerCount()).isZero();
            final long gone = vi.droppedPeerGone();
            assertThat(Messages.send(vi, peer, 1, 500)).isFalse();
            assertThat(vi.droppedPeerGone()).isEqualTo(gone + 1);
            assertThat(directory.files().stream().filter(f -> f.matches("[^/]*/(p-|names/)[^/]*"))).hasSize(1);
        }
    }

    @Test
    void theNextToOpenReapsWhatAKilledProcessLeft() throws Exception {
        final Process receiver = ShmPeer.start("receive", directory, "far");
        assertThat(line(receiver)).isEqualTo("ready");
        receiver.destroyForcibly().waitFor();
        try (ShmDomain next = directory.open()) {
            assertThat(directory.files().stream().filter(f -> f.matches("[^/]*/p-[^/]*"))).hasSize(2);
            assertThat(next.lookup("far")).isEqualTo(ShmDomain.ABSENT);
        }
    }
}
