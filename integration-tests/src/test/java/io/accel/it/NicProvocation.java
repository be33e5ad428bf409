package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.NativeTool;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.SimulatedNic;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;

/** Reasons that are the NIC's or its driver's, by faults of the simulated one: what receives tells them. */
enum NicProvocation implements Provocation {
    DATAPATH_FAILED("SIM_FAULTS=vi=EEXIST@1-1000"),
    /** The third frame is lost with the VI; the next VI is opened at once. */
    VI_FAILED("SIM_FAULTS=reset@3") {
        @Override
        public void meet(Wire wire, Talking talker) {
            super.meet(wire, talker);
            talker.ask("roundtrips " + ECHO + " 3");
            talker.program().awaitErr("va is accelerated", 2);
        }
    },
    /** The link is paused before the first frame leaves. */
    TX_RING_FULL("SIM_FAULTS=pause@1") {
        @Override
        public void meet(Wire wire, Talking talker) {
            talker.ask("open " + LOCAL);
            talker.ask("send " + ECHO + " 64 600");
        }
    },
    /** X3 and X4 have no sets. */
    NO_VI_SET("SIM_NIC=x3") {
        @Override
        public Jvm jvm() {
            return super.jvm().option("-Daccel.efvi.vis=4");
        }
    },
    FILTER_REFUSED("SIM_FAULTS=filter=ENODEV"),
    FILTER_UNSUPPORTED("SIM_FAULTS=filter=EOPNOTSUPP"),
    FILTER_TAKEN("SIM_FAULTS=filter=EBUSY"),
    FILTER_TABLE_FULL("SIM_FAULTS=filter=ENOSPC"),
    /** Without the right to have the kernel confirm a next hop, nor filters, which need it as well. */
    NEIGHBOUR_REFRESH("SIM_FAULTS=filter=EPERM setpriv --inh-caps=-net_admin --bounding-set=-net_admin") {
        @Override
        public Wire wire() {
            final Wire wire = super.wire();
            wire.a().run("ip neigh replace 10.77.0.2 lladdr " + wire.b().mac() + " dev va nud stale");
            return wire;
        }
    };

    private static final String ECHO = "10.77.0.2:7002";

    private final String environment;

    NicProvocation(String environment) {
        this.environment = environment;
    }

    @Override
    public Jvm jvm() {
        return SimulatedNic.under("va:efvi", environment);
    }

    @Override
    public void meet(Wire wire, Talking talker) {
        Program.start(wire.b(), NativeTool.wire() + " echo 10.77.0.2 7002").awaitOut("echo at");
        talker.ask("open " + LOCAL);
        assertThat(talker.ask("roundtrips " + ECHO + " 1")).isEqualTo("1 answered");
    }
}
