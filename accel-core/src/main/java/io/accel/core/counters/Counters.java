package io.accel.core.counters;

import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.natives.Errno;
import io.accel.core.natives.Natives;
import io.accel.core.natives.Posix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

/**
 * This process's counters: in a mapped file that others can read, or in plain memory where there can be no file. It never fails, and a
 * counter always counts. Any thread.
 */
public final class Counters implements AutoCloseable {
    private static final int COUNT = 512;
    private static final int METADATA_BYTES = COUNT * CountersReader.METADATA_LENGTH;
    private static final int VALUE_BYTES = COUNT * CountersReader.COUNTER_LENGTH;
    private static final int FILE_BYTES = CountersDescriptor.HEADER_BYTES + METADATA_BYTES + VALUE_BYTES;
    private static final int ATTEMPTS = 16;
    private static final int UNLISTED = -1;

    private final MemoryRegion memory;
    private final CountersManager manager;
    private final long values;
    private final String complaint;
    private final CountersDirectory directory;
    private final String name;
    private final int lock;
    /** Where closed counters count. */
    private final MemoryRegion nowhere = MemoryRegion.allocate(0, Long.BYTES);
    private boolean closed;

    private Counters(MemoryRegion memory, CountersDirectory directory, String name, int lock, String complaint) {
        this.memory = memory;
        this.directory = directory;
        this.name = name;
        this.lock = lock;
        this.complaint = complaint;
        final UnsafeBuffer whole = new UnsafeBuffer(memory.buffer());
        final int valuesOffset = CountersDescriptor.HEADER_BYTES + METADATA_BYTES;
        manager = new CountersManager(new UnsafeBuffer(whole, CountersDescriptor.HEADER_BYTES, METADATA_BYTES),
            new UnsafeBuffer(whole, valuesOffset, VALUE_BYTES), StandardCharsets.US_ASCII);
        values = memory.address() + valuesOffset;
        final long header = memory.address();
        Memory.putInt(header + CountersDescriptor.VERSION_OFFSET, CountersDescriptor.VERSION);
        Memory.putLong(header + CountersDescriptor.PROCESS_OFFSET, ProcessHandle.current().pid());
        Memory.putInt(header + CountersDescriptor.METADATA_BYTES_OFFSET, METADATA_BYTES);
        Memory.putInt(header + CountersDescriptor.VALUE_BYTES_OFFSET, VALUE_BYTES);
        Memory.putIntRelease(header + CountersDescriptor.MAGIC_OFFSET, CountersDescriptor.MAGIC);
    }

    /** Opens the file, where the options and the machine allow one, and removes those of dead processes. */
    public static Counters open(Configuration configuration) {
        if (!configuration.get(Options.COUNTERS).equals("on")) {
            return inMemory(null);
        }
        if (!Natives.isAvailable()) {
            return inMemory("there is no native library");
        }
        try {
            final CountersDirectory directory = CountersDirectory.open(configuration);
            directory.reap();
            return inFile(directory);
        } catch (final IOException e) {
            return inMemory(e.getMessage());
        }
    }

    private static Counters inMemory(String complaint) {
        return new Counters(MemoryRegion.allocate(0, FILE_BYTES), null, null, -1, complaint);
    }

    private static Counters inFile(CountersDirectory directory) throws IOException {
        final SecureRandom random = new SecureRandom();
        for (int i = 0; i < ATTEMPTS; i++) {
            final String name = ProcessHandle.current().pid() + "-" + Long.toHexString(random.nextLong());
            final int lock = directory.lock(name);
            if (lock == -Errno.EAGAIN) {
                continue;
            }
            if (lock < 0) {
                throw new IOException("cannot lock a counters file: " + Errno.text(lock));
            }
            try {
                return new Counters(map(directory.file(name)), directory, name, lock, null);
            } catch (final IOException e) {
                directory.remove(name);
                Posix.close(lock);
                throw e;
            }
        }
        throw new IOException("no counters file could be locked");
    }

    private static MemoryRegion map(String file) throws IOException {
        final long result = Memory.allocateAligned(2 * Long.BYTES, Long.BYTES);
        try {
            final int error = Posix.mapFile(file, FILE_BYTES, FILE_BYTES, result);
            if (error != 0) {
                throw new IOException("cannot map " + file + ": " + Errno.text(error));
            }
            final long address = Memory.getLong(result);
            final ByteBuffer buffer = Posix.wrap(address, FILE_BYTES);
            return new MemoryRegion(0, address, FILE_BYTES, buffer);
        } finally {
            Memory.freeAligned(result);
        }
    }

    /**
     * Makes a counter that starts at 0. Past the room in the file it counts all the same, unseen by others.
     *
     * @param label what it counts, ASCII; what goes beyond 380 characters is cut off
     */
    public synchronized Counter allocate(String label) {
        final int id;
        try {
            id = manager.allocate(label.substring(0, Math.min(label.length(), CountersReader.MAX_LABEL_LENGTH)));
        } catch (final IllegalStateException e) {
            final MemoryRegion word = MemoryRegion.allocate(0, Long.BYTES);
            return new Counter(this, label, UNLISTED, word, word.address());
        }
        return new Counter(this, label, id, memory, values + CountersReader.counterOffset(id));
    }

    synchronized void free(Counter counter) {
        if (counter.moveTo(nowhere.address()) && counter.id() != UNLISTED) {
            manager.free(counter.id());
        }
    }

    /** The file, while it exists. */
    public Optional<String> file() {
        return directory == null ? Optional.empty() : Optional.of(directory.file(name));
    }

    /** Where this process tells its state; empty where there is no file of counters either. */
    public Optional<StateFile> state() {
        return directory == null ? Optional.empty() : Optional.of(new StateFile(directory.state(name)));
    }

    /** Where this process shows its packets to who asks; empty where there is no file of counters either. */
    public Optional<CaptureFiles> capture() {
        return directory == null ? Optional.empty() : Optional.of(directory.capture(name));
    }

    /** Why there is no file although one was wanted. */
    public Optional<String> complaint() {
        return Optional.ofNullable(complaint);
    }

    /** Removes the files. Counters go on to count unseen, since threads may still use them: the memory stays until the process ends. */
    @Override
    public synchronized void close() {
        if (!closed && directory != null) {
            directory.remove(name);
            Posix.close(lock);
        }
        closed = true;
    }
}
