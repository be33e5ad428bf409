package io.accel.core.shm;

import io.accel.core.vi.EventBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The other process of a test: sends for ever, or receives for ever, until it is killed or its standard input ends. */
public final class ShmPeer {
    private ShmPeer() {
    }

    /** Starts one in a JVM of its own. */
    static Process start(String role, SharedDirectory directory, String name) throws IOException {
        final List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
            "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
            ShmPeer.class.getName(), role, directory.path().toString(), name));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    public static void main(String[] args) throws Exception {
        try (ShmDomain domain = ShmDomain.open(SharedDirectory.configuration(args[1]))) {
            final ShmVirtualInterface vi = domain.openVi(ShmDomain.DEFAULT_RING_BYTES);
            switch (args[0]) {
                case "send" -> send(domain, vi, args[2]);
                case "receive" -> receive(domain, vi, args[2]);
                default -> throw new IllegalArgumentException(args[0]);
            }
        }
    }

    /** Numbers every attempt, and says at the end how many were sent and how many refused. */
    private static void send(ShmDomain domain, ShmVirtualInterface vi, String name) throws IOException {
        final int peer = domain.lookup(name);
        long number = 0;
        while (System.in.available() == 0) {
            for (int i = 0; i < 1000; i++) {
                Messages.send(vi, peer, number, 8 + (int) (number * 7919 % 3000));
                number++;
            }
            Thread.yield();
        }
        System.out.println(vi.transmitted() + " " + vi.droppedRingFull());
    }

    private static void receive(ShmDomain domain, ShmVirtualInterface vi, String name) throws Exception {
        domain.publish(vi, name);
        System.out.println("ready");
        try (EventBatch events = new EventBatch(64)) {
            while (System.in.available() == 0) {
                for (int i = 0; i < 1000; i++) {
                    vi.poll(events, 64);
                    vi.release(events);
                }
                Thread.yield();
            }
        }
        System.out.println(vi.received());
    }
}
