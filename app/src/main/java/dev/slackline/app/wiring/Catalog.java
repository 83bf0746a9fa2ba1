package dev.slackline.app.wiring;

import dev.slackline.queue.Backends;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.HttpSettings;
import dev.slackline.slack.SlackSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Every setting that anything here reads. */
public final class Catalog {

    /**
     * Settings that belong together.
     *
     * @param title for people
     * @param backend the backend they belong to; empty when they belong to none
     * @param settings in the order in which they are shown
     */
    public record Section(String title, String backend, List<Setting<?>> settings) {

        /** Copies the list. */
        public Section {
            settings = List.copyOf(settings);
        }

        static Section of(QueueBackendProvider provider) {
            return new Section("Backend " + provider.name(), provider.name(), provider.settings());
        }
    }

    /** What {@code consume --exec} sets for a command, which may well call Slackline itself. */
    private static final Set<String> GIVEN_TO_COMMANDS =
            Set.of("SLACKLINE_ID", "SLACKLINE_KEY", "SLACKLINE_ATTEMPT", "SLACKLINE_GROUP");

    private Catalog() {}

    /** All sections, those of the installed backends in the order of their names. */
    public static List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("Queue", "", QueueSettings.ALL));
        Backends.installed().stream()
                .map(Section::of)
                .filter(section -> !section.settings().isEmpty())
                .forEach(sections::add);
        sections.add(new Section("Slack", "", SlackSettings.ALL));
        sections.add(new Section("HTTP", "", HttpSettings.ALL));
        sections.add(new Section("Process", "", AppSettings.ALL));
        return sections;
    }

    /** Warnings about variables that look like settings and are none. */
    static List<String> unknown(Env env) {
        List<Setting<?>> all = sections().stream()
                .<Setting<?>>flatMap(section -> section.settings().stream())
                .toList();
        return Settings.unknown(env, all).stream()
                .filter(warning -> GIVEN_TO_COMMANDS.stream().noneMatch(name -> warning.startsWith(name + " ")))
                .toList();
    }
}
