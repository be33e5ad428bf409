package io.accel.tools;

import io.accel.tools.bench.BenchCommand;
import io.accel.tools.demo.DemoCommand;
import io.accel.tools.doctor.DoctorCommand;
import io.accel.tools.explain.ExplainCommand;
import io.accel.tools.interfaces.InterfacesCommand;
import io.accel.tools.profiles.ProfilesCommand;
import io.accel.tools.selftest.SelftestCommand;
import io.accel.tools.stackdump.ReapCommand;
import io.accel.tools.stackdump.StackdumpCommand;
import io.accel.tools.tcpdump.TcpdumpCommand;
import io.accel.tools.tests.TestReportCommand;
import io.accel.tools.text.Wrapped;
import io.accel.tools.top.TopCommand;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The Java side of the {@code accel} command; the shell script starts it and has done the set-up. */
@Command(name = "accel", mixinStandardHelpOptions = true, description = "The Java side of ./accel",
    subcommands = {DemoCommand.class, BenchCommand.class, DoctorCommand.class, InterfacesCommand.class, SelftestCommand.class,
        ProfilesCommand.class, ExplainCommand.class, StackdumpCommand.class, ReapCommand.class, TopCommand.class, TcpdumpCommand.class,
        TestReportCommand.class})
public final class Main {
    /** As explain writes it between two addresses; to picocli it looks like an option. */
    private static final String ARROW = "->";

    private Main() {
    }

    /** Runs one subcommand; status 2 for a wrong command line, 1 when it failed. */
    public static void main(String[] args) {
        final CommandLine line = commandLine();
        final boolean arrows = args.length > 0 && args[0].equals("explain");
        System.exit(line.execute(Arrays.stream(args).map(each -> arrows && each.equals(ARROW) ? "to" : each).toArray(String[]::new)));
    }

    /** All commands, as their help tells them. */
    public static CommandLine commandLine() {
        final CommandLine line = new CommandLine(new Main());
        line.setUsageHelpWidth(Wrapped.COLUMNS);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            System.err.print(told("accel " + command.getCommandName() + ": ", String.valueOf(failure.getMessage())));
            if (!(failure instanceof ToolException)) {
                failure.printStackTrace(System.err);
            }
            return 1;
        });
        return line;
    }

    /** The first line broken where it must be; what a program said, in further lines, as it is. */
    private static String told(String start, String message) {
        final String[] lines = message.split("\n", 2);
        return Wrapped.under(start, lines[0], 2) + (lines.length == 1 ? "" : lines[1].stripTrailing() + "\n");
    }
}
