package io.accel.samples;

import java.io.IOException;

/** What the mains have in common: help, and errors as one line on standard error with an exit status. */
final class Sample {
    /** The body of a sample. */
    @FunctionalInterface
    interface Body {
        /** @return the exit status */
        int run(Arguments arguments) throws IOException, InterruptedException;
    }

    private Sample() {
    }

    /** Runs a sample to its end: status 2 for a wrong command line, 1 for an error, else what the body says. */
    static void main(String name, Arguments arguments, String[] args, Body body) {
        System.exit(run(name, arguments, args, body));
    }

    static int run(String name, Arguments arguments, String[] args, Body body) {
        try {
            arguments.parse(args);
            if (arguments.isSet("help")) {
                System.out.println(arguments.usage());
                return 0;
            }
            return body.run(arguments);
        } catch (final Arguments.UsageException e) {
            System.err.println(name + ": " + e.getMessage());
            System.err.println("Try --help.");
            return 2;
        } catch (final IOException e) {
            System.err.println(name + ": " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
            return 1;
        } catch (final InterruptedException e) {
            System.err.println(name + ": interrupted");
            return 1;
        }
    }
}
