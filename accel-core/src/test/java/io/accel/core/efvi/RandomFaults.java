package io.accel.core.efvi;

import io.accel.core.Reason;
import io.accel.core.check.CheckedVirtualInterface;
import io.accel.core.config.Configuration;
import io.accel.core.config.Options;
import io.accel.core.datapath.DatapathException;
import io.accel.core.memory.Memory;
import io.accel.core.vi.EventBatch;
import io.accel.core.vi.EventType;
import io.accel.core.vi.Filter;
import io.accel.core.vi.FilterMode;
import io.accel.core.vi.FilterRefusedException;
import io.accel.core.vi.FilterSpec;
import io.accel.core.vi.NicEvent;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;

import java.io.File;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Drives VIs, one after the other, on a simulated NIC that does everything by chance, and compares what it saw with the NIC's ledger: in a
 * JVM of its own, with {@code SIM_FAULTS=random@SEED}. Arguments: the library, the seed, and how many frames are to come in.
 */
final class RandomFaults {
    private static final int CAPACITY = 64;
    /** So few that the NIC often runs out of them. */
    private static final int FEWEST_FRAMES = 96;
    private static final int FRAME_BYTES = 2048;
    private static final int ETHERNET_HEADER = 14;
    private static final int LONGEST = 9100;
    /** Frames after which everything must have happened. */
    private static final int ENOUGH = 300_000;

    private final String library;
    private final Random random;
    private final EventBatch events = new EventBatch(CAPACITY);
    private final long assembled = Memory.allocateAligned(LONGEST, Long.BYTES);
    private final ArrayDeque<Long> retained = new ArrayDeque<>();
    private final List<Filter> filters = new ArrayList<>();
    private final Map<String, Long> drops = new TreeMap<>();

    private final Map<NicEvent, Long> told = new EnumMap<>(NicEvent.class);

    private EfviVirtualInterface bare;
    private CheckedVirtualInterface vi;
    private int frames;
    private boolean ended;
    private int assembledBytes;
    private long good;
    private final long[] discards = new long[Ledger.CAUSES];
    private long truncated;
    private long fatal;
    private long lastNumber;
    private long pushed;
    private int opened;
    private int refused;

    private RandomFaults(String library, long seed) {
        this.library = library;
        random = new Random(seed);
    }

    public static void main(String[] arguments) {
        final RandomFaults run = new RandomFaults(arguments[0], Long.parseLong(arguments[1]));
        run.run(Long.parseLong(arguments[2]));
    }

    private void run(long wanted) {
        open();
        final int descriptors = descriptors();
        while (Ledger.now().frames < wanted) {
            final int steps = 1 + random.nextInt(4000);
            for (int i = 0; i < steps && !ended; i++) {
                step();
            }
            close();
            open();
        }
        close();
        open();
        same("descriptors", descriptors, descriptors());
        close();
        compare();
    }

    private static int descriptors() {
        final String[] open = new File("/proc/self/fd").list();
        return open == null ? -1 : open.length;
    }

    private Configuration configuration() {
        final Map<String, String> properties = new TreeMap<>();
        properties.put(Options.EFVI_LIBRARY.property(), library);
        properties.put(Options.EFVI_MERGE.property(), Boolean.toString(random.nextBoolean()));
        properties.put(Options.EFVI_TIMESTAMPS.property(), Boolean.toString(random.nextBoolean()));
        properties.put(Options.EFVI_TX_TIMESTAMPS.property(), Boolean.toString(random.nextBoolean()));
        properties.put(Options.EFVI_CTPIO.property(), random.nextInt(4) == 0 ? "off" : "auto");
        return Configuration.of(properties, Map.of());
    }

    private void open() {
        bare = null;
        frames = FEWEST_FRAMES << random.nextInt(5);
        while (bare == null) {
            try {
                EfviLibrary.need(configuration());
                bare = EfviDatapath.open("lo", frames, configuration());
            } catch (final DatapathException e) {
                if (e.reason() == Reason.NO_NATIVE_LIBRARY) {
                    throw new AssertionError(e);
                }
                refused++;
            }
        }
        vi = new CheckedVirtualInterface(bare);
        ended = false;
        assembledBytes = 0;
        opened++;
    }

    private void step() {
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> send();
            case 3 -> giveBack(random.nextInt(1 + retained.size()));
            case 4 -> occasionally();
            default -> receive(1 + random.nextInt(CAPACITY));
        }
    }

    private void occasionally() {
        switch (random.nextInt(8)) {
            case 0 -> vi.prime();
            case 1 -> undo();
            case 2, 3 -> addFilters(random.nextInt(4));
            case 4 -> addFilters(random.nextInt(200));
            case 5 -> removeFilters();
            case 6 -> vi.txSpace();
            default -> vi.drops();
        }
    }

    /** Now and then the batch is held while other things are done. */
    private void receive(int limit) {
        final int n = vi.poll(events, limit);
        for (int i = 0; i < n; i++) {
            look(i);
        }
        if (n > 0 && random.nextInt(8) == 0) {
            send();
        }
        vi.release(events);
    }

    private void look(int i) {
        final byte type = events.type(i);
        if (type == EventType.RX) {
            lookAtFrame(i);
        } else if (type == EventType.RX_DISCARD) {
            assembledBytes = 0;
            if (events.frame(i) == 0) {
                truncated++;
            } else if ((events.flags(i) & EventBatch.FLAG_CONT) == 0) {
                discards[events.detail(i)]++;
            }
        } else if (type == EventType.RESET || type == EventType.OVERFLOW) {
            fatal++;
            ended = true;
        } else {
            throw new AssertionError("an event of type " + type);
        }
    }

    private void lookAtFrame(int i) {
        final boolean first = (events.flags(i) & EventBatch.FLAG_SOP) != 0;
        final boolean last = (events.flags(i) & EventBatch.FLAG_CONT) == 0;
        if (first != (assembledBytes == 0)) {
            throw new AssertionError("a part that does not go on, after " + assembledBytes + " bytes");
        }
        Memory.copy(events.frame(i), assembled + assembledBytes, events.length(i));
        assembledBytes += events.length(i);
        if (last) {
            final long number = NumberedFrames.number(assembled);
            if (!NumberedFrames.isRight(assembled, assembledBytes) || number <= lastNumber) {
                throw new AssertionError("frame " + number + " after " + lastNumber + ", " + assembledBytes + " bytes, not as it was sent");
            }
            lastNumber = number;
            good++;
            assembledBytes = 0;
        }
        if (retained.size() < vi.capabilities().maxRetained() && random.nextInt(10) == 0) {
            events.retain(i);
            retained.add(events.token(i));
        }
    }

    private void giveBack(int n) {
        for (int i = 0; i < n; i++) {
            vi.releaseRetained(retained.remove());
        }
    }

    private void send() {
        final int burst = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(40);
        int sent = 0;
        for (int i = 0; i < burst && put(pushed + sent + 1); i++) {
            sent++;
        }
        final int result = vi.txPush(random.nextBoolean());
        if (result != 0) {
            throw new AssertionError("a push answered " + result);
        }
        pushed += sent;
    }

    /** A frame of one to four parts, all or none. */
    private boolean put(long number) {
        final int longest = vi.capabilities().mtu() + ETHERNET_HEADER;
        // Where the NIC sends no frame as long as a buffer, several claims are of less than one.
        final int most = longest < FRAME_BYTES ? longest / 4 : FRAME_BYTES;
        final int full = random.nextInt(20) == 0 ? 1 + random.nextInt(3) : 0;
        final int last = NumberedFrames.SHORTEST + random.nextInt(random.nextInt(4) == 0 ? most - NumberedFrames.SHORTEST : 140);
        final int length = full == 0 && most < FRAME_BYTES && last == most - 1 ? longest : full * most + last;
        final int parts = full + 1;
        if (vi.txSpace() < parts) {
            return false;
        }
        for (int part = 0; part < parts; part++) {
            final int bytes = part < full ? most : length - full * most;
            final long at = vi.txClaim(0, bytes);
            if (at == VirtualInterface.NONE) {
                throw new AssertionError("no frame, and there was room for " + parts);
            }
            NumberedFrames.write(at, number, length, part * most, bytes);
            vi.txInit(at, bytes, part + 1 < parts ? TxFlags.CONT : TxFlags.NONE);
        }
        return true;
    }

    private void undo() {
        if (vi.txSpace() > 2) {
            final long at = vi.txClaim(0, FRAME_BYTES);
            vi.txInit(at, NumberedFrames.SHORTEST, TxFlags.NONE);
            vi.txClaim(0, FRAME_BYTES);
            vi.txUndo();
        }
    }

    private void addFilters(int n) {
        for (int i = 0; i < n; i++) {
            try {
                final FilterSpec spec = FilterSpec.udpLocal(InetAddress.getLoopbackAddress(), 1 + random.nextInt(65535));
                filters.add(vi.addFilter(spec, FilterMode.STEAL));
            } catch (final FilterRefusedException e) {
                refused++;
            }
        }
    }

    private void removeFilters() {
        filters.forEach(Filter::close);
        filters.clear();
    }

    /** Every buffer comes home first: what the NIC, the program and the glue hold is all there is. */
    private void close() {
        Ledger.pause(true);
        giveBack(retained.size());
        int n = 1;
        while (n != 0 && !ended) {
            n = vi.poll(events, CAPACITY);
            for (int i = 0; i < n; i++) {
                look(i);
            }
            vi.release(events);
            giveBack(retained.size());
        }
        if (!ended) {
            vi.poll(events, CAPACITY);
            vi.release(events);
            same("receive buffers with the NIC or spare", bare.facts().lends() ? 0 : EfviVirtualInterface.receiveFrames(frames, 1),
                Ledger.now().held + bare.receiveSide().spareFrames());
            same("parts left", 0, assembledBytes);
            same("retained", 0, bare.receiveSide().retainedFrames());
        }
        same("send buffers", bare.transmitSide().frames(), bare.transmitSide().freeFrames());
        if (random.nextBoolean()) {
            removeFilters();
        }
        bare.drops().forEach((name, count) -> drops.merge(name, count, Long::sum));
        bare.nic().orElseThrow().events().forEach((event, count) -> told.merge(event, count, Long::sum));
        vi.close();
        filters.clear();
        Ledger.pause(false);
    }

    private static void same(String what, long expected, long actual) {
        if (expected != actual) {
            throw new AssertionError(what + ": " + actual + ", not " + expected);
        }
    }

    private void sameDrop(String name, long expected) {
        same(name, expected, drops.getOrDefault(name, 0L));
    }

    private void compare() {
        final Ledger l = Ledger.now();
        final long discarded = Arrays.stream(l.discards).sum();
        same("good frames", l.good, good);
        for (int i = 0; i < Ledger.CAUSES; i++) {
            same("discards of cause " + i, l.discards[i], discards[i]);
            sameDrop(Drops.DISCARDS[i], l.discards[i]);
        }
        same("truncated frames", l.truncated, truncated);
        sameDrop("rx_out_of_buffers_within_a_frame", l.truncated);
        sameDrop("rx_unreachable", 0);
        same("resets and overflows", l.fatal, fatal);
        same("frames that came in", l.frames, good + discarded + truncated + l.noDescriptors + fatal + l.untold);
        if (drops.containsKey("rx_no_descriptors")) {
            sameDrop("rx_no_descriptors", l.noDescriptors);
        }
        final long stalled = drops.get("tx_fifo_stalled");
        same("frames to send", pushed, l.taken + stalled);
        same("frames taken", l.taken, l.completed + l.failed + l.unsent);
        sameDrop("tx_lost_with_an_error", l.failed);
        for (int i = 0; i < Ledger.TX_CAUSES; i++) {
            sameDrop(Drops.TX_ERRORS[i], l.errors[i]);
        }
        same("stamped frames", l.stamped, told.getOrDefault(NicEvent.TX_WITH_TIMESTAMP, 0L));
        same("software events", l.softwareEvents, told.get(NicEvent.SOFTWARE));
        same("unknown events", l.otherEvents, told.get(NicEvent.UNKNOWN));
        same("frames sent otherwise than they were made", 0, l.corrupt);
        sameDrop("retained_tokens_refused", 0);
        System.out.printf("frames=%d good=%d discarded=%d truncated=%d no_descriptors=%d fatal=%d untold=%d other=%d sent=%d errors=%d"
            + " stamped=%d stalled=%d fallbacks=%d opened=%d refused=%d%n", l.frames, good, discarded, truncated, l.noDescriptors, fatal,
            l.untold, l.otherEvents, l.sent, Arrays.stream(l.errors).sum(), l.stamped, stalled, l.fallbacks, opened, refused);
        final int[] causes = bare.facts().lends() ? new int[] {0, 2, 3, 6, 7} : new int[] {0, 1, 2, 3, 4, 5, 6, 7};
        final boolean everyCause = Arrays.stream(causes).allMatch(cause -> l.discards[cause] != 0)
            && Arrays.stream(l.errors).allMatch(count -> count != 0);
        if (l.frames > ENOUGH && !(everyCause && fatal != 0 && l.stamped != 0 && l.noDescriptors != 0 && refused != 0)) {
            throw new AssertionError("chance left something out");
        }
    }
}
