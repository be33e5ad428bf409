package io.accel.core.testing;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A {@link VethPair}, registered by a field: of a static one all tests of the class share it, of another each has its own. Where there can
 * be none the tests are skipped.
 */
public final class VethPairExtension implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private final boolean ipv6;
    private boolean ofClass;
    private VethPair pair;

    private VethPairExtension(boolean ipv6) {
        this.ipv6 = ipv6;
    }

    public static VethPairExtension ipv4() {
        return new VethPairExtension(false);
    }

    /** With addresses of IPv6 as well. */
    public static VethPairExtension ipv6() {
        return new VethPairExtension(true);
    }

    public VethPair.End a() {
        return pair.a();
    }

    public VethPair.End b() {
        return pair.b();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ofClass = true;
        create();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!ofClass) {
            create();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!ofClass) {
            remove();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        remove();
    }

    private void create() {
        Assumptions.assumeTrue(VethPair.isPossible(), "needs root");
        pair = VethPair.create();
        if (ipv6) {
            pair.withIpv6();
        }
    }

    private void remove() {
        if (pair != null) {
            pair.close();
            pair = null;
        }
    }
}
