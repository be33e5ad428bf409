package io.accel.tools.run;

import java.io.IOException;
import java.util.List;

/** Two hosts that exchange datagrams; the client is pinned to the first CPU, the server to the second, if there are two. */
public interface Hosts {
    /** The one that starts talking. */
    Host client();

    /** The one that answers. */
    Host server();

    /** Both at 127.0.0.1, here. */
    static Hosts loopback() throws IOException {
        final Host client = new Host(null, "127.0.0.1", "lo", clientCpu());
        final Host server = new Host(null, "127.0.0.1", "lo", serverCpu());
        return new Hosts() {
            @Override
            public Host client() {
                return client;
            }

            @Override
            public Host server() {
                return server;
            }
        };
    }

    /** The first CPU, or -1 when there is but one. */
    static int clientCpu() throws IOException {
        final List<Integer> cpus = Machine.cpus();
        return cpus.size() < 2 ? -1 : cpus.get(0);
    }

    /** The second CPU, or -1 when there is but one. */
    static int serverCpu() throws IOException {
        final List<Integer> cpus = Machine.cpus();
        return cpus.size() < 2 ? -1 : cpus.get(1);
    }
}
