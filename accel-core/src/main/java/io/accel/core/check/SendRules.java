package io.accel.core.check;

import io.accel.core.memory.Memory;
import io.accel.core.memory.MemoryRegion;
import io.accel.core.vi.TxFlags;
import io.accel.core.vi.VirtualInterface;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which frames are claimed and which inited; the send side's owner only. */
final class SendRules {
    private static final byte POISON = (byte) 0xDB;

    private final VirtualInterface vi;
    private final Violations violations;
    private final int contiguous;
    private final Map<Long, Claim> claims = new LinkedHashMap<>();
    private boolean lacksEnd;

    private static final class Claim {
        final int length;
        int inited = -1;
        long sum;

        Claim(int length) {
            this.length = length;
        }
    }

    SendRules(VirtualInterface vi, Violations violations) {
        this.vi = vi;
        this.violations = violations;
        this.contiguous = vi.capabilities().contiguousTxBytes();
    }

    void beforeClaim(int length) {
        if (length < 0 || length > contiguous) {
            throw violations.broken("a claim is of 0 to %d contiguous bytes, not %d: longer frames are several claims with CONT",
                contiguous, length);
        }
    }

    void afterClaim(long address, int length) {
        if (address == VirtualInterface.NONE) {
            return;
        }
        if (!isMemory(address, length)) {
            throw violations.broken("a claim lies within the VI's memory: %d bytes at 0x%x", length, address);
        }
        if (claims.putIfAbsent(address, new Claim(length)) != null) {
            throw violations.broken("a frame is claimed once: 0x%x is with the caller already", address);
        }
        Memory.fill(address, length, POISON);
    }

    private boolean isMemory(long address, int length) {
        for (final MemoryRegion region : vi.memory()) {
            if (region != null && region.contains(address, length)) {
                return true;
            }
        }
        return false;
    }

    void beforeInit(long address, int length, int flags) {
        final Claim claim = claims.get(address);
        if (claim == null) {
            throw violations.broken("txInit takes a claimed frame; 0x%x is not", address);
        }
        if (claim.inited >= 0) {
            throw violations.broken("txInit takes a claimed frame once; 0x%x is the VI's already", address);
        }
        if (length < 0 || length > claim.length) {
            throw violations.broken("txInit takes no more bytes than were claimed: %d of %d", length, claim.length);
        }
        if ((flags & ~TxFlags.CONT) != 0) {
            throw violations.broken("txInit takes TxFlags, not 0x%x", flags);
        }
        claim.inited = length;
        claim.sum = sum(address, length);
        lacksEnd = (flags & TxFlags.CONT) != 0;
    }

    void beforePush() {
        if (lacksEnd) {
            throw violations.broken("a frame of several claims is pushed whole: the last one inited has CONT");
        }
        for (final Map.Entry<Long, Claim> entry : claims.entrySet()) {
            final Claim claim = entry.getValue();
            if (claim.inited < 0) {
                throw violations.broken("all claims are inited before a push, or undone; 0x%x is not", entry.getKey());
            }
            if (claim.sum != sum(entry.getKey(), claim.inited)) {
                throw violations.broken("an inited frame is the VI's; 0x%x was written afterwards", entry.getKey());
            }
        }
        claims.clear();
    }

    void undo() {
        claims.clear();
        lacksEnd = false;
    }

    int held() {
        return claims.size();
    }

    private static long sum(long address, int length) {
        long hash = length;
        for (int i = 0; i < length; i++) {
            hash = hash * 31 + Memory.getByte(address + i);
        }
        return hash;
    }
}
