package io.accel.tools.tcpdump;

import io.accel.core.memory.MemoryRegion;
import io.accel.core.natives.Natives;
import io.accel.tools.ToolException;
import java.nio.charset.StandardCharsets;

/** A filter expression as pcap-filter(7) has it, compiled for both link types: one in which it has no meaning never matches. */
final class PacketFilter implements AutoCloseable {
    private static final String LIBRARY = "libaccel_pcap.so";
    private static final int ERROR_BYTES = 256;

    private final long[] programs = new long[LinkType.values().length];

    /** @throws IllegalArgumentException when libpcap does not understand it, in its words @throws ToolException when there is no libpcap */
    PacketFilter(String expression) throws ToolException {
        final Throwable cause = Natives.isAvailable() ? Natives.loadBeside(LIBRARY) : Natives.unavailabilityCause();
        if (cause != null) {
            throw new ToolException("no filter expression can be compiled: " + cause.getMessage());
        }
        if (!LibPcap.load()) {
            throw new ToolException("filter expressions need libpcap: apt-get install libpcap0.8 (libpcap0.8t64 from Debian 13 on)");
        }
        final MemoryRegion error = MemoryRegion.allocate(0, ERROR_BYTES);
        String why = null;
        boolean any = false;
        for (final LinkType each : LinkType.values()) {
            programs[each.ordinal()] = LibPcap.compile(each.dlt(), LinkType.SNAP, expression, error.address(), ERROR_BYTES);
            any |= programs[each.ordinal()] != 0;
            why = why == null && programs[each.ordinal()] == 0 ? text(error) : why;
        }
        if (!any) {
            throw new IllegalArgumentException("'" + expression + "' is no filter expression: " + why + "; see pcap-filter(7)");
        }
    }

    private static String text(MemoryRegion ended) {
        final byte[] bytes = new byte[ERROR_BYTES];
        int length = 0;
        while (length < ERROR_BYTES && ended.buffer().get(length) != 0) {
            bytes[length] = ended.buffer().get(length);
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    boolean matches(Packet packet) {
        final long program = programs[packet.link().ordinal()];
        return program != 0 && LibPcap.matches(program, packet.memory().address() + packet.offset(), packet.captured(), packet.original());
    }

    @Override
    public void close() {
        for (int i = 0; i < programs.length; i++) {
            if (programs[i] != 0) {
                LibPcap.release(programs[i]);
                programs[i] = 0;
            }
        }
    }
}
