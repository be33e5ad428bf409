package io.accel.netty;

import io.accel.core.memory.MemoryRegion;
import io.accel.udp.endpoint.LentFrame;
import io.netty.buffer.AbstractReferenceCountedByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;

/**
 * A received datagram in its frame, which goes back with the last reference. Like a pooled buffer it may be written, and grows as far as
 * the program wants: then it moves to memory of the program's allocator. It stays with its {@link LentFrame} and is used again with that.
 */
final class FrameByteBuf extends AbstractReferenceCountedByteBuf {
    private final LentFrame frame;
    private ByteBufAllocator allocator;
    private MemoryRegion region;
    /** Where the content lies: the frame's region, or the larger buffer's memory. Absolute access only, in network byte order. */
    private ByteBuffer memory;
    /** Index in it of this buffer's first byte. */
    private int start;
    /** Address of that byte; 0: the allocator's buffers do not tell. */
    private long address;
    private int capacity;
    /** What the capacity may become where the content lies. */
    private int room;
    private ByteBuffer internal;
    /** Where it has moved to, or null. */
    private ByteBuf larger;

    private FrameByteBuf(LentFrame frame) {
        super(Integer.MAX_VALUE);
        this.frame = frame;
    }

    /** Over a frame, with its payload to be read; the caller's to release. @param allocator for what it needs when it grows or is copied */
    static ByteBuf of(LentFrame frame, ByteBufAllocator allocator) {
        FrameByteBuf data = (FrameByteBuf) frame.attachment();
        if (data == null) {
            data = new FrameByteBuf(frame);
            frame.attachment(data);
        }
        data.begin(allocator);
        return LeakDetection.track(data);
    }

    private void begin(ByteBufAllocator ofProgram) {
        allocator = ofProgram;
        if (region != frame.region()) {
            region = frame.region();
            memory = region.buffer().duplicate().order(ByteOrder.BIG_ENDIAN);
            internal = null;
        }
        start = frame.offset();
        address = region.address() + start;
        capacity = frame.length();
        room = capacity;
        resetRefCnt();
        // What the last user marked is not to be gone back to.
        clear().markReaderIndex().markWriterIndex().writerIndex(capacity);
    }

    /** The frame last: then another thread may have begun anew. */
    @Override
    protected void deallocate() {
        final ByteBuf own = larger;
        if (own != null) {
            larger = null;
            region = null;
            own.release();
        }
        frame.release();
    }

    // ---- capacity

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public ByteBuf capacity(int wanted) {
        checkNewCapacity(wanted);
        if (wanted > room) {
            move(wanted);
        }
        capacity = wanted;
        trimIndicesToCapacity(wanted);
        return this;
    }

    /** The frame goes back with the last reference all the same. */
    private void move(int wanted) {
        final ByteBuf old = larger;
        final ByteBuf grown = allocator.directBuffer(wanted, wanted);
        grown.setBytes(0, nioBuffer(0, capacity));
        larger = grown;
        memory = grown.nioBuffer(0, wanted);
        start = 0;
        address = grown.hasMemoryAddress() ? grown.memoryAddress() : 0;
        room = wanted;
        internal = null;
        if (old != null) {
            old.release();
        }
    }

    @Override
    public ByteBufAllocator alloc() {
        return allocator;
    }

    @Override
    @SuppressWarnings("deprecation")
    public ByteOrder order() {
        return ByteOrder.BIG_ENDIAN;
    }

    @Override
    public ByteBuf unwrap() {
        return null;
    }

    @Override
    public boolean isDirect() {
        return true;
    }

    @Override
    public boolean isContiguous() {
        return true;
    }

    @Override
    public boolean hasArray() {
        return false;
    }

    @Override
    public byte[] array() {
        throw new UnsupportedOperationException("direct buffer");
    }

    @Override
    public int arrayOffset() {
        throw new UnsupportedOperationException("direct buffer");
    }

    @Override
    public boolean hasMemoryAddress() {
        return address != 0;
    }

    @Override
    public long memoryAddress() {
        ensureAccessible();
        if (address == 0) {
            throw new UnsupportedOperationException("the allocator's buffers have no memory address");
        }
        return address;
    }

    @Override
    public int nioBufferCount() {
        return 1;
    }

    @Override
    public ByteBuffer nioBuffer(int index, int length) {
        checkIndex(index, length);
        return memory.slice(start + index, length);
    }

    @Override
    public ByteBuffer[] nioBuffers(int index, int length) {
        return new ByteBuffer[] {nioBuffer(index, length)};
    }

    @Override
    public ByteBuffer internalNioBuffer(int index, int length) {
        checkIndex(index, length);
        if (internal == null) {
            internal = memory.duplicate();
        }
        return internal.clear().position(start + index).limit(start + index + length);
    }

    @Override
    public ByteBuf copy(int index, int length) {
        checkIndex(index, length);
        return allocator.directBuffer(length, maxCapacity()).writeBytes(nioBuffer(index, length));
    }

    // ---- one value; indices have been checked

    @Override
    protected byte _getByte(int index) {
        return memory.get(start + index);
    }

    @Override
    protected short _getShort(int index) {
        return memory.getShort(start + index);
    }

    @Override
    protected short _getShortLE(int index) {
        return Short.reverseBytes(_getShort(index));
    }

    @Override
    protected int _getUnsignedMedium(int index) {
        return (_getByte(index) & 0xFF) << 16 | _getShort(index + 1) & 0xFFFF;
    }

    @Override
    protected int _getUnsignedMediumLE(int index) {
        return _getByte(index) & 0xFF | (_getShortLE(index + 1) & 0xFFFF) << 8;
    }

    @Override
    protected int _getInt(int index) {
        return memory.getInt(start + index);
    }

    @Override
    protected int _getIntLE(int index) {
        return Integer.reverseBytes(_getInt(index));
    }

    @Override
    protected long _getLong(int index) {
        return memory.getLong(start + index);
    }

    @Override
    protected long _getLongLE(int index) {
        return Long.reverseBytes(_getLong(index));
    }

    @Override
    protected void _setByte(int index, int value) {
        memory.put(start + index, (byte) value);
    }

    @Override
    protected void _setShort(int index, int value) {
        memory.putShort(start + index, (short) value);
    }

    @Override
    protected void _setShortLE(int index, int value) {
        _setShort(index, Short.reverseBytes((short) value));
    }

    @Override
    protected void _setMedium(int index, int value) {
        _setByte(index, value >>> 16);
        _setShort(index + 1, value);
    }

    @Override
    protected void _setMediumLE(int index, int value) {
        _setByte(index, value);
        _setShortLE(index + 1, value >>> 8);
    }

    @Override
    protected void _setInt(int index, int value) {
        memory.putInt(start + index, value);
    }

    @Override
    protected void _setIntLE(int index, int value) {
        _setInt(index, Integer.reverseBytes(value));
    }

    @Override
    protected void _setLong(int index, long value) {
        memory.putLong(start + index, value);
    }

    @Override
    protected void _setLongLE(int index, long value) {
        _setLong(index, Long.reverseBytes(value));
    }

    // ---- many bytes

    @Override
    public ByteBuf getBytes(int index, ByteBuf to, int toIndex, int length) {
        checkDstIndex(index, length, toIndex, to.capacity());
        if (to.hasArray()) {
            return getBytes(index, to.array(), to.arrayOffset() + toIndex, length);
        }
        to.setBytes(toIndex, nioBuffer(index, length));
        return this;
    }

    @Override
    public ByteBuf getBytes(int index, byte[] to, int toIndex, int length) {
        checkDstIndex(index, length, toIndex, to.length);
        memory.get(start + index, to, toIndex, length);
        return this;
    }

    @Override
    public ByteBuf getBytes(int index, ByteBuffer to) {
        final int length = to.remaining();
        checkIndex(index, length);
        to.put(to.position(), memory, start + index, length).position(to.limit());
        return this;
    }

    @Override
    public ByteBuf getBytes(int index, OutputStream to, int length) throws IOException {
        checkIndex(index, length);
        final byte[] bytes = new byte[length];
        memory.get(start + index, bytes);
        to.write(bytes);
        return this;
    }

    @Override
    public int getBytes(int index, GatheringByteChannel to, int length) throws IOException {
        return to.write(nioBuffer(index, length));
    }

    @Override
    public int getBytes(int index, FileChannel to, long position, int length) throws IOException {
        return to.write(nioBuffer(index, length), position);
    }

    @Override
    public ByteBuf setBytes(int index, ByteBuf from, int fromIndex, int length) {
        checkSrcIndex(index, length, fromIndex, from.capacity());
        if (from.hasArray()) {
            return setBytes(index, from.array(), from.arrayOffset() + fromIndex, length);
        }
        from.getBytes(fromIndex, nioBuffer(index, length));
        return this;
    }

    @Override
    public ByteBuf setBytes(int index, byte[] from, int fromIndex, int length) {
        checkSrcIndex(index, length, fromIndex, from.length);
        memory.put(start + index, from, fromIndex, length);
        return this;
    }

    @Override
    public ByteBuf setBytes(int index, ByteBuffer from) {
        final int length = from.remaining();
        checkIndex(index, length);
        memory.put(start + index, from, from.position(), length);
        from.position(from.limit());
        return this;
    }

    @Override
    public int setBytes(int index, InputStream from, int length) throws IOException {
        checkIndex(index, length);
        final byte[] bytes = new byte[length];
        final int read = from.read(bytes);
        if (read > 0) {
            memory.put(start + index, bytes, 0, read);
        }
        return read;
    }

    @Override
    public int setBytes(int index, ScatteringByteChannel from, int length) throws IOException {
        try {
            return from.read(nioBuffer(index, length));
        } catch (final ClosedChannelException e) {
            // As every buffer of Netty's has it: the end.
            return -1;
        }
    }

    @Override
    public int setBytes(int index, FileChannel from, long position, int length) throws IOException {
        try {
            return from.read(nioBuffer(index, length), position);
        } catch (final ClosedChannelException e) {
            return -1;
        }
    }
}
