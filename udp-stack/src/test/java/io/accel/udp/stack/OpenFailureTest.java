package io.accel.udp.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.Reason;
import io.accel.udp.route.NetworkDevice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When an interface that could not be opened is tried again. */
class OpenFailureTest {
    /** Seconds at which an attempt is due in the first three hundred. */
    private static List<Integer> attempts(Reason reason) {
        final List<Integer> at = new ArrayList<>(List.of(0));
        OpenFailure failure = OpenFailure.next(null, reason, null);
        for (int second = 1; second <= 300; second++) {
            failure = failure.ticked();
            if (failure.isDue(null)) {
                at.add(second);
                failure = OpenFailure.next(failure, reason, null);
            }
        }
        return at;
    }

    @Test
    void whatLastsIsTriedLessAndLessOften() {
        for (final Reason reason : new Reason[] {Reason.NO_PRIVILEGE, Reason.MEMLOCK, Reason.NO_DRIVER}) {
            assertThat(attempts(reason)).as(reason.name()).containsExactly(0, 1, 3, 7, 15, 31, 63, 127, 191, 255);
        }
    }

    @Test
    void whatGoesAwayByItselfIsTriedEverySecond() {
        assertThat(attempts(Reason.INTERFACE_DOWN)).hasSize(301);
        assertThat(attempts(Reason.QUEUE_TAKEN)).hasSize(301);
    }

    @Test
    void aChangedDeviceAndAnotherReasonStartAnew() {
        final NetworkDevice device = device(1500);
        OpenFailure failure = OpenFailure.next(null, Reason.NO_DRIVER, device);
        for (int i = 0; i < 5; i++) {
            failure = OpenFailure.next(failure, Reason.NO_DRIVER, device);
        }
        assertThat(failure.isDue(device)).isFalse();
        assertThat(failure.isDue(device(9000))).isTrue();
        assertThat(failure.isDue(null)).isTrue();
        assertThat(OpenFailure.next(failure, Reason.MEMLOCK, device).ticked().isDue(device)).isTrue();
    }

    private static NetworkDevice device(int mtu) {
        return new NetworkDevice(2, "eth0", 0x020000000001L, mtu, 0x43, 1, 0, 0, -1, "", 0, 64, mtu);
    }
}
