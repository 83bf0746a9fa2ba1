package dev.slackline.mcp.slack;

import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How the Slack tools work.
 *
 * @param team the id of the workspace; may be empty when there is only one
 * @param unfurl whether links in messages that agents write may be unfurled
 * @param files whether the content of files can be read, and files uploaded
 * @param maxFileSize the largest file, in bytes, either way
 * @param uploadFolder the one folder from which files can be uploaded by their path; empty for none
 * @param cacheFile where the names of channels and people are kept
 * @param cacheAge how old they may be before all are read anew
 * @param cacheUsers how many people are remembered at most
 */
public record SlackToolsSettings(
        String team,
        boolean unfurl,
        FileAccess files,
        long maxFileSize,
        Optional<Path> uploadFolder,
        Path cacheFile,
        Duration cacheAge,
        int cacheUsers) {

    /** What can be done with files. */
    public enum FileAccess {
        /** Their names can be seen. */
        OFF,
        /** Their content can be read. */
        READ,
        /** They can be uploaded as well. */
        ON
    }

    /** {@link #team()}. */
    public static final Setting<String> TEAM = Setting.text(
            "MCP_TEAM", "", "The id of the workspace that the tools work in, T…; empty when there is only one.");

    /** {@link #unfurl()}. */
    public static final Setting<Boolean> UNFURL =
            Setting.bool("MCP_UNFURL", false, "Whether Slack may unfurl links in messages that agents write.");

    /** {@link #files()}. */
    public static final Setting<FileAccess> FILES = Setting.choice(
            "MCP_FILES",
            FileAccess.class,
            FileAccess.OFF,
            "What agents can do with files: off, read their content, or on to upload them as well.");

    /** {@link #maxFileSize()}. */
    public static final Setting<Long> FILE_SIZE = Setting.size(
            "MCP_FILE_MAX_SIZE", "1MiB", 1, 100L << 20, "The largest file that agents can read or upload.");

    /** {@link #uploadFolder()}. */
    public static final Setting<String> UPLOAD_FOLDER = Setting.path(
            "MCP_UPLOAD_FOLDER",
            "",
            "The one folder from which agents can upload files by path; empty: they upload text that they give.");

    /** {@link #cacheFile()}. */
    public static final Setting<String> CACHE_FILE = Setting.path(
            "MCP_CACHE_FILE",
            "$SLACKLINE_HOME/mcp-names.json",
            "The file with the names of channels and people; mode 600.");

    /** {@link #cacheAge()}. */
    public static final Setting<Duration> CACHE_AGE = Setting.duration(
            "MCP_CACHE_AGE",
            "6h",
            Duration.ofMinutes(1),
            Duration.ofDays(30),
            "How old the names of channels and people may be before all are read anew, in the background.");

    /** {@link #cacheUsers()}. */
    public static final Setting<Integer> CACHE_USERS = Setting.integer(
            "MCP_CACHE_USERS",
            100_000,
            0,
            1_000_000,
            "How many people are remembered by name at most; any can be named by id.");

    /** Every setting, in the order in which they are shown. */
    public static final List<Setting<?>> ALL =
            List.of(TEAM, UNFURL, FILES, FILE_SIZE, UPLOAD_FOLDER, CACHE_FILE, CACHE_AGE, CACHE_USERS);

    private static final Setting<String> HOME = Setting.path(
            "SLACKLINE_HOME", "~/.slackline", "The folder for what Slackline keeps; ~ is the user's home folder.");

    /**
     * Reads the values.
     *
     * @throws dev.slackline.queue.config.ConfigurationException if one is wrong
     */
    public static SlackToolsSettings from(Env env) {
        Settings settings =
                Settings.parse(env, Stream.concat(ALL.stream(), Stream.of(HOME)).toList());
        return new SlackToolsSettings(
                settings.get(TEAM),
                settings.get(UNFURL),
                settings.get(FILES),
                settings.get(FILE_SIZE),
                settings.get(UPLOAD_FOLDER).isEmpty() ? Optional.empty() : Optional.of(settings.path(UPLOAD_FOLDER)),
                settings.path(CACHE_FILE),
                settings.get(CACHE_AGE),
                settings.get(CACHE_USERS));
    }
}
