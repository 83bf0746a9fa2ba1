package dev.slackline.app.wiring;

import dev.slackline.mcp.access.AccessSettings;
import dev.slackline.mcp.http.McpSettings;
import dev.slackline.mcp.slack.SlackToolsSettings;
import dev.slackline.queue.Backends;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.HttpSettings;
import dev.slackline.slack.SlackSettings;
import dev.slackline.slack.answer.AnswerSettings;
import dev.slackline.slack.api.SlackApiSettings;
import dev.slackline.slack.install.InstallSettings;
import dev.slackline.slack.socket.SocketSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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
        sections.add(new Section("Socket Mode", "", SocketSettings.ALL));
        sections.add(new Section("Answers in Slack's acknowledgement", "", AnswerSettings.ALL));
        sections.add(new Section("Slack's Web API", "", SlackApiSettings.ALL));
        sections.add(new Section("Installation to workspaces", "", InstallSettings.ALL));
        sections.add(new Section("Outbox", "", OutboxBackend.ALL));
        sections.add(new Section("MCP", "", McpSettings.ALL));
        sections.add(new Section("MCP: permissions", "", AccessSettings.ALL));
        sections.add(new Section("MCP: Slack tools", "", SlackToolsSettings.ALL));
        sections.add(new Section("HTTP", "", HttpSettings.ALL));
        sections.add(new Section("Process", "", AppSettings.ALL));
        return sections;
    }

    /** Warnings about variables that have no effect: they look like settings and are none, or come too late. */
    static List<String> warnings(Env env) {
        List<Setting<?>> all = sections().stream()
                .<Setting<?>>flatMap(section -> section.settings().stream())
                .toList();
        Stream<String> unknown = Settings.unknown(env, all).stream()
                .filter(warning -> GIVEN_TO_COMMANDS.stream().noneMatch(name -> warning.startsWith(name + " ")));
        Stream<String> late = AppSettings.OF_LAUNCHER.stream().flatMap(setting -> late(env, setting));
        return Stream.concat(unknown, late).toList();
    }

    private static Stream<String> late(Env env, Setting<String> setting) {
        String source;
        try {
            source = Settings.parse(env, List.of(setting)).source(setting);
        } catch (ConfigurationException e) {
            return Stream.of(); // said where the settings are read
        }
        return source.equals("default") || source.equals("environment")
                ? Stream.of()
                : Stream.of(setting.name() + " has no effect in " + source
                        + ": the launcher reads it from the environment, before anything else; export it there");
    }
}
