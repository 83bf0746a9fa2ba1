package dev.slackline.slack.install;

import dev.slackline.queue.Message;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.api.SlackApiSettings;
import dev.slackline.slack.api.SlackTokens;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;

/**
 * The workspaces that there are tokens for: the one of the environment and those that have installed the app. Thread-safe;
 * closes the client.
 */
public final class Workspaces implements AutoCloseable {

    /** Every setting that is read here. */
    public static final List<Setting<?>> SETTINGS = Stream.<Setting<?>>concat(
                    SlackApiSettings.ALL.stream(), InstallSettings.ALL.stream())
            .toList();

    private final SlackApiSettings api;
    private final InstallSettings install;
    private final Installations installations;
    private final SlackApi exchanging;
    private final WorkspaceTokens tokens;
    private final SlackApi slack;

    private Workspaces(SlackApiSettings api, InstallSettings install) {
        this.api = api;
        this.install = install;
        this.installations = new InstallationFile(install.tokens());
        this.exchanging = SlackApi.open(api, SlackTokens.fixed("", ""));
        this.tokens = new WorkspaceTokens(
                installations,
                SlackTokens.fixed(api.botToken(), api.userToken()),
                exchanging,
                install,
                InstantSource.system());
        this.slack = SlackApi.open(api, tokens);
    }

    /**
     * Opens them; nothing is read or called before it is needed.
     *
     * @throws dev.slackline.queue.config.ConfigurationException if a setting is wrong
     */
    public static Workspaces open(Env env) {
        return new Workspaces(
                SlackApiSettings.from(Settings.parse(env, SlackApiSettings.ALL)), InstallSettings.from(env));
    }

    /** The client for all of them. */
    public SlackApi slack() {
        return slack;
    }

    /** Whether there is a workspace to call, or may be one soon. */
    public boolean any() {
        return !api.botToken().isEmpty()
                || install.isInstallable()
                || !installations.teams().isEmpty();
    }

    /** The pages where workspaces install the app; empty where they cannot. */
    public Optional<Handler> door() {
        return install.isInstallable()
                ? Optional.of(new InstallDoor(installations, install, exchanging, api.url(), InstantSource.system()))
                : Optional.empty();
    }

    /** What forgets a workspace when Slack says so. */
    public Consumer<Message> revocations() {
        return new Revocations(installations);
    }

    @Override
    public void close() {
        slack.close();
        tokens.close();
        exchanging.close();
    }
}
