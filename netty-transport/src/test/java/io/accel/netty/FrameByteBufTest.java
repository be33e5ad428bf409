package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.accel.core.check.CheckedVirtualInterface;
import io.accel.core.memory.Memory;
import io.accel.core.pair.Pair;
import io.accel.core.vi.TxFlags;
import io.accel.udp.address.BoundAddress;
import io.accel.udp.address.IpAddress;
import io.accel.udp.endpoint.LentFrame;
import io.accel.udp.endpoint.UdpEndpoint;
import io.accel.udp.ethernet.EthernetInterface;
import io.accel.udp.ethernet.Flusher;
import io.accel.udp.path.Generation;
import io.accel.udp.path.SourceVerdicts;
import io.accel.udp.wire.Ipv4HeaderTemplate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A buffer over a frame does what a pooled direct buffer with the same content does. */
class FrameByteBufTest {
    private static final int PORT = 7000;
    private static final int BYTES = 300;
    private static final int PAYLOAD = Ipv4HeaderTemplate.BYTES;

    private final Ipv4HeaderTemplate headers = new Ipv4HeaderTemplate(0x02_00_00_00_00_02L, 0x02_00_00_00_00_01L, 0x0A000002, 9,
        0x0A000001, PORT, 64, 0);
    private final Random random = new Random(7);
    private final byte[] content = new byte[BYTES];
    private final Flusher flusher = new Flusher();
    private final Pair pair = Pair.ethernet();
    private final CheckedVirtualInterface vi = new CheckedVirtualInterface(pair.first());
    private final EthernetInterface on = new EthernetInterface("test0", 1, 1500, vi, flusher,
        new SourceVerdicts((source, destination) -> true, new Generation(), 1));
    private final UdpEndpoint endpoint = new UdpEndpoint(new BoundAddress(IpAddress.ANY_IPV6, true, true), PORT, 200_000, null, null);
    private ByteBuf frame;
    private ByteBuf pooled;

    @BeforeEach
    void receive() {
        on.add(endpoint);
        endpoint.lendUpTo(4);
        random.nextBytes(content);
        frame = FrameByteBuf.of(lend(), PooledByteBufAllocator.DEFAULT);
        pooled = PooledByteBufAllocator.DEFAULT.directBuffer(BYTES).writeBytes(content);
    }

    @AfterEach
    void everyFrameIsHome() {
        frame.release(frame.refCnt());
        pooled.release(pooled.refCnt());
        on.poll();
        assertThat(vi.held()).isZero();
        assertThat(vi.violation()).isNull();
        on.remove(endpoint);
        endpoint.close();
        on.close();
        flusher.close();
        pair.close();
    }

    private LentFrame lend() {
        final long at = pair.second().txClaim(0, PAYLOAD + BYTES);
        for (int i = 0; i < BYTES; i++) {
            Memory.putByte(at + PAYLOAD + i, content[i]);
        }
        pair.second().txInit(at, headers.write(at, BYTES, 1, true), TxFlags.NONE);
        pair.second().txPush(false);
        assertThat(endpoint.next()).isTrue();
        return endpoint.take();
    }

    private void assertSame() {
        assertThat(ByteBufUtil.hexDump(frame, 0, frame.capacity())).isEqualTo(ByteBufUtil.hexDump(pooled, 0, pooled.capacity()));
        assertThat(frame.readerIndex()).isEqualTo(pooled.readerIndex());
        assertThat(frame.writerIndex()).isEqualTo(pooled.writerIndex());
    }

    @Test
    void beginsWithThePayload() {
        assertThat(frame.readerIndex()).isZero();
        assertThat(frame.writerIndex()).isEqualTo(BYTES);
        assertThat(frame.capacity()).isEqualTo(BYTES);
        assertThat(frame.refCnt()).isOne();
        assertThat(frame.isDirect()).isTrue();
        assertThat(frame.hasArray()).isFalse();
        assertThat(frame.isContiguous()).isTrue();
        assertThat(frame.alloc()).isSameAs(PooledByteBufAllocator.DEFAULT);
        assertThat(frame).isEqualTo(Unpooled.wrappedBuffer(content));
        assertThat(Memory.getByte(frame.memoryAddress() + 5)).isEqualTo(content[5]);
        frame.resetReaderIndex();
        assertThat(frame.readableBytes()).isEqualTo(BYTES);
    }

    @Test
    void valuesAreReadAndWrittenAsInAPooledBuffer() {
        for (int round = 0; round < 20_000; round++) {
            final int i = random.nextInt(BYTES - Long.BYTES);
            final long value = random.nextLong();
            assertThat(frame.getByte(i)).isEqualTo(pooled.getByte(i));
            assertThat(frame.getShort(i)).isEqualTo(pooled.getShort(i));
            assertThat(frame.getShortLE(i)).isEqualTo(pooled.getShortLE(i));
            assertThat(frame.getMedium(i)).isEqualTo(pooled.getMedium(i));
            assertThat(frame.getMediumLE(i)).isEqualTo(pooled.getMediumLE(i));
            assertThat(frame.getInt(i)).isEqualTo(pooled.getInt(i));
            assertThat(frame.getIntLE(i)).isEqualTo(pooled.getIntLE(i));
            assertThat(frame.getLong(i)).isEqualTo(pooled.getLong(i));
            assertThat(frame.getLongLE(i)).isEqualTo(pooled.getLongLE(i));
            final int kind = random.nextInt(9);
            set(frame, kind, i, value);
            set(pooled, kind, i, value);
        }
        assertSame();
    }

    private static void set(ByteBuf to, int kind, int i, long value) {
        switch (kind) {
            case 0 -> to.setByte(i, (int) value);
            case 1 -> to.setShort(i, (int) value);
            case 2 -> to.setShortLE(i, (int) value);
            case 3 -> to.setMedium(i, (int) value);
            case 4 -> to.setMediumLE(i, (int) value);
            case 5 -> to.setInt(i, (int) value);
            case 6 -> to.setIntLE(i, (int) value);
            case 7 -> to.setLong(i, value);
            default -> to.setLongLE(i, value);
        }
    }

    @Test
    void manyBytesAreReadAndWrittenAsInAPooledBuffer() throws IOException {
        final byte[] more = new byte[100];
        random.nextBytes(more);
        final ByteBuf direct = Unpooled.directBuffer().writeBytes(more);
        for (final ByteBuf each : new ByteBuf[] {frame, pooled}) {
            each.setBytes(3, more, 10, 20);
            each.setBytes(40, ByteBuffer.wrap(more, 30, 25));
            each.setBytes(70, Unpooled.wrappedBuffer(more), 5, 30);
            each.setBytes(110, direct, 50, 30);
            assertThat(each.setBytes(150, new ByteArrayInputStream(more), 200 - 150)).isEqualTo(50);
        }
        direct.release();
        assertSame();
    }

    @Test
    void itsBytesGoAnywhere() throws IOException {
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();
        frame.getBytes(10, stream, 50);
        assertThat(stream.toByteArray()).isEqualTo(part(10, 50));
        final byte[] array = new byte[50];
        frame.getBytes(10, array);
        assertThat(array).isEqualTo(part(10, 50));
        final ByteBuffer buffer = ByteBuffer.allocate(60).position(4).limit(54);
        frame.getBytes(10, buffer);
        assertThat(buffer.position()).isEqualTo(54);
        assertThat(ByteBuffer.wrap(part(10, 50))).isEqualTo(buffer.flip().position(4));
        final ByteBuf direct = PooledByteBufAllocator.DEFAULT.directBuffer(50);
        frame.getBytes(10, direct, 50);
        assertThat(direct).isEqualTo(Unpooled.wrappedBuffer(part(10, 50)));
        direct.release();
        assertThat(frame.nioBuffer(10, 50)).isEqualTo(ByteBuffer.wrap(part(10, 50)));
        assertThat(frame.internalNioBuffer(10, 50)).isEqualTo(ByteBuffer.wrap(part(10, 50)));
        assertThat(frame.nioBuffers(10, 50)).containsExactly(ByteBuffer.wrap(part(10, 50)));
        final ByteBuf copy = frame.copy(10, 50);
        frame.setByte(10, ~frame.getByte(10));
        assertThat(copy).isEqualTo(Unpooled.wrappedBuffer(part(10, 50)));
        copy.release();
    }

    private byte[] part(int from, int length) {
        return Arrays.copyOfRange(content, from, from + length);
    }

    @Test
    void nothingBeyondItsEndsIsToBeHad() {
        assertThatThrownBy(() -> frame.getByte(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> frame.getInt(BYTES - 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> frame.nioBuffer(1, BYTES)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> frame.getBytes(BYTES - 2, new byte[3])).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> frame.setBytes(BYTES - 2, new byte[3])).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> frame.getBytes(BYTES - 2, ByteBuffer.allocate(3))).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> frame.setBytes(BYTES - 2, ByteBuffer.allocate(3))).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> frame.copy(1, BYTES)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void growsAndShrinksAsAPooledBuffer() {
        final ByteBuf slice = frame.slice(5, 20);
        for (final int capacity : new int[] {BYTES - 100, BYTES - 50, BYTES + 500, 5000, 40, 400}) {
            frame.capacity(capacity);
            pooled.capacity(capacity);
            assertThat(frame.capacity()).isEqualTo(capacity);
            final int readable = Math.min(frame.writerIndex(), capacity);
            assertThat(frame.writerIndex()).isEqualTo(pooled.writerIndex());
            assertThat(ByteBufUtil.hexDump(frame, 0, readable)).isEqualTo(ByteBufUtil.hexDump(pooled, 0, readable));
        }
        assertThat(slice.getByte(0)).isEqualTo(content[5]);
        frame.writeBytes(content);
        pooled.writeBytes(content);
        assertThat(frame).isEqualTo(pooled);
        assertThat(Memory.getByte(frame.memoryAddress() + 5)).isEqualTo(content[5]);
    }

    @Test
    void oneThatHasGrownIsUsedAgainOverItsFrame() {
        frame.writeBytes(new byte[10_000]);
        frame.release();
        frame = FrameByteBuf.of(lend(), PooledByteBufAllocator.DEFAULT);
        assertThat(frame.capacity()).isEqualTo(BYTES);
        assertThat(frame).isEqualTo(Unpooled.wrappedBuffer(content));
    }

    @Test
    void marksOfItsLastUserAreForgotten() {
        frame.readerIndex(20).markReaderIndex();
        frame.markWriterIndex();
        frame.release();
        frame = FrameByteBuf.of(lend(), PooledByteBufAllocator.DEFAULT);
        frame.resetReaderIndex();
        assertThat(frame.readerIndex()).isZero();
        frame.resetWriterIndex();
        assertThat(frame.writerIndex()).isZero();
    }

    @Test
    void slicesAndDuplicatesHoldTheFrame() {
        final ByteBuf slice = frame.retainedSlice(10, 50);
        final ByteBuf duplicate = frame.retainedDuplicate();
        final ByteBuf readOnly = frame.asReadOnly();
        assertThat(frame.release()).isFalse();
        assertThat(duplicate.release()).isFalse();
        assertThat(slice).isEqualTo(Unpooled.wrappedBuffer(part(10, 50)));
        assertThat(readOnly.getByte(3)).isEqualTo(content[3]);
        assertThat(vi.held()).isOne();
        assertThat(slice.release()).isTrue();
        on.poll();
        assertThat(vi.held()).isZero();
        assertThatThrownBy(() -> slice.getByte(0)).isInstanceOf(IllegalReferenceCountException.class);
        assertThatThrownBy(() -> frame.getByte(0)).isInstanceOf(IllegalReferenceCountException.class);
        assertThatThrownBy(frame::memoryAddress).isInstanceOf(IllegalReferenceCountException.class);
        frame = FrameByteBuf.of(lend(), PooledByteBufAllocator.DEFAULT);
    }
}
