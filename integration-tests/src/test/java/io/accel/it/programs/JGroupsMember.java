package io.accel.it.programs;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.protocols.FRAG2;
import org.jgroups.protocols.UDP;

/**
 * A member of a cluster of two on JGroups' own udp.xml: sends messages to all and to the other, checks each that comes, and ends when told
 * to. Arguments: a number that tells the members apart, messages of each kind, bytes of each, and the longest datagram, or 0 for JGroups'
 * choice.
 */
public final class JGroupsMember implements Receiver {
    private static final int PATIENCE_MILLIS = 60_000;

    private final int count;
    private final int length;
    /** What the next message of each sender and kind is. */
    private final Map<String, Integer> next = new ConcurrentHashMap<>();
    private volatile String wrong;

    private JGroupsMember(int count, int length) {
        this.count = count;
        this.length = length;
    }

    public static void main(String[] arguments) throws Exception {
        final JGroupsMember member = new JGroupsMember(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        try (JChannel channel = new JChannel("udp.xml")) {
            final int longest = Integer.parseInt(arguments[3]);
            if (longest > 0) {
                channel.getProtocolStack().<UDP>findProtocol(UDP.class).getBundler().setMaxSize(longest);
                channel.getProtocolStack().<FRAG2>findProtocol(FRAG2.class).setFragSize(longest);
            }
            member.run(channel.name("member-" + arguments[0]));
        }
    }

    private void run(JChannel channel) throws Exception {
        channel.setReceiver(this);
        channel.connect("accel-test");
        System.out.println("connected");
        await(() -> channel.getView().size() == 2, "a second member");
        System.out.println("joined");
        System.in.read();
        final Address other = channel.getView().getMembers().stream().filter(each -> !each.equals(channel.getAddress())).findFirst()
            .orElseThrow();
        for (int i = 0; i < count; i++) {
            channel.send(new BytesMessage(null, payload("all", channel.getName(), i)));
            channel.send(new BytesMessage(other, payload("one", channel.getName(), i)));
        }
        // Two kinds from the other, and what we have sent to all from ourselves.
        await(() -> wrong != null || next.values().stream().mapToInt(Integer::intValue).sum() == 3 * count, "every message");
        System.out.println(wrong != null ? wrong : "received " + new java.util.TreeMap<>(next));
        System.in.read();
    }

    @Override
    public void receive(Message message) {
        final byte[] got = Arrays.copyOfRange(message.getArray(), message.getOffset(), message.getOffset() + message.getLength());
        final String kind = message.getDest() == null ? "all" : "one";
        final String from = org.jgroups.util.NameCache.get(message.getSrc());
        final int expected = next.merge(kind + " " + from, 1, Integer::sum) - 1;
        if (!Arrays.equals(got, payload(kind, from, expected))) {
            wrong = "message " + expected + " to " + kind + " from " + from + " is another";
        }
    }

    private byte[] payload(String kind, String from, int number) {
        final byte[] bytes = new byte[length];
        new Random((kind + from).hashCode() * 31L + number).nextBytes(bytes);
        return bytes;
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition, String what) throws InterruptedException {
        final long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (!condition.holds()) {
            if (System.currentTimeMillis() > end) {
                throw new AssertionError("waited in vain for " + what);
            }
            Thread.sleep(10);
        }
    }
}
