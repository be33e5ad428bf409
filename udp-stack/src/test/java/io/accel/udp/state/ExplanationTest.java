package io.accel.udp.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.accel.core.DropCause;
import io.accel.core.Reason;
import io.accel.udp.wire.FrameError;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExplanationTest {
    private static List<String> explained(SocketState state) {
        return Explanation.of(state).stream().map(Explanation.Line::toString).toList();
    }

    @Test
    void whatTheKernelReceivesWhatItDropsAndWhereItSends() {
        assertThat(explained(new SocketState("10.0.0.1:9", "10.0.0.2:9", true, "SHARED_PORT", 1, 2, 3, 4, Map.of("SHARED_PORT", 3L),
            Map.of("QUEUE_FULL", 5L), 6, 0, 0, 1000, List.of(), List.of(new SocketState.Destination("10.0.0.2:9", "eth1", null),
            new SocketState.Destination("10.0.0.3:9", null, "NO_ROUTE"))))).containsExactly(
            "receives: by the kernel what it could take itself: SHARED_PORT, another socket shares this port; bind a port of your own, or "
                + "without SO_REUSEADDR and SO_REUSEPORT. So far 1 fast and 3 by the kernel",
            "sends to 10.0.0.2:9: by eth1",
            "sends to 10.0.0.3:9: by the kernel: NO_ROUTE, the kernel has no route to the destination; none: the kernel answers with its "
                + "error",
            "sent: 2 fast and 4 by the kernel",
            "3 by the kernel: SHARED_PORT, another socket shares this port; bind a port of your own, or without SO_REUSEADDR and "
                + "SO_REUSEPORT",
            "5 dropped: QUEUE_FULL, the channel's receive queue was full; read faster, or raise SO_RCVBUF");
    }

    @Test
    void aNameOfAnotherVersionIsLeftAsItIs() {
        assertThat(Causes.reason("OF_LATER")).isEqualTo("unknown to this version");
        assertThat(Causes.drop("OF_LATER")).isEqualTo("unknown to this version");
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonHasWords(Reason reason) {
        final SocketState state = new SocketState("0.0.0.0:9", null, false, reason.name(), 0, 0, 0, 0, Map.of(), Map.of(), 0, 0, 0, 0,
            List.of(), List.of());
        assertThat(explained(state)).containsExactly("by the kernel alone: " + reason + ", " + reason.text() + "; " + reason.remedy());
    }

    @ParameterizedTest
    @EnumSource(DropCause.class)
    void everyDropHasWords(DropCause cause) {
        assertThat(Causes.drop(cause.name())).contains(cause.text(), cause.remedy());
    }

    @ParameterizedTest
    @EnumSource(FrameError.class)
    void everyBadFrameHasWords(FrameError error) {
        assertThat(Causes.drop(error.name())).contains(error.text());
    }
}
