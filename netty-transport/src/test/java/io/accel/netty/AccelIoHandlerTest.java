package io.accel.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Patience is far below the second after which a loop that lost a wake-up looks by itself. */
@Timeout(60)
class AccelIoHandlerTest {
    private static final int TASKS = 2_000;

    private Loops loops;

    @BeforeEach
    void open() {
        loops = Loops.ofAccel(1);
    }

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void tasksOfOtherThreadsWakeASleepingLoop() throws Exception {
        final EventLoop loop = loops.group().next();
        final long start = System.nanoTime();
        for (int i = 0; i < TASKS; i++) {
            final int answer = i;
            assertThat(loop.submit(() -> answer).get()).isEqualTo(i);
        }
        // One lost wake-up in a hundred would cost twenty seconds.
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(15));
    }

    @Test
    void timersRunWhenTheyAreDue() throws Exception {
        final EventLoop loop = loops.group().next();
        for (final int millis : new int[] {0, 1, 30, 300}) {
            final long start = System.nanoTime();
            final long ran = loop.schedule(System::nanoTime, millis, TimeUnit.MILLISECONDS).get();
            assertThat(ran - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(millis));
            // A loop that knew nothing of its timers would sleep a second.
            assertThat(ran - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(millis + 600));
        }
    }

    @Test
    void handlesOfOtherTransportsAreRefused() {
        final IoHandle foreign = new IoHandle() {
            @Override
            public void handle(IoRegistration registration, IoEvent event) {
                throw new AssertionError("was never registered");
            }

            @Override
            public void close() {
                throw new AssertionError("was never registered");
            }
        };
        final IoEventLoop loop = (IoEventLoop) loops.group().next();
        assertThat(loop.isCompatible(foreign.getClass())).isFalse();
        assertThatThrownBy(() -> loop.register(foreign).get()).isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDescriptorOfTheKernelsIsWatched() throws Exception {
        final Shadow socket = Shadow.open(null);
        socket.channel().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        final CompletableFuture<AccelIoOps> told = new CompletableFuture<>();
        final CompletableFuture<Void> closed = new CompletableFuture<>();
        final AccelIoHandle handle = new AccelIoHandle() {
            @Override
            public int descriptor() {
                return socket.fd();
            }

            @Override
            public void handle(IoRegistration registration, IoEvent event) {
                told.complete(((AccelIoEvent) event).ops());
                registration.submit(AccelIoOps.NONE);
            }

            @Override
            public void close() throws IOException {
                socket.channel().close();
                closed.complete(null);
            }
        };
        final IoEventLoop loop = (IoEventLoop) loops.group().next();
        final IoRegistration registration = loop.register(handle).get();
        loop.submit(() -> registration.submit(AccelIoOps.READ)).get();
        assertThat(told).isNotDone();
        socket.channel().send(ByteBuffer.allocate(1), socket.local());
        assertThat(told.get(20, TimeUnit.SECONDS).contains(AccelIoOps.READ)).isTrue();
        loops.close();
        assertThat(closed).isDone();
        assertThat(registration.isValid()).isFalse();
    }
}
