package io.accel.udp.management;

import io.accel.udp.state.StackView;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/** The MBeans in the platform's server. */
final class Registration {
    private static final Logger LOGGER = System.getLogger("io.accel");

    private final MBeanServer server;
    private final ObjectName channels;
    private final ObjectName interfaces;

    private Registration(MBeanServer server) throws JMException {
        this.server = server;
        channels = new ObjectName("io.accel:type=Channels");
        interfaces = new ObjectName("io.accel:type=Interfaces");
    }

    /** Null: this JVM has no server yet. */
    static Registration attempt(StackView stack) throws JMException {
        if (MBeanServerFactory.findMBeanServer(null).isEmpty()) {
            return null;
        }
        final Registration made = new Registration(ManagementFactory.getPlatformMBeanServer());
        made.server.registerMBean(new Channels(stack), made.channels);
        try {
            made.server.registerMBean(new Interfaces(stack), made.interfaces);
        } catch (final JMException e) {
            made.unregister(made.channels);
            throw e;
        }
        return made;
    }

    /** Whether an attempt failed because another stack's are registered. */
    static boolean isOthers(Throwable failure) {
        return failure instanceof InstanceAlreadyExistsException;
    }

    void close() {
        unregister(channels);
        unregister(interfaces);
    }

    private void unregister(ObjectName name) {
        try {
            server.unregisterMBean(name);
        } catch (final JMException e) {
            LOGGER.log(Level.DEBUG, "the MBean is gone already", e);
        }
    }
}
