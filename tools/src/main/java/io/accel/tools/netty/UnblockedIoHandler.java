package io.accel.tools.netty;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;

/** Another handler that is told in each round that it must not block, so that its loop spins. */
final class UnblockedIoHandler implements IoHandler {
    private final IoHandler handler;
    private IoHandlerContext ofLoop;
    private IoHandlerContext unblocked;

    UnblockedIoHandler(IoHandler handler) {
        this.handler = handler;
    }

    private record Unblocked(IoHandlerContext ofLoop) implements IoHandlerContext {
        @Override
        public boolean canBlock() {
            return false;
        }

        @Override
        public long delayNanos(long now) {
            return ofLoop.delayNanos(now);
        }

        @Override
        public long deadlineNanos() {
            return ofLoop.deadlineNanos();
        }

        @Override
        public void reportActiveIoTime(long nanos) {
            ofLoop.reportActiveIoTime(nanos);
        }

        @Override
        public boolean shouldReportActiveIoTime() {
            return ofLoop.shouldReportActiveIoTime();
        }
    }

    @Override
    public int run(IoHandlerContext context) {
        if (ofLoop != context) {
            ofLoop = context;
            unblocked = new Unblocked(context);
        }
        return handler.run(unblocked);
    }

    @Override
    public void initialize() {
        handler.initialize();
    }

    @Override
    public void prepareToDestroy() {
        handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
        handler.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return handler.register(handle);
    }

    @Override
    public void wakeup() {
        handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return handler.isCompatible(type);
    }
}
