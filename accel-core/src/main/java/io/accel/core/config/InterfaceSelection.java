package io.accel.core.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What {@code accel.interfaces} says.
 *
 * @param mode       whether the interfaces are listed
 * @param entries    those listed and good, in the order given
 * @param complaints what is wrong with the others, one sentence each
 */
public record InterfaceSelection(Mode mode, List<Entry> entries, List<String> complaints) {
    /** Datapaths that may be named. */
    public static final List<String> DATAPATHS = List.of("afxdp", "efvi", "shm");
    /** Bytes of an interface's name without the final NUL: IFNAMSIZ in linux/if.h. */
    private static final int MAX_NAME = 15;
    private static final Pattern CLUSTER = Pattern.compile("\\d{1,3}@[\\w.-]{1,40}");

    /** How interfaces are chosen. */
    public enum Mode {
        /** Shared memory for local addresses, and what the interfaces' drivers offer without harm. */
        AUTO,
        /** Nothing is accelerated. */
        NONE,
        /** Those of the list, and no others. */
        LIST
    }

    /** An interface and the datapath for it. */
    public record Entry(String interfaceName, String datapath) {
    }

    public InterfaceSelection {
        entries = List.copyOf(entries);
        complaints = List.copyOf(complaints);
    }

    /** Whether a name is that of a member of an ef_vi cluster, {@code N@cluster}, and not of an interface. */
    public static boolean isCluster(String name) {
        return CLUSTER.matcher(name).matches();
    }

    /** Of a configuration, whose {@link Configuration#complaints()} hold the complaints too. */
    public static InterfaceSelection of(Configuration configuration) {
        return parse(configuration.get(Options.INTERFACES));
    }

    /** Never fails: what cannot be understood is left out and complained of. */
    public static InterfaceSelection parse(String text) {
        final String list = text.strip();
        if (list.isEmpty() || list.equals("auto")) {
            return new InterfaceSelection(Mode.AUTO, List.of(), List.of());
        }
        if (list.equals("none")) {
            return new InterfaceSelection(Mode.NONE, List.of(), List.of());
        }
        final List<Entry> entries = new ArrayList<>();
        final List<String> complaints = new ArrayList<>();
        final Set<String> names = new HashSet<>();
        for (final String part : list.split(",", -1)) {
            final String given = part.strip();
            final int colon = given.lastIndexOf(':');
            final String name = colon < 0 ? given : given.substring(0, colon).strip();
            final String datapath = colon < 0 ? "" : given.substring(colon + 1).strip();
            final String wrong = wrong(given, name, datapath, colon, names);
            if (wrong == null) {
                entries.add(new Entry(name, datapath));
            } else {
                complaints.add(Options.INTERFACES.property() + ": " + wrong + ", and this entry does not count");
            }
        }
        return new InterfaceSelection(Mode.LIST, entries, complaints);
    }

    private static String wrong(String given, String name, String datapath, int colon, Set<String> names) {
        if (given.isEmpty()) {
            return "there is an empty entry";
        }
        if (given.equals("auto") || given.equals("none")) {
            return "'" + given + "' stands alone, not in a list";
        }
        if (colon < 0) {
            return "'" + given + "' names no datapath: write " + given + ":afxdp, or another of " + String.join(", ", DATAPATHS);
        }
        if (!DATAPATHS.contains(datapath)) {
            return "'" + given + "' names an unknown datapath '" + datapath + "'; known are " + String.join(", ", DATAPATHS)
                + Names.suggestion(datapath, DATAPATHS);
        }
        if (isCluster(name)) {
            return !datapath.equals("efvi") ? "'" + given + "' names a cluster, which only efvi has"
                : names.add(name) ? null : "'" + name + "' is named twice";
        }
        if (name.isEmpty() || name.length() > MAX_NAME || name.chars().anyMatch(c -> c == '/' || c == ':' || Character.isWhitespace(c))) {
            return "'" + name + "' cannot be an interface's name";
        }
        return names.add(name) ? null : "'" + name + "' is named twice";
    }
}
