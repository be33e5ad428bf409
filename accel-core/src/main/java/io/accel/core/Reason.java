package io.accel.core;

/**
 * Why something is not on the fast path: the one list from which reports, tools and documents are made. Each name is stable, since
 * users match on it. Each tells its scope, what is the matter, and what to do.
 */
public enum Reason {
    NO_NATIVE_LIBRARY(Scope.PROCESS, "the native library could not be loaded",
        "see the cause; a temp directory mounted noexec is avoided with -Daccel.native.dir="),
    NO_JDK_INTERNALS(Scope.PROCESS, "this JDK lacks an internal member the provider needs",
        "run a supported JDK (17 to 25) or report the member named"),
    DISABLED(Scope.PROCESS, "an option turned this off", "see accel.enabled and accel.interfaces"),
    NO_PRIVILEGE(Scope.INTERFACE, "the process lacks a capability that the datapath needs",
        "grant the capabilities that the message names"),
    MEMLOCK(Scope.INTERFACE, "the locked-memory limit is too small for the packet buffers", "raise 'ulimit -l' or grant CAP_IPC_LOCK"),
    NO_DRIVER(Scope.INTERFACE, "the interface or the kernel does not support the datapath", "use another datapath or interface"),
    NO_INTERFACE(Scope.INTERFACE, "the interface does not exist", "correct accel.interfaces, or create the interface"),
    INTERFACE_DOWN(Scope.INTERFACE, "the interface is down", "bring it up; the fast path comes back by itself"),
    INTERFACE_CHANGED(Scope.INTERFACE, "the interface's MTU or MAC address has changed and its VI is being opened anew",
        "none: the fast path comes back by itself"),
    VI_FAILED(Scope.INTERFACE, "the virtual interface was reset with its NIC, or lost events, and is being opened anew",
        "none: the fast path comes back by itself"),
    QUEUE_TAKEN(Scope.INTERFACE, "another process owns the interface's queues or its XDP hook",
        "stop the other owner, or give it another interface"),
    DATAPATH_FAILED(Scope.INTERFACE, "the datapath could not start", "see the cause"),
    NO_ROUTE(Scope.SEND, "the kernel has no route to the destination", "none: the kernel answers with its error"),
    NOT_ACCELERATED_INTERFACE(Scope.SEND, "the route leads over an interface without a datapath", "name the interface in accel.interfaces"),
    NO_LOCAL_PEER(Scope.SEND, "the local receiver is not accelerated", "start the receiver with Accel too"),
    NEIGHBOUR_UNRESOLVED(Scope.SEND, "the next hop's MAC address is not known yet",
        "none: the kernel resolves it while this datagram goes by it"),
    NEIGHBOUR_REFRESH(Scope.SEND, "one datagram went by the kernel to confirm the next hop", "none: grant CAP_NET_ADMIN to avoid it"),
    EXCEEDS_MTU(Scope.SEND, "the datagram is longer than the path MTU, or than the interface sends past the kernel",
        "send shorter datagrams; the kernel sends this one"),
    UNSUPPORTED_ROUTE(Scope.SEND, "the route needs more than a next hop: an encapsulation, an IPv6 gateway or a locked MTU", "none"),
    SECURITY_MANAGER(Scope.PROCESS, "a security manager checks every datagram", "run without one, or accept the kernel path"),
    GROUP_SHARED(Scope.CHANNEL, "a socket that Accel does not serve here receives the group too",
        "run every member with Accel; on one interface in one process"),
    BROADCAST(Scope.SEND, "broadcast goes through the kernel", "none"),
    SHARED_PORT(Scope.CHANNEL, "another socket shares this port", "bind a port of your own, or without SO_REUSEADDR and SO_REUSEPORT"),
    FORMER_PEER(Scope.CHANNEL, "since it was disconnected the kernel lets the socket hear its former peer alone over IPv6",
        "none: it ends with the next connect; or open another channel"),
    FIREWALL(Scope.INTERFACE, "firewall or NAT rules may apply to this traffic, and the fast path bypasses them",
        "set accel.firewall=ignore if they need not apply"),
    FOREIGN_SELECTOR(Scope.CHANNEL, "a selector that is not ours watches the channel", "open selectors through the same provider"),
    FILTER_REFUSED(Scope.CHANNEL, "the datapath refused the filter", "see the message"),
    FILTER_UNSUPPORTED(Scope.CHANNEL, "the datapath has no filter for this combination, or cannot share the packets so",
        "see the message"),
    FILTER_TAKEN(Scope.CHANNEL, "the same filter is installed already, or another program holds the stream for itself",
        "see the message"),
    FILTER_TABLE_FULL(Scope.CHANNEL, "the datapath's filter table is full", "bind fewer ports on this interface"),
    TX_RING_FULL(Scope.SEND, "the send ring was full", "none: the kernel took this datagram; larger rings help bursts"),
    KERNEL_SENDER(Scope.RECEIVE, "the datagram came from or through the kernel",
        "start the sender with Accel too, or accept the kernel path"),
    KERNEL_ERROR(Scope.RECEIVE, "the kernel had an error to tell of this connection, from an ICMP message for instance",
        "see the exception"),
    NO_VI_SET(Scope.OPTION, "the NIC has no set of VIs, or none so wide: one VI receives", "see the message; or accel.efvi.vis=1");

    /** What a reason keeps on the kernel path, the widest first: the order in which to look for it. */
    public enum Scope {
        PROCESS("every channel of the process", "when the provider loads"),
        INTERFACE("all that would go through an interface", "when a bind first wants it, and when it or the host's rules change"),
        CHANNEL("a channel, or what it has joined", "at bind, join, connect and registration, and when other sockets come to its port"),
        SEND("what is sent to a destination", "at the send"),
        RECEIVE("what is received", "at the receive"),
        OPTION("nothing but an option, which the interface cannot follow", "when the interface opens");

        private final String what;
        private final String when;

        Scope(String what, String when) {
            this.what = what;
            this.when = when;
        }

        /** What is kept from the fast path, in words. */
        public String what() {
            return what;
        }

        /** When that is decided, in words. */
        public String when() {
            return when;
        }
    }

    private final Scope scope;
    private final String text;
    private final String remedy;

    Reason(Scope scope, String text, String remedy) {
        this.scope = scope;
        this.text = text;
        this.remedy = remedy;
    }

    /** What it keeps on the kernel path. */
    public Scope scope() {
        return scope;
    }

    /** One clause in plain words. */
    public String text() {
        return text;
    }

    /** What a user can do about it. */
    public String remedy() {
        return remedy;
    }
}
