package dev.slackline.app.wiring;

import dev.slackline.queue.Backends;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Setting;
import dev.slackline.slack.HttpSettings;
import dev.slackline.slack.SlackSettings;
import java.util.ArrayList;
import java.util.List;

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

    /** All settings. */
    static List<Setting<?>> all() {
        return sections().stream()
                .<Setting<?>>flatMap(section -> section.settings().stream())
                .toList();
    }
}
