package dev.slackline.bench;

import java.io.PrintStream;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What every bench can be told, and how it reports. */
final class RunOptions {

    @Option(names = "--seconds", description = "How long each run lasts (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--rounds", defaultValue = "5", description = "How often (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--write", description = "Write the table into docs/benchmarks.md.")
    private boolean write;

    private final PrintStream out = System.out;

    RunOptions(double seconds) {
        this.seconds = seconds;
    }

    double seconds() {
        return seconds;
    }

    int rounds() {
        return rounds;
    }

    /** For whoever watches. */
    void say(String line) {
        out.println(line);
    }

    /** Says what one run came to, and returns it. */
    Measured say(String what, Measured measured) {
        say(String.format(Locale.ROOT, "%-28s %s", what, measured));
        return measured;
    }

    /** Prints the table, and puts it into the page of benchmarks if that was asked for. */
    void report(Table table) {
        say(table.toString());
        if (write) {
            table.writeInto(Machine.home().resolve("docs/benchmarks.md"), Machine.describe());
        }
    }
}
