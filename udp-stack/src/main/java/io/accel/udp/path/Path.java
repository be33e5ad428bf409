package io.accel.udp.path;

import io.accel.core.Reason;
import io.accel.core.shm.ShmDomain;
import io.accel.udp.address.IpAddress;
import io.accel.udp.address.ScopedPort;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.group.FanOut;
import io.accel.udp.wire.HeaderTemplate;

/** How datagrams of one socket to one destination go, until {@link #isCurrent()} says that it must be asked again. Immutable. */
public final class Path {
    private final Generation generation;
    private final int seenGeneration;
    private final Reason reason;
    private final EthernetInterface ethernet;
    private final HeaderTemplate template;
    private final boolean dontFragment;
    private final int maxPayload;
    private final ShmDomain messages;
    private final int peer;
    private final long sourceHigh;
    private final long sourceLow;
    private final long sourceScopedPort;
    private final int stripe;
    private final long seenVersion;
    private final FanOut fanOut;
    private final IpAddress destination;
    private final int destinationPort;

    private Path(Generation generation, int seenGeneration, Reason reason, EthernetInterface ethernet, HeaderTemplate template,
                 boolean dontFragment, int maxPayload, ShmDomain messages, int peer, IpAddress source, int sourcePort, int stripe,
                 long seenVersion, FanOut fanOut) {
        this(generation, seenGeneration, reason, ethernet, template, dontFragment, maxPayload, messages, peer, source.high(), source.low(),
            ScopedPort.of(sourcePort, source.scope()), stripe, seenVersion, fanOut, IpAddress.ANY_IPV6, 0);
    }

    private Path(Generation generation, int seenGeneration, Reason reason, EthernetInterface ethernet, HeaderTemplate template,
                 boolean dontFragment, int maxPayload, ShmDomain messages, int peer, long sourceHigh, long sourceLow, long sourceScopedPort,
                 int stripe, long seenVersion, FanOut fanOut, IpAddress destination, int destinationPort) {
        this.generation = generation;
        this.seenGeneration = seenGeneration;
        this.reason = reason;
        this.ethernet = ethernet;
        this.template = template;
        this.dontFragment = dontFragment;
        this.maxPayload = maxPayload;
        this.messages = messages;
        this.peer = peer;
        this.sourceHigh = sourceHigh;
        this.sourceLow = sourceLow;
        this.sourceScopedPort = sourceScopedPort;
        this.stripe = stripe;
        this.seenVersion = seenVersion;
        this.fanOut = fanOut;
        this.destination = destination;
        this.destinationPort = destinationPort;
    }

    /** The same, knowing where it leads to. */
    public Path towards(IpAddress to, int port) {
        return new Path(generation, seenGeneration, reason, ethernet, template, dontFragment, maxPayload, messages, peer, sourceHigh,
            sourceLow, sourceScopedPort, stripe, seenVersion, fanOut, to, port);
    }

    /** By the kernel, for this reason. @param seen the generation before the question was asked */
    static Path kernel(Generation generation, int seen, Reason reason) {
        return new Path(generation, seen, reason, null, null, false, 0, null, -1, IpAddress.ANY_IPV6, 0, 0, 0, null);
    }

    /** By the kernel, since nobody local has published the destination; asked again when somebody publishes. */
    static Path unpublished(Generation generation, int seen, Reason reason, ShmDomain messages, int stripe, long version) {
        return new Path(generation, seen, reason, null, null, false, 0, messages, -1, IpAddress.ANY_IPV6, 0, stripe, version, null);
    }

    static Path ethernet(Generation generation, int seen, EthernetInterface ethernet, HeaderTemplate template, boolean dontFragment,
                         int maxPayload) {
        return new Path(generation, seen, null, ethernet, template, dontFragment, maxPayload, null, -1, IpAddress.ANY_IPV6, 0, 0, 0, null);
    }

    static Path message(Generation generation, int seen, ShmDomain messages, int peer, IpAddress source, int sourcePort,
                        int maxPayload, int stripe, long version) {
        return new Path(generation, seen, null, null, null, false, maxPayload, messages, peer, source, sourcePort, stripe, version, null);
    }

    /**
     * To a group: by message to the members on this host, and through an interface.
     *
     * @param ethernet null: it stays on this host
     * @param messages null: no version to watch
     */
    static Path group(Generation generation, int seen, EthernetInterface ethernet, HeaderTemplate template, boolean dontFragment,
                      int maxPayload, FanOut fanOut, int sourcePort, ShmDomain messages, int stripe, long version) {
        return new Path(generation, seen, null, ethernet, template, dontFragment, maxPayload, messages, -1, fanOut.source(), sourcePort,
            stripe, version, fanOut);
    }

    /** Whether nothing happened that could have changed the answer. */
    public boolean isCurrent() {
        return generation.get() == seenGeneration && (messages == null || messages.version(stripe) == seenVersion);
    }

    public boolean isFast() {
        return reason == null;
    }

    /** Why the kernel, or null on the fast path. */
    public Reason reason() {
        return reason;
    }

    /** The interface to send through, or null: by message. */
    public EthernetInterface ethernet() {
        return ethernet;
    }

    public HeaderTemplate template() {
        return template;
    }

    /** Whether frames carry the DF bit. */
    public boolean dontFragment() {
        return dontFragment;
    }

    /** Longest payload in bytes that goes in one frame or message. */
    public int maxPayload() {
        return maxPayload;
    }

    /** The receiver's handle on the message medium. */
    public int peer() {
        return peer;
    }

    /** High half of the source address to tell the receiver of a message. */
    public long sourceHigh() {
        return sourceHigh;
    }

    /** Low half of it. */
    public long sourceLow() {
        return sourceLow;
    }

    /** Its port and scope. */
    public long sourceScopedPort() {
        return sourceScopedPort;
    }

    /** Where it leads to, for who tells of it; the wildcard where nobody said. */
    public IpAddress destination() {
        return destination;
    }

    /** 0 where nobody said. */
    public int destinationPort() {
        return destinationPort;
    }

    /** To a group: its members on this host; null for one destination. */
    public FanOut fanOut() {
        return fanOut;
    }
}
