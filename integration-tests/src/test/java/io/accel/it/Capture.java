package io.accel.it;

import io.accel.it.fixture.Await;
import io.accel.it.fixture.Command;
import io.accel.it.fixture.Host;
import io.accel.it.fixture.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What tshark saw on a device, decoded with all checksums verified. Closing it ends the capture and removes its file. */
final class Capture implements AutoCloseable {
    private static final int GOOD = 1;

    private final Path file;
    private final Program program;

    /** A UDP datagram. @param payload in hexadecimal @param problems what tshark finds wrong with it: nothing, if it is empty */
    record Datagram(String source, String payload, String problems) {
    }

    private Capture(Host host, String device) {
        try {
            file = Files.createTempFile("accel-it-", ".pcap");
        } catch (final IOException e) {
            throw new AssertionError("a file for the capture", e);
        }
        program = Program.start(host, "dumpcap -q -P -i " + device + " -f udp -w " + file);
    }

    /** Starts and waits until it listens. */
    static Capture start(Host host, String device) {
        final Capture capture = new Capture(host, device);
        capture.program.awaitErr("File: ");
        return capture;
    }

    /** What it has so far. */
    List<Datagram> decoded() {
        final Command tshark = Command.attempt("tshark", "-r", file.toString(),
            "-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-d", "udp.port==1-65535,data",
            "-T", "fields", "-E", "separator=|", "-e", "ip.src", "-e", "data.data",
            "-e", "ip.checksum.status", "-e", "udp.checksum.status", "-e", "_ws.malformed", "-e", "_ws.expert.message");
        final List<Datagram> datagrams = new ArrayList<>();
        for (final String line : tshark.output().split("\n")) {
            final String[] field = line.split("\\|", -1);
            if (field.length == 6) {
                final boolean good = field[2].equals(String.valueOf(GOOD)) && field[3].equals(String.valueOf(GOOD));
                final String wrong = field[4] + field[5];
                datagrams.add(new Datagram(field[0], field[1].replace(":", ""), good && wrong.isEmpty() ? "" : line));
            }
        }
        return datagrams;
    }

    /** Fields of every packet so far, by tshark's names; a line of one packet has its values in that order, the first of each. */
    List<List<String>> fields(String... names) {
        final List<String> command = new ArrayList<>(List.of("tshark", "-r", file.toString(), "-T", "fields", "-E", "separator=|",
            "-E", "occurrence=f", "-o", "ip.defragment:FALSE", "-o", "udp.check_checksum:TRUE", "-d", "udp.port==1-65535,data"));
        for (final String name : names) {
            command.add("-e");
            command.add(name);
        }
        return Command.attempt(command, "").output().lines().filter(line -> line.contains("|"))
            .map(line -> List.of(line.split("\\|", -1))).toList();
    }

    /** The pattern of {@link io.accel.it.programs.Talker} in hexadecimal. */
    static String pattern(int bytes) {
        final StringBuilder text = new StringBuilder();
        for (int at = 0; at < bytes; at++) {
            text.append(String.format("%02x", bytes * 7 + at * 31 & 0xFF));
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return decoded() + "\n" + program;
    }

    @Override
    public void close() {
        program.close();
        Await.until("the end of the capture", () -> !program.isAlive());
        try {
            Files.deleteIfExists(file);
        } catch (final IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }
}
