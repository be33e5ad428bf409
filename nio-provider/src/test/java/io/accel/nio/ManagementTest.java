package io.accel.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.tools.attach.VirtualMachine;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The MBeans of a process, seen from another that has no class of Accel's. */
@Timeout(120)
class ManagementTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** As jconsole does: makes the process have a server for MBeans, and connects to it. */
    private static JMXConnector attach(ChildJvm child) throws Exception {
        final VirtualMachine machine = VirtualMachine.attach(Long.toString(child.pid()));
        try {
            return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
        } finally {
            machine.detach();
        }
    }

    private static boolean isRegistered(MBeanServerConnection server, ObjectName name) throws Exception {
        final long start = System.nanoTime();
        while (!server.isRegistered(name) && System.nanoTime() - start < PATIENCE_NANOS) {
            Thread.sleep(50);
        }
        return server.isRegistered(name);
    }

    @Test
    void aClientThatAttachesIsToldOfChannelsAndInterfaces() throws Exception {
        try (ChildJvm child = ChildJvm.start(EchoChild.class, List.of(), "0", "0")) {
            final String local = "127.0.0.1:" + child.line();
            try (JMXConnector connector = attach(child)) {
                final MBeanServerConnection server = connector.getMBeanServerConnection();
                final ObjectName name = new ObjectName("io.accel:type=Channels");
                assertThat(isRegistered(server, name)).isTrue();
                final CompositeData[] channels = (CompositeData[]) server.getAttribute(name, "Channels");
                assertThat(channels).hasSize(1);
                assertThat(channels[0].get("local")).isEqualTo(local);
                assertThat(channels[0].get("path")).isEqualTo("none".equals(System.getProperty("accel.interfaces")) ? "kernel" : "fast");
                assertThat(channels[0].get("fastReceived")).isEqualTo(0L);
                assertThat((int) server.getAttribute(name, "Accelerated") + (int) server.getAttribute(name, "KernelOnly")).isEqualTo(1);
                final TabularData datagrams = (TabularData) server.getAttribute(name, "Datagrams");
                assertThat(datagrams.get(new Object[] {"kernelSent"}).get("value")).isEqualTo(0L);
                assertThat((String[]) server.getAttribute(name, "Report")).anyMatch(line -> line.startsWith("udp " + local));
                assertThat((String[]) server.invoke(name, "explain", new Object[] {local}, new String[] {"java.lang.String"}))
                    .isNotEmpty().allMatch(line -> line.contains(": "));
                assertThatThrownBy(() -> server.invoke(name, "explain", new Object[] {"1.2.3.4:5"}, new String[] {"java.lang.String"}))
                    .hasStackTraceContaining("no open channel is bound to 1.2.3.4:5");
                assertThat(server.getAttribute(new ObjectName("io.accel:type=Interfaces"), "Interfaces"))
                    .isInstanceOf(CompositeData[].class);
            }
        }
    }

    @Test
    void nobodyWhoDoesNotLookPaysForAServer() throws Exception {
        try (ChildJvm child = ChildJvm.start(ManagementChild.class, List.of(), "2500")) {
            assertThat(child.line()).isEqualTo("0 servers");
            assertThat(child.line()).as("once there is one").isEqualTo("registered");
        }
    }

    @Test
    void theOptionTurnsThemOff() throws Exception {
        try (ChildJvm child = ChildJvm.start(ManagementChild.class, List.of("-Daccel.jmx=false"), "0")) {
            assertThat(child.line()).isEqualTo("0 servers");
            assertThat(child.line()).isEqualTo("not registered");
        }
    }

    @Test
    void anImageWithoutTheModuleHasChannelsAllTheSame() throws Exception {
        try (ChildJvm child = ChildJvm.start(EchoChild.class, List.of("--limit-modules", "java.base,jdk.unsupported"), "0", "0")) {
            final InetSocketAddress echo = new InetSocketAddress(Contract.LOOPBACK, Integer.parseInt(child.line()));
            Thread.sleep(2500);
            try (DatagramChannel channel = Pairing.jdk().openDatagramChannel()) {
                channel.bind(new InetSocketAddress(Contract.LOOPBACK, 0)).configureBlocking(false);
                channel.send(Contract.bytes("x"), echo);
                assertThat(Contract.receive(channel, ByteBuffer.allocate(9))).isEqualTo(echo);
            }
        }
    }
}
