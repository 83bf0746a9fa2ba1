package dev.slackline.slack.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One element that somebody used.
 *
 * @param id its {@code action_id}, or its name in the older form
 * @param block the {@code block_id} it is in
 * @param type {@code button}, {@code static_select}, …
 * @param value what was chosen: the value of a button or an option, a user, a channel, a date, …; null where nothing or more
 *     than one thing was
 * @param json everything Slack says of it
 */
public record Action(
        String id,
        @Nullable String block,
        @Nullable String type,
        @Nullable String value,
        Map<String, Object> json) {}
