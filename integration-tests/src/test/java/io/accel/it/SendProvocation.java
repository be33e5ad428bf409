package io.accel.it;

import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;

/** Reasons that one datagram meets, and a question of {@code explain udp} about it foretells. */
enum SendProvocation implements Provocation {
    DISABLED("none", "10.77.0.2:9"),
    NOT_ACCELERATED_INTERFACE("lo:shm", "10.77.0.2:9"),
    NO_DRIVER("va:efvi", "10.77.0.2:9"),
    NO_PRIVILEGE("va:afxdp", "10.77.0.2:9") {
        @Override
        Jvm by(Jvm jvm) {
            return jvm.byNobody();
        }
    },
    MEMLOCK("va:afxdp", "10.77.0.2:9") {
        @Override
        Jvm by(Jvm jvm) {
            return jvm.launchedBy("prlimit --memlock=65536 setpriv --inh-caps=-ipc_lock --bounding-set=-ipc_lock");
        }
    },
    INTERFACE_DOWN("va:afxdp", "10.77.0.2:9") {
        @Override
        public Wire wire() {
            final Wire wire = super.wire();
            wire.b().run("ip link set vb down");
            return wire;
        }
    },
    NO_ROUTE("va:afxdp", "192.0.2.1:9"),
    BROADCAST("va:afxdp", "10.77.0.255:9"),
    NEIGHBOUR_UNRESOLVED("va:afxdp", "10.77.0.99:9"),
    UNSUPPORTED_ROUTE("va:afxdp", "198.51.100.1:9") {
        @Override
        public Wire wire() {
            final Wire wire = super.wire().withIpv6();
            wire.a().run("ip route add 198.51.100.0/24 via inet6 fe80::2 dev va");
            return wire;
        }
    },
    FIREWALL("va:afxdp", "10.77.0.2:9") {
        @Override
        public Wire wire() {
            final Wire wire = super.wire();
            wire.a().feed("table ip t { chain c { type filter hook output priority 0; udp dport 9 drop\n }\n}\n", "nft -f -");
            return wire;
        }
    },
    EXCEEDS_MTU("va:afxdp", "10.77.0.2:9") {
        @Override
        int bytes() {
            return 3000;
        }
    },
    NO_LOCAL_PEER("lo:shm", "10.77.0.1:9");

    private static final int BYTES = 64;

    private final String interfaces;
    private final String to;

    SendProvocation(String interfaces, String to) {
        this.interfaces = interfaces;
        this.to = to;
    }

    /** What is asked, as the command takes it. */
    String question() {
        return "explain udp " + LOCAL + " to " + to + " --interfaces=" + interfaces + " --bytes=" + bytes();
    }

    int bytes() {
        return BYTES;
    }

    /** As the user or within the limits that it takes. */
    Jvm by(Jvm jvm) {
        return jvm;
    }

    @Override
    public Jvm jvm() {
        return by(Jvm.accelerated(interfaces));
    }

    @Override
    public void meet(Wire wire, Talking talker) {
        talker.ask("open " + LOCAL);
        talker.ask("send " + to + " " + bytes());
    }
}
