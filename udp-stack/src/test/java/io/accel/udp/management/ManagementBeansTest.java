package io.accel.udp.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.udp.state.SocketState;
import io.accel.udp.state.StackView;
import io.accel.udp.state.Totals;
import io.accel.udp.state.VirtualInterfaceState;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.Test;

class ManagementBeansTest {
    private static final StackView STACK = new StackView() {
        @Override
        public List<SocketState> sockets() {
            return List.of(
                new SocketState("10.0.0.1:9", "10.0.0.2:9", true, "SHARED_PORT", 1, 2, 3, 4, Map.of("SHARED_PORT", 3L),
                    Map.of("QUEUE_FULL", 5L), 6, 0, 60, 700, List.of("239.1.2.3%2"), List.of()),
                new SocketState("0.0.0.0:10", null, false, "DISABLED", 0, 0, 0, 0, Map.of(), Map.of(), 0, 0, 0, 0,
                    List.of(), List.of()));
        }

        @Override
        public List<VirtualInterfaceState> interfaces() {
            return List.of(new VirtualInterfaceState("eth1", "afxdp", true, "generic", 1500, true, null, Map.of(), 8, 8, 9,
                Map.of("RX_DROPPED", 2L), null, Map.of()));
        }

        @Override
        public Totals totals() {
            return new Totals(11, 12, 13, 14, Map.of("SHARED_PORT", 27L), Map.of(Totals.SOCKETS, Map.of("QUEUE_FULL", 5L)));
        }

        @Override
        public List<String> report() {
            return List.of("udp 10.0.0.1:9");
        }
    };

    @Test
    void everythingIsAnAttributeThatClientsCanRead() throws Exception {
        final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        final ObjectName channels = new ObjectName("io.accel:type=Channels");
        final ObjectName interfaces = new ObjectName("io.accel:type=Interfaces");
        try (ManagementBeans beans = new ManagementBeans(STACK, true)) {
            assertThat(server.isRegistered(channels)).as("before its time").isFalse();
            beans.tick();
            beans.tick();
            final CompositeData[] all = (CompositeData[]) server.getAttribute(channels, "Channels");
            assertThat(all).extracting(each -> each.get("path")).containsExactly("part", "kernel");
            assertThat(all[0].getAll(new String[] {"local", "remote", "reason", "fastReceived", "fastSent", "kernelReceived", "kernelSent",
                "queuedBytes", "receiveBufferBytes"})).containsExactly("10.0.0.1:9", "10.0.0.2:9", "SHARED_PORT", 1L, 2L, 3L, 4L, 60L,
                700L);
            assertThat((String[]) all[0].get("groups")).containsExactly("239.1.2.3%2");
            assertThat(value(all[0].get("drops"), "QUEUE_FULL")).isEqualTo(5);
            assertThat(server.getAttribute(channels, "Accelerated")).isEqualTo(1);
            assertThat(server.getAttribute(channels, "KernelOnly")).isEqualTo(1);
            assertThat(value(server.getAttribute(channels, "Datagrams"), "kernelSent")).isEqualTo(14);
            assertThat(value(server.getAttribute(channels, "Reasons"), "SHARED_PORT")).isEqualTo(27);
            assertThat(value(server.getAttribute(channels, "Drops"), "QUEUE_FULL")).isEqualTo(5);
            assertThat((String[]) server.getAttribute(channels, "Report")).containsExactly("udp 10.0.0.1:9");
            assertThat((String[]) server.invoke(channels, "explain", new Object[] {"0.0.0.0:10"}, new String[] {"java.lang.String"}))
                .singleElement().asString().startsWith("by the kernel alone: DISABLED");
            final CompositeData eth1 = ((CompositeData[]) server.getAttribute(interfaces, "Interfaces"))[0];
            assertThat(eth1.getAll(new String[] {"name", "datapath", "open", "mode", "reason", "received", "sent"}))
                .containsExactly("eth1", "afxdp", true, "generic", null, 8L, 9L);
            assertThat(value(eth1.get("drops"), "RX_DROPPED")).isEqualTo(2);
        }
        assertThat(server.isRegistered(channels)).as("after its time").isFalse();
        assertThat(server.isRegistered(interfaces)).isFalse();
    }

    @Test
    void ofTwoStacksInOneJvmTheFirstIsShownUntilItEnds() throws Exception {
        final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        final ObjectName channels = new ObjectName("io.accel:type=Channels");
        final ManagementBeans third = new ManagementBeans(STACK, true);
        try (ManagementBeans second = new ManagementBeans(STACK, true)) {
            try (ManagementBeans first = new ManagementBeans(STACK, true)) {
                first.tick();
                second.tick();
                third.tick();
                assertThat(server.isRegistered(channels)).as("the first's").isTrue();
            }
            assertThat(server.isRegistered(channels)).isFalse();
            second.tick();
            third.tick();
            assertThat(server.isRegistered(channels)).as("the second's").isTrue();
            third.close();
            assertThat(server.isRegistered(channels)).as("the second's still").isTrue();
        }
        assertThat(server.isRegistered(channels)).isFalse();
    }

    @Test
    void oneThatIsNotWantedIsNotThere() throws Exception {
        try (ManagementBeans beans = new ManagementBeans(STACK, false)) {
            beans.tick();
            assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(new ObjectName("io.accel:type=Channels"))).isFalse();
        }
    }

    private static long value(Object table, String key) {
        return (long) ((TabularData) table).get(new Object[] {key}).get("value");
    }
}
