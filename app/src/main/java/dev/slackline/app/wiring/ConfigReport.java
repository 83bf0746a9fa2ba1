package dev.slackline.app.wiring;

import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * Every setting as it stands.
 *
 * @param lines one for each setting
 * @param warnings about variables that have no effect
 * @param problems what is wrong with the values that count: those of backends that are not chosen do not
 */
public record ConfigReport(List<Line> lines, List<String> warnings, List<String> problems) {

    /**
     * One setting.
     *
     * @param name its variable
     * @param value its value, hidden if it is a secret; {@code (invalid)} and {@code (not set)} stand in brackets
     * @param source where the value came from
     * @param description what it means
     */
    public record Line(String name, String value, String source, String description) {}

    /** Copies the lists. */
    public ConfigReport {
        lines = List.copyOf(lines);
        warnings = List.copyOf(warnings);
        problems = List.copyOf(problems);
    }

    /** Reads every setting; wrong values are reported rather than refused. */
    public static ConfigReport of(Env env) {
        List<Line> lines = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        String chosen = chosenBackend(env);
        for (Catalog.Section section : Catalog.sections()) {
            boolean counts = section.backend().isEmpty() || section.backend().equals(chosen);
            for (Setting<?> setting : section.settings()) {
                try {
                    lines.add(line(env, section, setting));
                } catch (ConfigurationException e) {
                    boolean set = env.names().contains(setting.name());
                    lines.add(new Line(setting.name(), set ? "(invalid)" : "(not set)", "-", setting.description()));
                    if (counts) {
                        problems.addAll(e.problems());
                    }
                }
            }
        }
        if (problems.isEmpty()) {
            problems.addAll(combined(env));
        }
        return new ConfigReport(lines, Catalog.warnings(env), problems);
    }

    /** What no single value shows: a backend that is not installed, a group name that is not allowed. */
    private static List<String> combined(Env env) {
        try {
            Configuration.checked(env, List.of(), values -> {});
            return List.of();
        } catch (ConfigurationException e) {
            return e.problems();
        }
    }

    private static String chosenBackend(Env env) {
        try {
            return Settings.parse(env, List.of(QueueSettings.BACKEND)).get(QueueSettings.BACKEND);
        } catch (ConfigurationException e) {
            return "";
        }
    }

    @SuppressWarnings("unchecked") // paths are text
    private static Line line(Env env, Catalog.Section section, Setting<?> setting) {
        Settings settings = Settings.parse(env, List.of(setting));
        String shown = settings.shown(setting);
        if (setting.isPath()) {
            List<Setting<?>> paths =
                    section.settings().stream().filter(Setting::isPath).toList();
            shown = Settings.parse(env, paths).path((Setting<String>) setting).toString();
        }
        return new Line(
                setting.name(), shown.isEmpty() ? "(not set)" : shown, settings.source(setting), setting.description());
    }
}
