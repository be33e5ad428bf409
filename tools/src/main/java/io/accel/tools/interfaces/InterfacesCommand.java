package io.accel.tools.interfaces;

import io.accel.core.config.Configuration;
import io.accel.core.natives.Natives;
import io.accel.tools.ToolException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What this host's interfaces could be accelerated by, and why not. */
@Command(name = "interfaces", mixinStandardHelpOptions = true,
    description = "The host's interfaces: driver, which datapaths can serve them and why not, and what ef_vi NICs tell of themselves.",
    footer = {"", "Options of Accel count as for any program: ACCEL_EFVI_LIBRARY=FILE ./accel interfaces."})
public final class InterfacesCommand implements Callable<Integer> {
    @Option(names = "--json", description = "as JSON, with everything that is known")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (!Natives.isAvailable()) {
            throw new ToolException("the native library could not be loaded, so that every datapath is out of reach: "
                + Natives.unavailabilityCause().getMessage(), Natives.unavailabilityCause());
        }
        final Configuration configuration = Configuration.ofSystem();
        configuration.complaints().forEach(complaint -> System.err.println("accel: " + complaint));
        final List<HostInterface> found = new Survey(configuration).run();
        System.out.print(json ? SurveyJson.of(found) : SurveyText.of(found));
        return 0;
    }
}
