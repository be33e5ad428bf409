package io.accel.core.efvi;

import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.datapath.DatapathException;
import java.util.Map;

/** Opens VIs over the no-op libciul (native/efvi/noop), whose library {@code accel.efvi.library} names: {@code ./accel bench jmh}. */
public final class NoOpNic {
    private static final int FRAMES = 1024;

    private NoOpNic() {
    }

    /**
     * @param nic    {@code 7000}, {@code x2} or {@code x3}
     * @param events frames that each poll finds
     * @param merge  whether they come by merged events
     */
    public static EfviVirtualInterface open(String nic, int events, boolean merge) {
        final String library = System.getProperty(Options.EFVI_LIBRARY.property());
        if (library == null) {
            throw new IllegalStateException("there is no no-op libciul: run './accel bench jmh'");
        }
        final Configuration configuration = Configuration.of(Map.of(Options.EFVI_LIBRARY.property(), library,
            Options.EFVI_MERGE.property(), Boolean.toString(merge)), Map.of());
        try {
            EfviLibrary.need(configuration);
            return EfviDatapath.open(nic + "-" + events, FRAMES, configuration);
        } catch (final DatapathException e) {
            throw new IllegalStateException(e);
        }
    }
}
