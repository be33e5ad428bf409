package io.accel.tools.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.accel.core.config.Configuration;
import io.accel.core.counters.StateFiles;
import io.accel.tools.ToolException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The processes with Accel that this user may look into, by what they tell in their state files. */
public final class Processes {
    /** What to say when there are none. */
    public static final String NONE = "No process with Accel is known here: one is listed from its first UDP channel on.";

    private static final int FORMAT = 1;
    /** A process tells its state once a second, and on a busy machine later. */
    private static final long FIRST_WORD_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final StateFiles files;
    private final Consumer<String> complaints;

    /** Complaints go to standard error. */
    public Processes(Configuration configuration) {
        this(configuration, complaint -> System.err.println("accel: " + complaint));
    }

    /** @param complaints takes what is wrong with files that are left out */
    public Processes(Configuration configuration, Consumer<String> complaints) {
        files = new StateFiles(configuration);
        this.complaints = complaints;
    }

    /** All of them, the longest unheard of first; a file that is no state is complained of and left out. */
    public List<ProcessState> all() throws IOException {
        return read(complaints);
    }

    private List<ProcessState> read(Consumer<String> complainTo) throws IOException {
        final List<ProcessState> found = new ArrayList<>();
        final long now = System.currentTimeMillis();
        for (final StateFiles.Entry each : files.list()) {
            try (InputStream in = Files.newInputStream(each.path(), LinkOption.NOFOLLOW_LINKS)) {
                final JsonNode root = PlainText.of(MAPPER.readTree(in));
                if (root.path("format").asInt() == FORMAT) {
                    found.add(new ProcessState(root, each.user(), each.alive(), Math.max(now - root.path("written").asLong(), 0),
                        each.capture()));
                } else {
                    complainTo.accept(each.path() + " is of another version of Accel and left out");
                }
            } catch (final NoSuchFileException ended) {
                // Between the list and the look; it took its state along.
            } catch (final JsonProcessingException e) {
                complainTo.accept(each.path() + " is damaged and left out: " + e.getOriginalMessage());
            }
        }
        return found;
    }

    /** Those that a user asks for. @param pid null: all */
    public List<ProcessState> select(Long pid) throws IOException {
        return pid == null ? all() : await(pid).stream().filter(each -> each.pid() == pid).toList();
    }

    /**
     * Waits for one, since a process that has just been started is given time to tell what it has.
     *
     * @return all that there are then
     * @throws ToolException when it is not among them
     */
    public List<ProcessState> await(long pid) throws IOException {
        List<ProcessState> all = all();
        final long start = System.nanoTime();
        while (!isAmong(all, pid) && ProcessHandle.of(pid).isPresent() && System.nanoTime() - start < FIRST_WORD_NANOS) {
            LockSupport.parkNanos(PAUSE_NANOS);
            all = read(complainedAlready -> { });
        }
        if (!isAmong(all, pid)) {
            throw new ToolException("no process " + pid + " with Accel is known here; " + (all.isEmpty() ? "there is none at all"
                : "there are " + all.stream().map(ProcessState::pid).sorted().map(String::valueOf).collect(Collectors.joining(", ")))
                + ". A process is listed from its first UDP channel on, and its owner or root may look."
                + " One that lacks the native library tells it in its log alone.");
        }
        return all;
    }

    private static boolean isAmong(List<ProcessState> all, long pid) {
        return all.stream().anyMatch(each -> each.pid() == pid);
    }

    /** The documents of processes as one, indented. */
    public static String json(List<ProcessState> processes) throws IOException {
        final var array = MAPPER.createArrayNode();
        for (final ProcessState each : processes) {
            array.addObject().put("user", each.user()).put("condition", each.condition()).put("ageMillis", each.age())
                .set("state", each.root());
        }
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(array) + "\n";
    }
}
