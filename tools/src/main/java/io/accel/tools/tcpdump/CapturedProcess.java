package io.accel.tools.tcpdump;

import io.accel.core.capture.CaptureReader;
import io.accel.core.capture.CapturedPacket;
import io.accel.core.counters.CaptureFiles;
import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;
import io.accel.tools.ToolException;
import io.accel.udp.tap.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that is asked for its packets, for as long as this is open. One thread. */
final class CapturedProcess implements AutoCloseable {
    /** What takes the packets. @return false: no more */
    interface Taker {
        boolean take(CapturedInterface from, CapturedPacket record) throws IOException;
    }

    private final long pid;
    private final CaptureFiles files;
    private final int snap;
    private final int lock;
    private final long since;
    private final CapturedInterface[] interfaces = new CapturedInterface[CaptureReader.lanes()];
    private CaptureReader reader;
    private boolean running;
    /** Whether it did capture, so that what it tells of missed packets is of this capture. */
    private boolean begun;
    /** What is wrong with its ring, or null. */
    private String damage;

    private CapturedProcess(long pid, CaptureFiles files, int snap, int lock) {
        this.pid = pid;
        this.files = files;
        this.snap = snap;
        this.lock = lock;
        this.since = System.currentTimeMillis() * 1_000_000L;
    }

    /** Asks. @throws ToolException when another tool has asked already, or this user may not */
    static CapturedProcess ask(long pid, CaptureFiles files, int snap) throws ToolException {
        final int lock = Posix.isLocked(files.request()) < 0 ? -Errno.ENOENT : Posix.lockFile(files.request());
        if (lock < 0) {
            throw new ToolException(lock == -Errno.EAGAIN ? "process " + pid + " is being captured already"
                : "process " + pid + " cannot be asked for its packets: " + Errno.text(lock));
        }
        return new CapturedProcess(pid, files, snap, lock);
    }

    long pid() {
        return pid;
    }

    /**
     * Whether the process has begun to capture; it looks once a second whether it is asked.
     *
     * @throws IOException when its ring is not to be read
     */
    boolean isRunning() throws IOException {
        if (damage != null) {
            throw new IOException(damage);
        }
        if (reader == null) {
            reader = CaptureReader.open(files.ring(), Verdict.FINGERPRINT).orElse(null);
        }
        if (isCutShort()) {
            cutShort();
            throw new IOException(damage);
        }
        final boolean before = running;
        running = reader != null && reader.isRunning();
        if (running && !before) {
            reader.snap(snap);
            begun = true;
        }
        return running;
    }

    /** Looked at before its memory is, since the JVM tells of memory that is gone only later, and wherever it is then. */
    private boolean isCutShort() throws IOException {
        try {
            return reader != null && Files.size(Path.of(files.ring())) < reader.length();
        } catch (final NoSuchFileException ended) {
            // It is no file any more and is still mapped.
            return false;
        }
    }

    /**
     * Takes what there is, up to a number.
     *
     * @return how many, of which the taker may have left the last
     */
    int drain(CapturedPacket record, int most, Taker taker) throws IOException {
        int taken = 0;
        while (running && taken < most && next(record)) {
            taken++;
            final CapturedInterface from = interfaceOf(record.lane());
            // What is older is of a tool before this one that has died.
            if (from != null && record.stamp() >= since && !taker.take(from, record)) {
                break;
            }
        }
        return taken;
    }

    /** A ring that another process has spoiled is this process's trouble alone. */
    private boolean next(CapturedPacket record) {
        try {
            return reader.next(record);
        } catch (final IOException e) {
            damage = e.getMessage();
        } catch (final InternalError e) {
            // How the JVM tells of a mapped file that was cut short.
            cutShort();
        }
        running = false;
        return false;
    }

    private void cutShort() {
        running = false;
        damage = files.ring() + " was cut short";
    }

    private CapturedInterface interfaceOf(int number) {
        if (interfaces[number] == null) {
            final CaptureReader.Lane lane = reader.lane(number);
            interfaces[number] = lane == null ? null : new CapturedInterface(pid, lane);
        }
        return interfaces[number];
    }

    /** Its interfaces so far, with what they missed up to now. */
    List<CapturedInterface> interfaces() {
        final List<CapturedInterface> known = new ArrayList<>();
        for (int i = 0; reader != null && i < interfaces.length; i++) {
            final CapturedInterface each = damage == null ? interfaceOf(i) : interfaces[i];
            if (each != null) {
                each.missed(damage == null && begun ? reader.missed(i) : each.missed());
                known.add(each);
            }
        }
        return known;
    }

    /** Asks no longer. What is in the ring stays unread. */
    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
        Posix.close(lock);
    }
}
