package io.accel.tools.selftest;

import picocli.CommandLine.Command;

/** What a user runs on a machine of his to see that a datapath works there. */
@Command(name = "selftest", mixinStandardHelpOptions = true, description = "Tries a datapath on this machine, step by step.",
    subcommands = {EfviSelftest.class, EchoCommand.class})
public final class SelftestCommand {
}
