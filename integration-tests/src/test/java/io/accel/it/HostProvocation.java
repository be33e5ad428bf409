package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Host;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.NativeTool;
import io.accel.it.fixture.Program;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;

/** Reasons that lie in the host, in other programs on it, or in what the program does with its channel. */
enum HostProvocation implements Provocation {
    NO_INTERFACE("nic7:afxdp,lo:shm") {
        @Override
        public void meet(Wire wire, Talking talker) {
            talker.ask("open " + LOCAL);
        }
    },
    INTERFACE_CHANGED("va:afxdp") {
        @Override
        public void meet(Wire wire, Talking talker) {
            talker.ask("open " + LOCAL);
            wire.a().run("ip link set va mtu 1400");
            talker.program().awaitErr("va is accelerated", 2);
        }
    },
    QUEUE_TAKEN("va:afxdp") {
        @Override
        public Wire wire() {
            final Wire wire = super.wire();
            wire.a().run("ip link set dev va xdpgeneric obj " + NativeTool.xdpPass() + " sec xdp");
            return wire;
        }

        @Override
        public void meet(Wire wire, Talking talker) {
            talker.ask("open " + LOCAL);
            talker.ask("send 10.77.0.2:9 64");
        }
    },
    GROUP_SHARED("va:afxdp,lo:shm") {
        @Override
        public void meet(Wire wire, Talking talker) {
            wire.a().run("ip route add 239.0.0.0/8 dev va");
            Program.start(wire.a(), NativeTool.wire() + " echo 0.0.0.0 7001 reuse").awaitOut("echo at");
            talker.ask("open *:7001 reuse");
            talker.ask("join 239.1.2.3 va");
            talker.ask("send 239.1.2.3:7001 64");
        }
    },
    SHARED_PORT("va:afxdp,lo:shm") {
        @Override
        public void meet(Wire wire, Talking talker) {
            Program.start(wire.a(), NativeTool.wire() + " echo 10.77.0.1 7001 reuse").awaitOut("echo at");
            talker.ask("open " + LOCAL + " reuse");
            talker.ask("send " + LOCAL + " 64");
        }
    },
    FORMER_PEER("lo:shm") {
        @Override
        public Wire wire() {
            return super.wire().withIpv6();
        }

        @Override
        public void meet(Wire wire, Talking talker) {
            talker.ask("open *:7001");
            assertThat(talker.ask("connect [::1]:9")).startsWith("connected");
            assertThat(talker.ask("disconnect")).isEqualTo("disconnected");
            hearOfKernel(wire.a(), talker);
        }
    },
    FOREIGN_SELECTOR("lo:shm") {
        @Override
        public Jvm jvm() {
            return super.jvm().option("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
        }

        @Override
        public void meet(Wire wire, Talking talker) {
            talker.ask("open " + LOCAL);
            assertThat(talker.ask("foreign")).isEqualTo("registered");
        }
    },
    KERNEL_SENDER("lo:shm") {
        @Override
        public void meet(Wire wire, Talking talker) {
            talker.ask("open " + LOCAL);
            hearOfKernel(wire.a(), talker);
        }
    },
    /** The answer to a datagram that went past the kernel: nobody has the port. */
    KERNEL_ERROR("va:afxdp") {
        @Override
        public void meet(Wire wire, Talking talker) {
            talker.ask("open " + LOCAL);
            talker.ask("connect 10.77.0.2:9");
            Await.until("the port to be unreachable", () -> talker.ask("send 10.77.0.2:9 64").contains("PortUnreachable"),
                talker.program()::toString);
        }
    };

    private final String interfaces;

    HostProvocation(String interfaces) {
        this.interfaces = interfaces;
    }

    @Override
    public Jvm jvm() {
        return Jvm.accelerated(interfaces);
    }

    /** A datagram of a program without Accel on the same host. */
    static void hearOfKernel(Host host, Talking talker) {
        host.feed("echo > /dev/udp/10.77.0.1/7001\n", "bash");
        assertThat(talker.ask("receive 5000")).isEqualTo("1 damaged bytes");
    }
}
