package io.accel.nio;

import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;

/** What a socket says where a channel throws an exception without a text: programs log and match on it. */
final class SocketWords {
    private SocketWords() {
    }

    /** The text of the SocketException, or null where there is no other than the exception's own. */
    static String of(Exception e) {
        if (e instanceof ClosedChannelException) {
            return "Socket is closed";
        }
        if (e instanceof AlreadyBoundException) {
            return "Already bound";
        }
        if (e instanceof UnsupportedAddressTypeException) {
            return "Unsupported address type";
        }
        if (e instanceof UnresolvedAddressException) {
            return "Unresolved address";
        }
        if (e instanceof NotYetConnectedException) {
            return "Socket is not connected";
        }
        if (e instanceof NotYetBoundException) {
            return "Socket is not bound yet";
        }
        return e instanceof AlreadyConnectedException ? "Already connected" : null;
    }
}
