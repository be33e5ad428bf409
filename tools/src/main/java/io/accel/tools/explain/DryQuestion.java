package io.accel.tools.explain;

import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.tools.ToolException;
import io.accel.udp.stack.DryRun;
import io.accel.udp.state.DryVerdict;
import java.io.IOException;
import java.net.BindException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the questions about a socket that nobody has opened have in common: the program's options, and how the answer is told. */
abstract class DryQuestion implements Callable<Integer> {
    /** What the stack logs meanwhile is in the answer; held here, since loggers are forgotten when nobody holds them. */
    private static final Logger LOGGER = Logger.getLogger("io.accel");

    @Spec
    private CommandSpec spec;

    @Option(names = "--interfaces", paramLabel = "LIST", description = "as 'accel run' takes it: eth1:afxdp,lo:shm")
    private String interfaces;

    @Option(names = "--profile", paramLabel = "NAME|FILE", description = "as 'accel run' takes it")
    private String profile;

    @Option(names = "-D", paramLabel = "accel.x=VALUE", description = "an option, as the program would be given it", mapFallbackValue = "")
    private Map<String, String> given = new LinkedHashMap<>();

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    /** Asks. @throws IOException in the kernel's words, when it refuses what a program would ask of it too */
    abstract DryVerdict ask(DryRun dryRun) throws IOException;

    @Override
    public final Integer call() throws IOException {
        LOGGER.setLevel(Level.OFF);
        final Configuration configuration = configuration();
        try (DryRun dryRun = new DryRun(configuration)) {
            final DryVerdict verdict = ask(dryRun);
            System.out.print(json ? DryJson.of(verdict) : DryText.of(verdict));
            return verdict.isFast() ? 0 : 1;
        } catch (final BindException e) {
            throw new ToolException("the kernel would refuse the bind as well: " + e.getMessage(), e);
        }
    }

    private Configuration configuration() {
        final Map<String, String> properties = new HashMap<>();
        System.getProperties().stringPropertyNames().forEach(name -> properties.put(name, System.getProperty(name)));
        properties.putAll(given);
        putIfGiven(properties, Options.INTERFACES, interfaces);
        putIfGiven(properties, Options.PROFILE, profile);
        properties.put(Options.COUNTERS.property(), "off");
        final Configuration configuration = Configuration.of(properties, System.getenv());
        if (!configuration.complaints().isEmpty()) {
            throw misuse(String.join("\n", configuration.complaints()));
        }
        return configuration;
    }

    private static void putIfGiven(Map<String, String> properties, io.accel.core.config.Option<?> option, String value) {
        if (value != null) {
            properties.put(option.property(), value);
        }
    }

    /** A wrong command line. */
    final ParameterException misuse(String words) {
        return new ParameterException(spec.commandLine(), words);
    }

    /** What a user wrote, or the words for what is wrong with it. */
    final EndPoint endPoint(String text) {
        try {
            return EndPoint.parse(text);
        } catch (final IllegalArgumentException e) {
            throw misuse(e.getMessage());
        }
    }
}
