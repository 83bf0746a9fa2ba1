package dev.slackline.app.wiring;

import dev.slackline.queue.config.Setting;
import java.util.ArrayList;
import java.util.List;

/** The settings as a page of documentation, in Markdown. */
public final class SettingsDocument {

    private SettingsDocument() {}

    /** The lines of {@code docs/configuration.md}. */
    public static List<String> lines(List<Catalog.Section> sections) {
        List<String> lines = new ArrayList<>(List.of(
                "# Configuration",
                "",
                "<!-- made by: ./slackline config --markdown > docs/configuration.md -->",
                "",
                "Settings are environment variables; a file `.env` in the working folder is read as well, and the",
                "environment wins. `NAME_FILE=path` reads the value of `NAME` from a file. An empty value counts as not",
                "set. Everything wrong is reported at once, before anything starts (exit code 2); a variable that looks",
                "like a setting and is none is warned about. `./slackline config` shows the values in force.",
                "",
                "`SLACKLINE_CLASSPATH` and `SLACKLINE_JAVA_OPTS` are read by the launcher, before there is a JVM, and so",
                "from the environment alone: in `.env` they have no effect, and are warned about."));
        for (Catalog.Section section : sections) {
            lines.addAll(List.of(
                    "", "## " + section.title(), "", "| setting | type | default | means |", "|---|---|---|---|"));
            section.settings().forEach(setting -> lines.add(row(setting)));
        }
        return lines;
    }

    private static String row(Setting<?> setting) {
        String fallback = setting.fallback();
        String shown = fallback == null ? "required" : fallback.isEmpty() ? "" : "`" + fallback + "`";
        return "| `" + setting.name() + "` | " + setting.type() + " | " + shown + " | "
                + setting.description().replace("|", "\\|") + " |";
    }
}
