package io.accel.udp.management;

import io.accel.udp.state.StackView;
import java.util.List;

/** The interfaces of a stack. */
final class Interfaces implements InterfacesMXBean {
    private final StackView stack;

    Interfaces(StackView stack) {
        this.stack = stack;
    }

    @Override
    public List<InterfaceInfo> getInterfaces() {
        return stack.interfaces().stream().map(InterfaceInfo::new).toList();
    }
}
