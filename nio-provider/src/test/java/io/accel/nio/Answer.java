package io.accel.nio;

import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.channels.Channel;
import java.nio.channels.MembershipKey;
import java.nio.channels.SelectionKey;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** What a call came to, as text that can be compared between two providers: ports and identities left out. */
final class Answer {
    private Answer() {
    }

    /** Its result, or the type and text of the exception and of its cause. @param self the object that was called */
    static String of(Object self, Callable<?> call) {
        try {
            return told(self, call.call());
        } catch (final Exception e) {
            return told(e) + (e.getCause() == null ? "" : " caused by " + told(e.getCause()));
        }
    }

    private static String told(Throwable e) {
        // Without a text of a program's own the JVM describes the code, which is ours: only the type is the contract.
        final String text = e instanceof NullPointerException ? "" : ": " + e.getMessage();
        return e.getClass().getName() + text;
    }

    private static String told(Object self, Object result) {
        if (result == self) {
            return "itself";
        }
        if (result instanceof InetSocketAddress address) {
            return address.getClass().getSimpleName() + " " + address.getAddress() + (address.getPort() == 0 ? " no port" : " a port");
        }
        if (result instanceof NetworkInterface on) {
            return "interface " + on.getName() + " " + on.getIndex();
        }
        if (result instanceof MembershipKey key) {
            return "membership of " + key.group() + " from " + key.sourceAddress() + (key.isValid() ? " valid" : " invalid");
        }
        if (result instanceof SelectionKey key) {
            return "key " + (key.isValid() ? "for " + key.interestOps() : "invalid");
        }
        if (result instanceof Set<?> set) {
            return set.stream().map(Object::toString).sorted().collect(Collectors.joining(","));
        }
        return result instanceof Channel ? "a channel" : String.valueOf(result);
    }
}
