package dev.slackline.examples;

import dev.slackline.slack.bot.Bot;
import dev.slackline.slack.event.EventType;
import dev.slackline.slack.handler.MessageFilter;
import dev.slackline.slack.handler.SlackHandlers;
import java.util.regex.Pattern;

/**
 * Answers whoever mentions it, in a thread; and whoever writes to it directly.
 *
 * <p>Needs the scopes {@code app_mentions:read}, {@code chat:write}, {@code im:history}, {@code reactions:write}, and the
 * events {@code app_mention} and {@code message.im}.
 */
public final class MentionBot {

    private static final Pattern HELP = Pattern.compile("(?i)\\bhelp\\b");

    private MentionBot() {}

    /** Runs it until the process is told to end. */
    public static void main(String[] args) {
        Bot.run(System.getenv(), "mention-bot", handlers());
    }

    static SlackHandlers handlers() {
        return SlackHandlers.create()
                // Two handlers for one event. When the second fails, it alone is called again.
                .on(EventType.APP_MENTION, (event, slack) -> slack.react("eyes"))
                .on(EventType.APP_MENTION, (event, slack) -> slack.reply("Hello <@" + event.user() + ">, what is it?"))
                // What the bot writes itself never comes back to it.
                .onMessage(
                        MessageFilter.direct().matching(HELP),
                        (event, slack) -> slack.say("Mention me in a channel, and I answer in a thread."));
    }
}
