package dev.slackline.examples;

import dev.slackline.slack.bot.Bot;
import dev.slackline.slack.event.SlackEvent;
import dev.slackline.slack.handler.Answer;
import dev.slackline.slack.handler.Posted;
import dev.slackline.slack.handler.Slack;
import dev.slackline.slack.handler.SlackHandlers;
import java.time.Duration;
import java.util.List;

/**
 * {@code /report} is answered at once, and worked on for as long as it takes, with the progress in a thread.
 *
 * <p>Needs the scopes {@code commands} and {@code chat:write}, and the slash command.
 */
public final class ReportBot {

    private static final List<String> STEPS = List.of("collecting", "counting", "drawing");

    private ReportBot() {}

    /** Runs it until the process is told to end. */
    public static void main(String[] args) {
        Bot.run(System.getenv(), "report-bot", handlers(Duration.ofSeconds(5)));
    }

    static SlackHandlers handlers(Duration perStep) {
        return SlackHandlers.create()
                .answerCommand("/report", (event, slack) -> Answer.text("I am at it."))
                // The lease of the message is renewed for as long as this runs; if the process dies, another takes it
                // up.
                .onCommand("/report", (event, slack) -> report(event, slack, perStep));
    }

    private static void report(SlackEvent event, Slack slack, Duration perStep) throws InterruptedException {
        String title = "A report for <@" + event.user() + ">: ";
        Posted report = slack.post(title + "0 of " + STEPS.size());
        for (int done = 0; done < STEPS.size(); done++) {
            slack.reply(report, STEPS.get(done) + " …");
            Thread.sleep(perStep.toMillis()); // the work
            slack.update(report, title + (done + 1) + " of " + STEPS.size());
        }
        slack.reply(report, "Done: all is well.");
    }
}
