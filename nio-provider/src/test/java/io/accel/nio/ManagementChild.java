package io.accel.nio;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/** Tells whether Accel made a server for MBeans, makes one, and tells whether Accel registers its MBeans there. */
final class ManagementChild {
    private static final int TRIES = 60;

    private ManagementChild() {
    }

    /** @param arguments milliseconds to wait before the first look */
    public static void main(String[] arguments) throws Exception {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
            Thread.sleep(Long.parseLong(arguments[0]));
            System.out.println(MBeanServerFactory.findMBeanServer(null).size() + " servers");
            final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            final ObjectName name = new ObjectName("io.accel:type=Channels");
            for (int i = 0; i < TRIES && !server.isRegistered(name); i++) {
                Thread.sleep(100);
            }
            System.out.println(server.isRegistered(name) ? "registered" : "not registered");
        }
    }
}
