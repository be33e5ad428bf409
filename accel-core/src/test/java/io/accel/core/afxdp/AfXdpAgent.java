package io.accel.core.afxdp;

import io.accel.core.config.Configuration;
import io.accel.core.datapath.DatapathException;
import io.accel.core.testing.ViAgent;
import io.accel.core.vi.VirtualInterface;

import java.io.IOException;

/** Drives a VI over AF_XDP. */
public final class AfXdpAgent extends ViAgent {
    private AfXdpInterface vi;

    public static void main(String[] arguments) throws IOException {
        new AfXdpAgent().serve();
    }

    @Override
    protected VirtualInterface open(String ifName, Configuration configuration) throws DatapathException {
        vi = (AfXdpInterface) new AfXdpDatapath().open(ifName, configuration);
        return vi;
    }

    @Override
    protected String frames() {
        return vi.receiveSide().missingFrames() + " " + (vi.transmitSide().frames() - vi.transmitSide().freeFrames()) + " "
            + vi.receiveSide().spareFrames() + " " + vi.receiveSide().retainedFrames();
    }

    @Override
    protected String calls() {
        return vi.receiveCalls() + " " + vi.transmitCalls();
    }

    @Override
    protected String other(String[] c) {
        return switch (c[0]) {
            case "link" -> Integer.toString(vi.linkState());
            case "mac" -> mac();
            default -> "what is " + c[0];
        };
    }

    private String mac() {
        vi.refreshHardwareAddress();
        return "ok";
    }
}
