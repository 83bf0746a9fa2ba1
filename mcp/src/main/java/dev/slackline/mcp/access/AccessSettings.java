package dev.slackline.mcp.access;

import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import java.util.Arrays;
import java.util.List;

/** The settings from which a {@link Policy} is made. */
public final class AccessSettings {

    /** {@link Policy#writes()} and {@link Policy#writable()}. */
    public static final Setting<Writing> WRITE = new Setting<>(
            "MCP_WRITE",
            "off, on, or channels",
            "off",
            false,
            "Whether agents may change anything in Slack: off, on, or where: #channel, an id or dm for direct messages,"
                    + " with ! for where not.",
            AccessSettings::writing);

    /** {@link Policy#readable()}. */
    public static final Setting<ChannelRules> CHANNELS = new Setting<>(
            "MCP_CHANNELS",
            "channels",
            "",
            false,
            "The channels that agents may see: #channel, an id or dm for direct messages, with ! for those that they may"
                    + " not; empty: all that the token sees.",
            text -> ChannelRules.parse(parts(text)));

    /** {@link Policy#tools()}. */
    public static final Setting<List<String>> TOOLS = Setting.list(
            "MCP_TOOLS", "", "The tools that agents may call, such as slack_post_message or slack_list_*; empty: all.");

    /** {@link Policy#disabled()}. */
    public static final Setting<List<String>> TOOLS_DISABLED =
            Setting.list("MCP_TOOLS_DISABLED", "", "The tools that agents may not call, whatever MCP_TOOLS says.");

    /** Every setting, in the order in which they are shown. */
    public static final List<Setting<?>> ALL = List.of(WRITE, CHANNELS, TOOLS, TOOLS_DISABLED);

    private AccessSettings() {}

    /** What {@code MCP_WRITE} says. */
    public record Writing(boolean on, ChannelRules where) {}

    /** Takes the values from parsed settings, which must include {@link #ALL}. */
    public static Policy policy(Settings settings) {
        Writing writing = settings.get(WRITE);
        return new Policy(
                writing.on(),
                writing.where(),
                settings.get(CHANNELS),
                settings.get(TOOLS),
                settings.get(TOOLS_DISABLED));
    }

    private static Writing writing(String text) {
        return switch (text.strip()) {
            case "off" -> new Writing(false, ChannelRules.ALL);
            case "on" -> new Writing(true, ChannelRules.ALL);
            default -> {
                List<String> channels = parts(text);
                if (channels.isEmpty()) {
                    throw new IllegalArgumentException("use off, on, or channels such as #general,!#random,dm");
                }
                yield new Writing(true, ChannelRules.parse(channels));
            }
        };
    }

    private static List<String> parts(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
