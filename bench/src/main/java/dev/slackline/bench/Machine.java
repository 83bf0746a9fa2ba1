package dev.slackline.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the figures were measured on, in one line. */
final class Machine {

    private Machine() {}

    static String describe() {
        return String.format(
                Locale.ROOT,
                "%d cores, JDK %s, %s %s",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
    }

    /** The checkout that the launcher runs from. */
    static Path home() {
        Path home = Path.of(System.getProperty("slackline.home", "."));
        if (!Files.isExecutable(home.resolve("slackline"))) {
            throw new IllegalStateException("run this as ./slackline bench …");
        }
        return home;
    }
}
