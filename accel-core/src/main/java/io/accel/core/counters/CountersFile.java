package io.accel.core.counters;

import io.accel.core.config.Configuration;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * What a counters file of this or another process holds now.
 *
 * @param process process id in its own pid namespace
 * @param values  by label, in the order of allocation; counters with the same label are added
 */
public record CountersFile(long process, Map<String, Long> values) {
    /** Reads a file; a damaged one is an {@link IOException}. */
    public static CountersFile read(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            final long size = file.size();
            final MappedByteBuffer bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(size, Integer.MAX_VALUE));
            bytes.order(ByteOrder.nativeOrder());
            final long header = CountersDescriptor.HEADER_BYTES;
            if (size < header || bytes.getInt(CountersDescriptor.MAGIC_OFFSET) != CountersDescriptor.MAGIC
                || bytes.getInt(CountersDescriptor.VERSION_OFFSET) != CountersDescriptor.VERSION) {
                throw new IOException(path + " is no counters file of this version");
            }
            final int metadata = bytes.getInt(CountersDescriptor.METADATA_BYTES_OFFSET);
            final int values = bytes.getInt(CountersDescriptor.VALUE_BYTES_OFFSET);
            if (metadata < 0 || values < 0 || header + metadata + values > size) {
                throw new IOException(path + " is damaged: it is shorter than its header says");
            }
            final UnsafeBuffer whole = new UnsafeBuffer(bytes);
            final Map<String, Long> found = new LinkedHashMap<>();
            new CountersReader(new UnsafeBuffer(whole, (int) header, metadata), new UnsafeBuffer(whole, (int) header + metadata, values))
                .forEach((value, id, label) -> found.merge(label, value, Long::sum));
            return new CountersFile(bytes.getLong(CountersDescriptor.PROCESS_OFFSET), found);
        } catch (final IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException(path + " is damaged", e);
        }
    }

    /** The files of this user's processes, dead ones that nobody has removed yet included. */
    public static List<Path> list(Configuration configuration, int user) throws IOException {
        final Path directory = Path.of(CountersDirectory.path(configuration, user));
        final List<Path> files = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + CountersDirectory.FILE)) {
                entries.forEach(files::add);
            }
        }
        return files;
    }
}
