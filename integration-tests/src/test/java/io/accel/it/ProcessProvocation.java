package io.accel.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.it.fixture.JavaHomes;
import io.accel.it.fixture.Jvm;
import io.accel.it.fixture.LackingJdk;
import io.accel.it.fixture.Talking;
import io.accel.it.fixture.Wire;
import java.util.Map;

/** Reasons that leave a whole process with the JDK's channels. */
enum ProcessProvocation implements Provocation {
    NO_NATIVE_LIBRARY {
        @Override
        public Jvm jvm() {
            return super.jvm().option("-Dos.arch=sparc");
        }

        @Override
        public Map<Surface, String> silent() {
            final String why = "what they read is kept in files whose locks and modes are the native library's";
            return Map.of(Surface.EXPLAIN, why, Surface.STACKDUMP, why);
        }
    },
    NO_JDK_INTERNALS {
        @Override
        public Jvm jvm() {
            return super.jvm()
                .option("--patch-module=java.base=" + LackingJdk.withoutField("sun/nio/ch/SelectorImpl", "publicSelectedKeys"));
        }
    },
    /** Set by the program itself, on a JDK that still has them. */
    SECURITY_MANAGER {
        @Override
        public Jvm jvm() {
            return super.jvm().of(JavaHomes.all().filter(home -> home.version() < 24).findFirst()
                .orElseThrow(() -> new AssertionError("needs a JDK 17"))).option("-Djava.security.manager=allow");
        }

        @Override
        public void meet(Wire wire, Talking talker) {
            super.meet(wire, talker);
            assertThat(talker.ask("guard")).isEqualTo("guarded");
            talker.ask("close");
            super.meet(wire, talker);
        }
    };

    @Override
    public Jvm jvm() {
        return Jvm.accelerated("lo:shm");
    }

    @Override
    public void meet(Wire wire, Talking talker) {
        talker.ask("open " + LOCAL);
        assertThat(talker.ask("send " + LOCAL + " 64")).isEqualTo("sent 1");
        assertThat(talker.ask("receive 5000")).isEqualTo("64 bytes");
    }
}
