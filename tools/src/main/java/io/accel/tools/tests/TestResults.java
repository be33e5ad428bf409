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
    /** A test that failed or was skipped. */
    record Incident(String suite, String test, String message) {
    }

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
        final String suite = directory.getFileName().toString().endsWith("-25") ? " (JDK 25)" : "";
        for (final Path report : reports) {
            addReport(report, suite);
        }
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
            failures.add(new Incident(suite, name, message(failure)));
        } else if (skip != null) {
            skips.add(new Incident(suite, name, message(skip)));
        } else {
            passed++;
        }
    }

    private static Element child(Element test, String name) {
        final NodeList found = test.getElementsByTagName(name);
        return found.getLength() == 0 ? null : (Element) found.item(0);
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
