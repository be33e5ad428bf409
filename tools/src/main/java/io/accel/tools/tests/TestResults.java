package io.accel.tools.tests;

import io.accel.tools.ToolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What became of the tests, from the XML reports that Surefire leaves. */
final class TestResults {
    /**
     * A test that failed or was skipped.
     *
     * @param where of a failure: our first lines of its stack, and each cause with its own
     */
    record Incident(String test, String message, List<String> where) {
    }

    private static final int FRAMES_OF_A_STACK = 4;

    private final List<Incident> failures = new ArrayList<>();
    private final List<Incident> skips = new ArrayList<>();
    private int passed;

    /** Takes in every report in the directory of a module; one that does not exist has none. */
    void addDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        final List<Path> reports;
        try (Stream<Path> files = Files.list(directory)) {
            reports = files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml")).sorted().toList();
        }
        final String jdk = directory.getFileName().toString().endsWith("-25") ? " (JDK 25)" : "";
        for (final Path report : reports) {
            addReport(report, execution(report) + jdk);
        }
    }

    /** What the execution of the build is called that ran these tests, which Surefire appends to the class's name. */
    private static String execution(Path report) {
        final String name = report.getFileName().toString().replaceAll("^TEST-|\\.xml$", "");
        final int dash = name.indexOf('-');
        return dash < 0 ? "" : " (" + name.substring(dash + 1) + ")";
    }

    private void addReport(Path report, String suite) throws IOException {
        final NodeList cases;
        try {
            final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            final DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            cases = builder.parse(report.toFile()).getElementsByTagName("testcase");
        } catch (final ParserConfigurationException | SAXException e) {
            throw new ToolException("cannot read " + report + ": " + e.getMessage() + "; was the test JVM killed?", e);
        }
        for (int i = 0; i < cases.getLength(); i++) {
            add((Element) cases.item(i), suite);
        }
    }

    private void add(Element test, String suite) {
        final String name = test.getAttribute("classname").replaceFirst("^io\\.accel\\.", "") + "." + test.getAttribute("name") + suite;
        Element failure = child(test, "failure");
        if (failure == null) {
            failure = child(test, "error");
        }
        final Element skip = child(test, "skipped");
        if (failure != null) {
            failures.add(new Incident(name, message(failure), where(failure)));
        } else if (skip != null) {
            skips.add(new Incident(name, message(skip), List.of()));
        } else {
            passed++;
        }
    }

    private static Element child(Element test, String name) {
        final NodeList found = test.getElementsByTagName(name);
        return found.getLength() == 0 ? null : (Element) found.item(0);
    }

    private static List<String> where(Element failure) {
        final List<String> where = new ArrayList<>();
        int frames = 0;
        for (final String line : failure.getTextContent().lines().map(String::strip).toList()) {
            if (line.startsWith("Caused by: ") || line.startsWith("Suppressed: ")) {
                where.add(line);
                frames = 0;
            } else if (line.startsWith("at ") && line.contains("io.accel.") && frames++ < FRAMES_OF_A_STACK) {
                where.add(line);
            }
        }
        return where;
    }

    private static String message(Element incident) {
        final String message = incident.getAttribute("message").strip();
        if (!message.isEmpty()) {
            return message.replaceFirst("^(org\\.opentest4j\\.TestAbortedException: )?Assumption failed: ", "");
        }
        final String text = incident.getTextContent().strip();
        return text.isEmpty() ? incident.getAttribute("type") : text.lines().findFirst().orElse("");
    }

    int passed() {
        return passed;
    }

    List<Incident> failures() {
        return failures;
    }

    List<Incident> skips() {
        return skips;
    }
}
