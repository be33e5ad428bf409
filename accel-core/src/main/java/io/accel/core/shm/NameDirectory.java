package io.accel.core.shm;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Errno;
import io.accel.core.natives.ErrnoException;
import io.accel.core.natives.Posix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which VI owns which name. Each process has a table that it alone writes ({@link NameTable}); together they are the directory. A version
 * word per stripe of names tells those who cache an answer when to ask again, and one more when processes came or went.
 */
final class NameDirectory {
    static final int STRIPES = 256;
    private static final int STRIPE_BYTES = 64;
    /** In the first stripe's line. */
    static final int PROCESSES_OFFSET = 8;

    private final ShmRoot root;
    private final Mapping versions;
    private final Map<Long, NameTableReader> readers = new HashMap<>();
    private long seenProcesses;
    /** Whether the readers are those of the processes that there were at {@link #seenProcesses}. */
    private boolean seen;
    private NameTable own;

    private NameDirectory(ShmRoot root, Mapping versions) {
        this.root = root;
        this.versions = versions;
    }

    /** Opens it, making what is missing; under the root's lock. */
    static NameDirectory open(ShmRoot root) throws ErrnoException {
        final String path = root.path() + "/version";
        if (Posix.ownerAndMode(path) >= 0) {
            try {
                final Mapping existing = Mapping.open(path);
                if (existing.length() == STRIPES * STRIPE_BYTES) {
                    return new NameDirectory(root, existing);
                }
                existing.unmap();
            } catch (final ErrnoException e) {
                if (e.errno() != Errno.EINVAL) {
                    throw e;
                }
            }
            // Its maker died before it had its size: nobody can have mapped it.
            Posix.unlink(path);
        }
        return new NameDirectory(root, Mapping.create(path, STRIPES * STRIPE_BYTES));
    }

    static void checkName(String name) {
        boolean good = !name.isEmpty() && name.length() <= NameTableDescriptor.MAX_NAME && name.charAt(0) != '.';
        for (int i = 0; good && i < name.length(); i++) {
            final char c = name.charAt(i);
            good = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '.';
        }
        if (!good) {
            throw new IllegalArgumentException("'" + name + "' is not a name of 1 to 128 of 0-9, a-z and '.', not starting with '.'");
        }
    }

    static int stripe(String name) {
        final int dot = name.lastIndexOf('.');
        final int hash = (dot < 0 ? name : name.substring(0, dot)).hashCode() * 0x9E3779B1;
        return hash >>> 24;
    }

    long version(int stripe) {
        return Memory.getLongAcquire(versionAddress(stripe));
    }

    private long versionAddress(int stripe) {
        return versions.address() + (long) (stripe & STRIPES - 1) * STRIPE_BYTES;
    }

    /** Has those who cache an answer on a name of its stripe look again. */
    void changed(String name) {
        Memory.getAndAddLong(versionAddress(stripe(name)), 1);
    }

    /** Processes came or went, and with the latter whatever they had published. */
    void processesChanged() {
        Memory.getAndAddLong(versions.address() + PROCESSES_OFFSET, 1);
    }

    /** Makes this process's table; others find it from now on. */
    void join(String processDirectory) throws ErrnoException {
        own = NameTable.create(tablePath(processDirectory));
        processesChanged();
    }

    /** Adds an entry of this process; the domain's lock is held. */
    void publish(String name, NameEntry entry) throws ErrnoException {
        if (own.add(name, entry)) {
            changed(name);
        }
    }

    /** Removes an entry of this process, if it is there; the domain's lock is held. */
    void withdraw(String name, NameEntry entry) {
        if (own.remove(name, entry)) {
            changed(name);
        }
    }

    /** All entries of a name, of dead owners too. @throws ErrnoException when a table cannot be mapped, so that some may be missing */
    synchronized List<NameEntry> entries(String name) throws ErrnoException {
        final long processes = Memory.getLongAcquire(versions.address() + PROCESSES_OFFSET);
        if (!seen || processes != seenProcesses) {
            readTables();
            seenProcesses = processes;
            seen = true;
        }
        final List<NameEntry> entries = new ArrayList<>();
        for (final NameTableReader reader : readers.values()) {
            reader.find(name, entries);
        }
        return entries;
    }

    private void readTables() throws ErrnoException {
        final long[] ids = root.processes();
        readers.entrySet().removeIf(known -> {
            final boolean gone = Arrays.stream(ids).noneMatch(id -> id == known.getKey());
            if (gone) {
                known.getValue().unmap();
            }
            return gone;
        });
        for (final long id : ids) {
            if (!readers.containsKey(id)) {
                // One that is not finished yet says so by the processes' word when it is.
                final NameTableReader reader = NameTableReader.open(id, tablePath(root.processDirectory(id)));
                if (reader != null) {
                    readers.put(id, reader);
                }
            }
        }
    }

    private static String tablePath(String processDirectory) {
        return processDirectory + "/names";
    }

    /**
     * Stores this process's names again where somebody else has overwritten them, and has the next look-up see which processes there are,
     * whatever became of the word that tells of a change. The domain's lock is held. @return false: nobody had overwritten anything
     */
    boolean repair() {
        lookAgain();
        return own.repair();
    }

    private synchronized void lookAgain() {
        seen = false;
    }

    /** Every cached answer may be wrong: dead processes were removed, or what had been overwritten is as it should be again. */
    void changedAltogether() {
        processesChanged();
        for (int i = 0; i < STRIPES; i++) {
            Memory.getAndAddLong(versionAddress(i), 1);
        }
    }

    synchronized void unmap() {
        readers.values().forEach(NameTableReader::unmap);
        readers.clear();
        if (own != null) {
            own.unmap();
        }
        versions.unmap();
    }
}
