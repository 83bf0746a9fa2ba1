package dev.slackline.slack.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.slack.event.EventType;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which handler is called for what. */
class RoutingTest {

    private final Workshop workshop = new Workshop();
    private final List<String> called = new CopyOnWriteArrayList<>();

    RoutingTest() throws IOException {}

    @AfterEach
    void close() {
        workshop.close();
    }

    @Test
    void eventsGoToThoseThatTakeTheirTypeWithAnySubtype() {
        workshop.start(SlackHandlers.create()
                .on("app_mention", note("mention"))
                .on(EventType.MESSAGE, note("message"))
                .on("message.channel_join", note("join"))
                .on("message.*", note("subtype"))
                .on("event.reaction_*", note("reaction")));

        workshop.event("event.app_mention", "");
        workshop.event("event.message", "");
        workshop.event("event.message.channel_join", "\"subtype\":\"channel_join\"");
        workshop.event("event.reaction_removed", "");
        workshop.event("event.reactionary", "");
        workshop.awaitDone();

        assertThat(called).containsExactlyInAnyOrder("mention", "message", "message", "join", "subtype", "reaction");
    }

    @Test
    void aStarTakesEverything() {
        workshop.start(SlackHandlers.create().on("*", note("all")).on("unknown", note("unknown")));

        workshop.event("event.tea_is_ready", "");
        workshop.publish("command.deploy", "{}");
        workshop.publish("app_rate_limited", "{}");
        workshop.publish("unknown.x", "{}");
        workshop.awaitDone();

        assertThat(called).containsExactlyInAnyOrder("all", "all", "all", "all", "unknown");
    }

    @Test
    void whatPeopleWriteIsToldFromWhatIsChangedAndFromBots() {
        workshop.start(SlackHandlers.create()
                .onMessage(note("written"))
                .onMessage(MessageFilter.direct(), note("direct"))
                .onMessage(MessageFilter.written().matching(Pattern.compile("(?i)^help\\b")), note("help"))
                .onMessage(MessageFilter.subtype("message_changed"), note("changed")));

        workshop.event("event.message", "\"user\":\"U1\",\"text\":\"Help me\",\"channel_type\":\"im\"");
        workshop.event("event.message", "\"user\":\"U1\",\"text\":\"no help\",\"channel_type\":\"channel\"");
        workshop.event("event.message.file_share", "\"subtype\":\"file_share\",\"user\":\"U1\"");
        workshop.event("event.message.bot_message", "\"subtype\":\"bot_message\",\"bot_id\":\"B1\"");
        workshop.event("event.message.message_changed", "\"subtype\":\"message_changed\"");
        workshop.awaitDone();

        assertThat(called).containsExactlyInAnyOrder("written", "written", "written", "direct", "help", "changed");
    }

    @Test
    void commandsActionsFormsAndShortcutsGoByTheirNames() {
        workshop.start(SlackHandlers.create()
                .onCommand("/deploy", note("deploy"))
                .onAction("approve_*", note("approve"))
                .onView("ticket", note("ticket"))
                .onViewClosed("ticket", note("closed"))
                .onShortcut("report", note("shortcut")));

        workshop.publish("command.deploy", "{\"command\":\"/deploy\"}");
        workshop.publish("command.deploy2", "{\"command\":\"/deploy2\"}");
        workshop.publish(
                "interaction.block_actions",
                "{\"type\":\"block_actions\",\"actions\":[{\"action_id\":\"reject\"},{\"action_id\":\"approve_1\"}]}");
        workshop.publish("interaction.block_actions", "{\"type\":\"block_actions\",\"actions\":[]}");
        for (String type : List.of("view_submission", "view_closed")) {
            workshop.publish(
                    "interaction." + type, "{\"type\":\"" + type + "\",\"view\":{\"callback_id\":\"ticket\"}}");
            workshop.publish("interaction." + type, "{\"type\":\"" + type + "\",\"view\":{\"callback_id\":\"other\"}}");
        }
        workshop.publish("interaction.shortcut", "{\"type\":\"shortcut\",\"callback_id\":\"report\"}");
        workshop.publish("interaction.message_action", "{\"type\":\"message_action\",\"callback_id\":\"report\"}");
        workshop.awaitDone();

        assertThat(called).containsExactlyInAnyOrder("deploy", "approve", "ticket", "closed", "shortcut", "shortcut");
    }

    @Test
    void theAppsOwnMessagesAreIgnored() {
        workshop.start(SlackHandlers.create().on("message", note("message")));

        workshop.event("event.message", "\"bot_id\":\"B1\",\"app_id\":\"A1\"");
        workshop.event("event.message", "\"bot_id\":\"B2\",\"app_id\":\"A2\"");
        workshop.awaitDone();

        assertThat(called).containsExactly("message");
    }

    @Test
    void theAppsOwnMessagesAreTakenWhereThatIsSaid() {
        workshop.start(SlackHandlers.create().on("message", note("message")).withOwn());

        workshop.event("event.message", "\"bot_id\":\"B1\",\"app_id\":\"A1\"");
        workshop.awaitDone();

        assertThat(called).containsExactly("message");
    }

    @Test
    void middlewareRunsAroundEveryHandlerInItsOrder() {
        workshop.start(SlackHandlers.create()
                .on("app_mention", note("handler"))
                .around((event, slack, next) -> {
                    called.add("outer");
                    next.run();
                    called.add("/outer");
                })
                .before(note("before"))
                .after(note("after")));

        workshop.event("event.app_mention", "");
        workshop.awaitDone();

        assertThat(called).containsExactly("outer", "before", "handler", "after", "/outer");
    }

    @Test
    void middlewareMayPassOverAHandler() {
        workshop.start(SlackHandlers.create().on("app_mention", note("handler")).around((event, slack, next) -> {
            if ("U1".equals(event.user())) {
                next.run();
            }
        }));

        workshop.event("event.app_mention", "\"user\":\"U1\"");
        workshop.event("event.app_mention", "\"user\":\"U2\"");
        workshop.awaitDone();

        assertThat(called).containsExactly("handler");
    }

    @Test
    void aNameIsGivenOnce() {
        SlackHandlers handlers = SlackHandlers.create();

        assertThatThrownBy(() -> handlers.named("a")).isInstanceOf(IllegalStateException.class);
        handlers.on("x", note("x")).named("a").on("y", note("y"));
        assertThatThrownBy(() -> handlers.named("a")).isInstanceOf(IllegalArgumentException.class);
    }

    private SlackHandler note(String name) {
        return (event, slack) -> called.add(name);
    }
}
