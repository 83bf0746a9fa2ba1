package dev.slackline.examples;

import dev.slackline.slack.bot.Bot;
import dev.slackline.slack.event.SlackEvent;
import dev.slackline.slack.handler.Answer;
import dev.slackline.slack.handler.Slack;
import dev.slackline.slack.handler.SlackHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /ticket} opens a form. What is wrong with it is said within the form; a sound one becomes a message in the channel.
 *
 * <p>Needs the scopes {@code commands} and {@code chat:write}, the slash command, and interactivity.
 */
public final class TicketBot {

    private static final int SHORTEST_TITLE = 10;
    private static final List<String> PEOPLE = List.of("Ada", "Grace", "Linus");

    private TicketBot() {}

    /** Runs it until the process is told to end. */
    public static void main(String[] args) {
        Bot.run(System.getenv(), "ticket-bot", handlers());
    }

    static SlackHandlers handlers() {
        return SlackHandlers.create()
                .onCommand("/ticket", (event, slack) -> slack.open(form(event)))
                // These two are in Slack's acknowledgement, which waits for them, two and a half seconds at most.
                .answerOptions("assignee", (event, slack) -> people(event.text()))
                .answerView("ticket", (event, slack) -> check(event))
                // This is work: it comes from the queue, once for each form that was not refused, and again if it
                // fails.
                .onView("ticket", TicketBot::open);
    }

    private static Answer check(SlackEvent event) {
        String title = event.input("title");
        if (title == null || title.length() < SHORTEST_TITLE) {
            return Answer.error("title", "Say it in " + SHORTEST_TITLE + " characters or more.")
                    .ifTooLate(
                            (late, slack) -> slack.say("Your ticket needs a longer title. Please use /ticket again."));
        }
        return Answer.nothing();
    }

    private static void open(SlackEvent event, Slack slack) {
        String assignee = event.input("assignee");
        slack.say(Map.of(
                "channel",
                String.valueOf(event.string("view.private_metadata")),
                "text",
                "New ticket of <@" + event.user() + ">" + (assignee == null ? "" : " for " + assignee) + ": "
                        + event.input("title")));
    }

    private static Answer people(String typed) {
        Map<String, String> options = new LinkedHashMap<>();
        PEOPLE.stream()
                .filter(name -> name.regionMatches(true, 0, typed, 0, typed.length()))
                .forEach(name -> options.put(name, name));
        return Answer.options(options);
    }

    private static Map<String, Object> form(SlackEvent event) {
        Map<String, Object> title = new LinkedHashMap<>(Map.of("type", "plain_text_input", "action_id", "title"));
        title.put("initial_value", event.text());
        Map<String, Object> assignee =
                Map.of("type", "external_select", "action_id", "assignee", "min_query_length", 0);
        Map<String, Object> form = new LinkedHashMap<>();
        form.put("type", "modal");
        form.put("callback_id", "ticket");
        form.put("private_metadata", String.valueOf(event.channel()));
        form.put("title", text("New ticket"));
        form.put("submit", text("Open"));
        form.put("blocks", List.of(input("title", "What is wrong?", title), input("assignee", "For whom?", assignee)));
        return form;
    }

    private static Map<String, Object> input(String block, String label, Map<String, Object> element) {
        boolean optional = block.equals("assignee");
        return Map.of(
                "type", "input", "block_id", block, "label", text(label), "element", element, "optional", optional);
    }

    private static Map<String, Object> text(String text) {
        return Map.of("type", "plain_text", "text", text);
    }
}
