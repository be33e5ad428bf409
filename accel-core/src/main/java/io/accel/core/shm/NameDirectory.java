package io.accel.core.shm;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;
import java.io.File;
import java.util.ArrayList;
import java.util.List;

/**
 * Which VI owns which name. The file system is the table, so that a process that dies in the middle leaves at worst an entry of a dead
 * owner, which whoever meets it removes. A version word per stripe of names tells those who cache an answer when to ask again.
 */
final class NameDirectory {
    static final int STRIPES = 256;
    private static final int STRIPE_BYTES = 64;
    private static final int MAX_NAME = 128;
    private static final int RETRIES = 100;

    private final ShmRoot root;
    private final Mapping versions;

    private NameDirectory(ShmRoot root, Mapping versions) {
        this.root = root;
        this.versions = versions;
    }

    /** Opens it, making what is missing; under the root's lock. */
    static NameDirectory open(ShmRoot root) throws ErrnoException {
        final String names = root.path() + "/names";
        final int made = Posix.mkdir(names, 0700);
        if (made != -Errno.EEXIST) {
            ErrnoException.check(made, names);
        }
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
        boolean good = !name.isEmpty() && name.length() <= MAX_NAME && name.charAt(0) != '.';
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

    /** Adds an entry. The reaper's note comes first and goes last, so that every entry of a dead process is on its list. */
    void publish(String name, NameEntry entry) throws ErrnoException {
        final String note = note(name, entry);
        createLink(note);
        final String directory = directory(name);
        int result = -Errno.ENOENT;
        // Somebody who withdraws the last entry of the name may remove the directory between our two calls.
        for (int i = 0; i < RETRIES && result == -Errno.ENOENT; i++) {
            final int made = Posix.mkdir(directory, 0700);
            if (made != -Errno.EEXIST && made < 0) {
                result = made;
                break;
            }
            result = Posix.symlink("-", directory + "/" + entry.file());
        }
        if (result < 0 && result != -Errno.EEXIST) {
            Posix.unlink(note);
            throw new ErrnoException(-result, directory);
        }
        changed(name);
    }

    /** Whether an entry is there. */
    boolean isPublished(String name, NameEntry entry) {
        return Posix.ownerAndMode(directory(name) + "/" + entry.file()) >= 0;
    }

    private static void createLink(String path) throws ErrnoException {
        final int result = Posix.symlink("-", path);
        if (result != -Errno.EEXIST) {
            ErrnoException.check(result, path);
        }
    }

    /** Removes an entry, also one of a dead process; nothing happens when it is not there. */
    void withdraw(String name, NameEntry entry) {
        final String directory = directory(name);
        final int removed = Posix.unlink(directory + "/" + entry.file());
        Posix.rmdir(directory);
        Posix.unlink(note(name, entry));
        if (removed == 0) {
            changed(name);
        }
    }

    /** All entries of a name, of dead owners too. */
    List<NameEntry> entries(String name) {
        final String[] files = new File(directory(name)).list();
        final List<NameEntry> entries = new ArrayList<>();
        if (files != null) {
            for (final String file : files) {
                final NameEntry entry = NameEntry.parse(file);
                if (entry != null) {
                    entries.add(entry);
                }
            }
        }
        return entries;
    }

    /** Removes whatever a dead process published. */
    void withdrawAll(long process) {
        final String[] notes = new File(root.processDirectory(process) + "/n").list();
        if (notes == null) {
            return;
        }
        for (final String note : notes) {
            final int generationDot = note.lastIndexOf('.');
            final int viDot = generationDot < 0 ? -1 : note.lastIndexOf('.', generationDot - 1);
            final NameEntry entry = viDot < 1 ? null : NameEntry.parse(Ids.text(process) + note.substring(viDot));
            if (entry != null) {
                withdraw(note.substring(0, viDot), entry);
            }
        }
    }

    private String directory(String name) {
        return root.path() + "/names/" + name;
    }

    private String note(String name, NameEntry entry) {
        return root.processDirectory(entry.process()) + "/n/" + name + "." + entry.vi() + "." + entry.generation();
    }

    void unmap() {
        versions.unmap();
    }
}
