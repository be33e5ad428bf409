package io.accel.udp.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.memory.Memory;
import io.accel.core.natives.Errno;
import io.accel.core.natives.Posix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is not a whole message must not be read past its end: each datagram here ends where an unmapped page begins. */
class NetlinkGarbageTest {
    private static final int PAGE = 4096;
    private static final int EBADMSG = 74;
    private static final int KINDS = 8;
    private static final int RECORDS = 4;
    private static final int GUARD = 0x5A5A5A5A;

    private static final class Pages implements AutoCloseable {
        private final long start = Posix.mapAnonymous(2L * PAGE);
        private final long out = Memory.allocateAligned(RECORDS * 16L * Long.BYTES + Integer.BYTES, 8);

        Pages() {
            assertThat(start).isPositive();
            assertThat(Posix.unmap(start + PAGE, PAGE)).isZero();
            Memory.putInt(out + RECORDS * 16L * Long.BYTES, GUARD);
        }

        int replay(int kind, byte[] datagram, int length) {
            final long at = start + PAGE - length;
            for (int i = 0; i < length; i++) {
                Memory.putByte(at + i, datagram[i]);
            }
            final int result = RouteNatives.replay(kind, at, length, out, RECORDS);
            assertThat(Memory.getInt(out + RECORDS * 16L * Long.BYTES)).isEqualTo(GUARD);
            return result;
        }

        @Override
        public void close() {
            Posix.unmap(start, PAGE);
            Memory.freeAligned(out);
        }
    }

    private static final int[] TYPES = {24, 28, 16, 20, 28, 25, 29, 17, 21, 32, 104};
    private static final int NEWCHAIN = 10 << 8 | 3;
    private static final int NEWRULE = 10 << 8 | 6;
    private static final String[] WORDS = {
        "cmp", "meta", "payload", "immediate", "counter", "lookup", "ct", "lo", "vlan", "\0\0\0\1", "\0\0\0\20", "\0\0\0\11", "\21", "",
    };
    private static final int[] FIXED = {12, 12, 16, 8, 12, 72, 4, 4};

    private static int type(Random random, int kind) {
        return switch (kind) {
            case 4 -> TYPES[random.nextInt(TYPES.length)];
            case 5 -> 20;
            case 6 -> NEWCHAIN;
            case 7 -> NEWRULE;
            default -> TYPES[kind];
        };
    }

    /** One attribute with others inside, four deep at most; nftables' lists and expressions are like that. */
    private static byte[] nested(Random random, int depth) {
        final ByteBuffer buffer = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());
        for (int n = random.nextInt(4); n >= 0 && buffer.position() < 300; n--) {
            final byte[] value = depth > 0 && random.nextInt(4) > 0 ? nested(random, depth - 1)
                : WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.US_ASCII);
            if (buffer.remaining() < value.length + 8) {
                break;
            }
            final int length = random.nextInt(12) == 0 ? random.nextInt(0x10000) : value.length + 4;
            buffer.putShort((short) length).putShort((short) (random.nextInt(5) | (random.nextBoolean() ? 0x8000 : 0))).put(value);
            buffer.position(buffer.position() + 3 & ~3);
        }
        final byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }

    /** A plausible message of a kind, with attributes of every number, nested ones, and lengths that are now and then wrong. */
    private static byte[] message(Random random, int kind) {
        final ByteBuffer buffer = ByteBuffer.allocate(2048).order(ByteOrder.nativeOrder());
        buffer.putInt(0).putShort((short) (type(random, kind))).putShort((short) 0);
        buffer.putInt(7).putInt(0);
        final byte[] fixed = new byte[FIXED[kind]];
        random.nextBytes(fixed);
        fixed[0] = (byte) (random.nextBoolean() ? 2 : 10);
        buffer.put(fixed);
        final int attributes = random.nextInt(12);
        for (int i = 0; i < attributes; i++) {
            byte[] value = new byte[random.nextInt(40)];
            random.nextBytes(value);
            if (random.nextBoolean()) {
                value = nested(random, 3);
            }
            if (buffer.remaining() < value.length + 8) {
                break;
            }
            final int length = random.nextInt(8) == 0 ? random.nextInt(0x10000) : value.length + 4;
            buffer.putShort((short) length).putShort((short) random.nextInt(64)).put(value);
            buffer.position(buffer.position() + 3 & ~3);
        }
        buffer.putInt(0, random.nextInt(8) == 0 ? random.nextInt() : buffer.position());
        final byte[] message = new byte[buffer.position()];
        buffer.get(0, message);
        return message;
    }

    @Test
    void damagedAndTruncatedMessages() {
        final Random random = new Random(20260101);
        try (Pages pages = new Pages()) {
            for (int i = 0; i < 80_000; i++) {
                final int kind = i % KINDS;
                final byte[] message = message(random, kind);
                for (int flips = random.nextInt(4); flips > 0; flips--) {
                    message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(8));
                }
                final int cut = random.nextInt(message.length) & ~3; // aligned, as the kernel's are
                pages.replay(kind, message, random.nextBoolean() ? message.length : cut);
            }
        }
    }

    @Test
    void lengthsThatLie() {
        try (Pages pages = new Pages()) {
            final byte[] header = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder()).putInt(64).putShort((short) 24).array();
            assertThat(pages.replay(0, header, 16)).as("longer than the datagram").isEqualTo(-EBADMSG);
            ByteBuffer.wrap(header).order(ByteOrder.nativeOrder()).putInt(0, 8);
            assertThat(pages.replay(0, header, 16)).as("shorter than its header").isEqualTo(-EBADMSG);
            ByteBuffer.wrap(header).order(ByteOrder.nativeOrder()).putInt(0, 16);
            assertThat(pages.replay(0, header, 16)).as("a route without its fixed part is passed over").isZero();
            assertThat(pages.replay(0, header, 0)).isZero();
            assertThat(pages.replay(99, header, 16)).isEqualTo(-Errno.EINVAL);
        }
    }
}
