package dev.slackline.examples;

import dev.slackline.slack.bot.Bot;
import dev.slackline.slack.handler.SlackHandler;
import dev.slackline.slack.handler.SlackHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Two handlers for one event, of which one fails until a file is there. Notes every call in another. */
final class NotingBot {

    private NotingBot() {}

    public static void main(String[] args) {
        Path notes = Path.of(args[0]);
        Path mended = Path.of(args[1]);
        Bot.run(
                System.getenv(),
                "bots",
                SlackHandlers.create().on("app_mention", note(notes, "good")).on("app_mention", (event, slack) -> {
                    note(notes, "bad").handle(event, slack);
                    if (!Files.exists(mended)) {
                        throw new IllegalStateException("not mended yet");
                    }
                }));
    }

    private static SlackHandler note(Path notes, String name) {
        return (event, slack) -> Files.writeString(
                notes,
                name + " " + event.message().id() + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC);
    }
}
