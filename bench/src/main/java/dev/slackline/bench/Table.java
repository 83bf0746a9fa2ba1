package dev.slackline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The rows of one bench, as Markdown. {@link #writeInto} puts them between the two marks of that bench in {@code
 * docs/benchmarks.md}, and leaves the rest of the page alone.
 */
final class Table {

    private final String bench;
    private final String command;
    private final List<String> rows = new ArrayList<>();

    Table(String bench) {
        this(bench, bench);
    }

    /** A table of its own for a part of a bench, which a command makes alone. */
    Table(String marks, String command) {
        this.bench = marks;
        this.command = command;
    }

    /** Adds a row of rates, taken in turns with those of the baseline; the goal is the least ratio. */
    void row(
            String what,
            List<Measured> runs,
            String baseline,
            List<Measured> baselineRuns,
            double goal,
            Ledger ledger) {
        double ratio = Measured.ratio(runs, baselineRuns);
        String atLeast = "≥ " + goal;
        String beside = baseline + ": " + Measured.medianRate(baselineRuns);
        row(what, Measured.medianRate(runs), beside, ratio, atLeast, ratio >= goal, ledger);
    }

    /** Adds a row; the goal is a text because it may be a bound from either side. */
    void row(String what, String measured, String baseline, double ratio, String goal, boolean reached, Ledger ledger) {
        row(what, measured, baseline, ratio, goal, reached, ledger.toString());
    }

    /** The same with a ledger of its own kind. */
    void row(String what, String measured, String baseline, double ratio, String goal, boolean reached, String ledger) {
        rows.add(String.format(
                Locale.ROOT,
                "| %s | %s | %s | **%.2f** | %s | %s | %s |",
                what,
                measured,
                baseline,
                ratio,
                goal,
                reached ? "yes" : "no",
                ledger));
    }

    /** Adds a row of a figure that has no baseline. */
    void row(String what, String measured, String goal, boolean reached, String remark) {
        row(what, measured, "–", goal, reached, remark);
    }

    /** Adds a row of a figure beside others, of which a ratio would say nothing. */
    void row(String what, String measured, String beside, String goal, boolean reached, String remark) {
        rows.add("| " + what + " | " + measured + " | " + beside + " | – | " + goal + " | " + (reached ? "yes" : "no")
                + " | " + remark + " |");
    }

    @Override
    public String toString() {
        return "| what | Slackline | baseline | ratio | goal | reached | ledger |\n|---|---|---|---|---|---|---|\n"
                + String.join("\n", rows);
    }

    void writeInto(Path page, String machine) {
        String begin = "<!-- " + bench + " begin -->";
        String end = "<!-- " + bench + " end -->";
        try {
            String text = Files.readString(page);
            int from = text.indexOf(begin);
            int to = text.indexOf(end);
            if (from < 0 || to < from) {
                throw new IllegalStateException(page + " lacks the marks " + begin + " and " + end);
            }
            String made = begin + "\n`./slackline bench " + command + "` — " + machine + "\n\n" + this + "\n";
            Files.writeString(page, text.substring(0, from) + made + text.substring(to));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + page, e);
        }
    }
}
