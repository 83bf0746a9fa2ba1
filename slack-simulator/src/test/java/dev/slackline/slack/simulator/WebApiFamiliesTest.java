package dev.slackline.slack.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.View;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What each family of methods keeps. */
class WebApiFamiliesTest {

    private final SlackSimulator slack = SlackSimulator.start();
    private final Client bot = new Client(slack, slack.botToken());
    private final Client ada = new Client(slack, slack.userToken("ada"));
    private final String general =
            slack.workspace().channel("general").orElseThrow().id();

    @AfterEach
    void end() {
        slack.close();
    }

    @Test
    void aMessageIsChangedAndDeletedByItsAuthorAlone() {
        String ts = Json.text(ok(bot.form("chat.postMessage", Map.of("channel", general, "text", "one"))), "ts");

        assertThat(error(ada.form("chat.update", Map.of("channel", general, "ts", ts, "text", "mine"))))
                .isEqualTo("cant_update_message");
        ok(bot.form("chat.update", Map.of("channel", general, "ts", ts, "text", "two")));
        assertThat(slack.messages("#general").get(0).text()).isEqualTo("two");
        assertThat(slack.occurrences()
                        .get(slack.occurrences().size() - 1)
                        .payload()
                        .at("/event/subtype")
                        .asString())
                .isEqualTo("message_changed");
        ok(bot.form("chat.delete", Map.of("channel", general, "ts", ts)));
        assertThat(slack.messages("#general")).isEmpty();
        assertThat(error(bot.form("chat.delete", Map.of("channel", general, "ts", ts))))
                .isEqualTo("message_not_found");
    }

    @Test
    void whatPeopleChangeTheAppIsTold() {
        String ts = slack.user("ada").says("#general", "one").ts();

        List<Occurrence> edited = slack.user("ada").edits("#general", ts, "two");
        List<Occurrence> deleted = slack.user("ada").deletes("#general", ts);

        assertThat(edited.get(0).payload().at("/event/previous_message/text").asString())
                .isEqualTo("one");
        assertThat(deleted.get(0).payload().at("/event/subtype").asString()).isEqualTo("message_deleted");
        assertThat(slack.messages("#general")).isEmpty();
    }

    @Test
    void oneSeesWhatIsForThemAlone() {
        ok(bot.form(
                "chat.postEphemeral",
                Map.of("channel", general, "user", slack.user("ada").id(), "text", "psst")));

        assertThat(slack.messages("#general"))
                .singleElement()
                .extracting(ChannelMessage::visibleTo)
                .isEqualTo(slack.user("ada").id());
        assertThat(ok(bot.form("conversations.history", Map.of("channel", general)))
                        .path("messages"))
                .isEmpty();
    }

    @Test
    void aScheduledMessageWaitsAndCanBeTakenBack() {
        String soon = Long.toString(Instant.now().getEpochSecond() + 2);
        String far = Long.toString(Instant.now().getEpochSecond() + 9999);
        ok(bot.form("chat.scheduleMessage", Map.of("channel", general, "text", "soon", "post_at", soon)));
        JsonNode later =
                ok(bot.form("chat.scheduleMessage", Map.of("channel", general, "text", "far", "post_at", far)));
        assertThat(ok(bot.form("chat.scheduledMessages.list", Map.of())).path("scheduled_messages"))
                .hasSize(2);

        String id = Json.text(later, "scheduled_message_id");
        ok(bot.form("chat.deleteScheduledMessage", Map.of("channel", general, "scheduled_message_id", id)));

        assertThat(slack.awaitBotMessage("#general", message -> true, Client.BOUND)
                        .text())
                .isEqualTo("soon");
        assertThat(ok(bot.form("chat.scheduledMessages.list", Map.of())).path("scheduled_messages"))
                .isEmpty();
        assertThat(error(bot.form("chat.scheduleMessage", Map.of("channel", general, "text", "x", "post_at", "5"))))
                .isEqualTo("time_in_past");
    }

    @Test
    void aChannelIsMadeFilledAndClosed() {
        String channel = ok(bot.form("conversations.create", Map.of("name", "war-room")))
                .at("/channel/id")
                .asString();
        assertThat(error(bot.form("conversations.create", Map.of("name", "war-room"))))
                .isEqualTo("name_taken");
        ok(bot.form(
                "conversations.invite",
                Map.of("channel", channel, "users", slack.user("ada").id())));
        ok(ada.form("conversations.setTopic", Map.of("channel", channel, "topic", "fire")));

        JsonNode info = ok(bot.form("conversations.info", Map.of("channel", channel)));
        assertThat(info.at("/channel/topic/value").asString()).isEqualTo("fire");
        assertThat(ok(bot.form("conversations.members", Map.of("channel", channel)))
                        .path("members"))
                .hasSize(2);
        assertThat(ok(bot.form("conversations.list", Map.of("limit", "2"))).path("channels"))
                .hasSize(2);
        ok(bot.form("conversations.archive", Map.of("channel", channel)));
        assertThat(error(bot.form("chat.postMessage", Map.of("channel", channel, "text", "hi"))))
                .isEqualTo("is_archived");
        assertThat(error(bot.form("conversations.archive", Map.of("channel", "C0NONE"))))
                .isEqualTo("channel_not_found");
    }

    @Test
    void aDirectConversationIsTheSameFromBothSides() {
        String ofBot = ok(bot.form(
                        "conversations.open", Map.of("users", slack.user("ada").id())))
                .at("/channel/id")
                .asString();
        slack.user("ada").says("@slackline", "hi there");

        assertThat(ok(bot.form("conversations.history", Map.of("channel", ofBot)))
                        .at("/messages/0/text")
                        .asString())
                .isEqualTo("hi there");
        assertThat(error(new Client(slack, slack.userToken("grace"))
                        .form("conversations.history", Map.of("channel", ofBot))))
                .isEqualTo("channel_not_found");
    }

    @Test
    void everybodyOfALargeWorkspaceIsListedOnce() {
        try (SlackSimulator large = SlackSimulator.builder().people(2_500).start()) {
            Client app = new Client(large, large.botToken());
            Set<String> names = new HashSet<>();
            String cursor = "";
            do {
                JsonNode page = ok(app.form("users.list", Map.of("limit", "999", "cursor", cursor)));
                page.path("members")
                        .forEach(member ->
                                assertThat(names.add(Json.text(member, "name"))).isTrue());
                cursor = Json.text(page.path("response_metadata"), "next_cursor");
            } while (!cursor.isEmpty());

            assertThat(names).hasSize(2_504).contains("person1", "person2500", "ada");
            assertThat(large.calls("users.list")).hasSize(3);
            assertThat(ok(app.form("users.lookupByEmail", Map.of("email", "person2500@example.com")))
                            .at("/user/profile/display_name")
                            .asString())
                    .isEqualTo("person2500");
        }
    }

    @Test
    void peopleAreFoundAndChanged() {
        assertThat(ok(bot.form("users.list", Map.of())).path("members")).hasSize(4);
        String id = ok(bot.form("users.lookupByEmail", Map.of("email", "ada@example.com")))
                .at("/user/id")
                .asString();
        assertThat(id).isEqualTo(slack.user("ada").id());
        ok(ada.form("users.profile.set", Map.of("profile", "{\"status_text\":\"at lunch\"}")));
        assertThat(ok(bot.form("users.profile.get", Map.of("user", id)))
                        .at("/profile/status_text")
                        .asString())
                .isEqualTo("at lunch");
        assertThat(ok(bot.form("users.conversations", Map.of("user", id))).path("channels"))
                .hasSize(2);
        assertThat(error(bot.form("users.info", Map.of("user", "U0NONE")))).isEqualTo("user_not_found");
    }

    @Test
    void aFileIsUploadedSharedAndFetched() {
        JsonNode address = ok(bot.form("files.getUploadURLExternal", Map.of("filename", "log.txt", "length", "5")));
        bot.post(Json.text(address, "upload_url"), "hello");
        String id = Json.text(address, "file_id");
        JsonNode files = ok(bot.form(
                "files.completeUploadExternal",
                Map.of("files", "[{\"id\":\"" + id + "\",\"title\":\"The log\"}]", "channel_id", general)));

        String url = files.at("/files/0/url_private").asString();
        HttpResponse<String> content = bot.send(HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + slack.botToken())
                .GET());
        assertThat(content.body()).isEqualTo("hello");
        assertThat(bot.send(HttpRequest.newBuilder(URI.create(url)).GET()).statusCode())
                .isEqualTo(403);
        assertThat(slack.messages("#general").get(0).json().at("/files/0/title").asString())
                .isEqualTo("The log");
        assertThat(ok(bot.form("files.list", Map.of("channel", general)))
                        .at("/paging/total")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void peopleSearchAndBotsMayNot() {
        slack.user("ada").says("#general", "the deploy of Tuesday");
        slack.user("grace").says("#random", "another Deploy");

        JsonNode found = ok(ada.form("search.messages", Map.of("query", "deploy in:#general")));

        assertThat(found.at("/messages/total").asInt()).isEqualTo(1);
        assertThat(found.at("/messages/matches/0/username").asString()).isEqualTo("ada");
        assertThat(error(bot.form("search.messages", Map.of("query", "deploy"))))
                .isEqualTo("not_allowed_token_type");
    }

    @Test
    void whatIsKeptAtHandIsThere() {
        String ts = slack.user("ada").says("#general", "rule one").ts();
        ok(bot.form("pins.add", Map.of("channel", general, "timestamp", ts)));
        assertThat(error(bot.form("pins.add", Map.of("channel", general, "timestamp", ts))))
                .isEqualTo("already_pinned");
        assertThat(ok(bot.form("pins.list", Map.of("channel", general))).path("items"))
                .hasSize(1);
        ok(bot.form("bookmarks.add", Map.of("channel_id", general, "title", "runbook", "type", "link", "link", "x")));
        assertThat(ok(bot.form("bookmarks.list", Map.of("channel_id", general)))
                        .at("/bookmarks/0/title")
                        .asString())
                .isEqualTo("runbook");
        String reminder = ok(ada.form("reminders.add", Map.of("text", "lunch", "time", "in 5 minutes")))
                .at("/reminder/id")
                .asString();
        ok(ada.form("reminders.complete", Map.of("reminder", reminder)));
        assertThat(ok(ada.form("reminders.list", Map.of())).path("reminders")).hasSize(1);
        assertThat(ok(bot.form("emoji.list", Map.of())).path("emoji").isObject())
                .isTrue();
        assertThat(ok(bot.form("usergroups.list", Map.of())).path("usergroups")).isEmpty();
        assertThat(ok(bot.form("team.info", Map.of())).at("/team/id").asString())
                .isEqualTo(slack.workspace().id());
    }

    @Test
    void anInstallationGivesATokenThatRotates() {
        slack.tokenRotation(true);
        Client anybody = new Client(slack, "");
        String redirect = "http://127.0.0.1:9/slack/oauth_redirect";
        HttpResponse<String> allowed = anybody.send(HttpRequest.newBuilder(slack.url()
                        .resolve("/oauth/v2/authorize?client_id=" + slack.app().clientId()
                                + "&scope=chat:write&state=s1&redirect_uri=" + redirect))
                .GET());
        String location = allowed.headers().firstValue("Location").orElseThrow();
        assertThat(location).startsWith(redirect + "?code=").endsWith("&state=s1");
        String code = location.replaceAll(".*code=([^&]*)&.*", "$1");
        Map<String, String> app = Map.of(
                "client_id",
                slack.app().clientId(),
                "client_secret",
                slack.app().clientSecret());

        JsonNode installed = ok(anybody.form("oauth.v2.access", with(app, "code", code)));
        JsonNode refreshed = ok(anybody.form(
                "oauth.v2.access",
                with(
                        with(app, "grant_type", "refresh_token"),
                        "refresh_token",
                        Json.text(installed, "refresh_token"))));

        assertThat(Json.text(refreshed, "access_token")).startsWith("xoxe.xoxb-");
        ok(new Client(slack, Json.text(refreshed, "access_token")).form("auth.test", Map.of()));
        assertThat(error(anybody.form("oauth.v2.access", with(app, "code", code))))
                .isEqualTo("invalid_code");
        ok(new Client(slack, Json.text(refreshed, "access_token")).form("auth.revoke", Map.of()));
        assertThat(error(new Client(slack, Json.text(refreshed, "access_token")).form("auth.test", Map.of())))
                .isEqualTo("token_revoked");
    }

    @Test
    void whoTakesTheAppOutTellsIt() {
        List<Occurrence> told = slack.uninstall(slack.workspace());

        assertThat(told).extracting(Occurrence::type).containsExactly("tokens_revoked", "app_uninstalled");
        assertThat(error(bot.form("auth.test", Map.of()))).isEqualTo("account_inactive");
    }

    @Test
    void aTokenThatWasTakenBackIsToldFromOneThatNeverWas() {
        slack.revoke(slack.botToken());
        slack.revoke(slack.appToken());

        assertThat(error(bot.form("auth.test", Map.of()))).isEqualTo("token_revoked");
        assertThat(error(new Client(slack, slack.appToken()).form("apps.connections.open", Map.of())))
                .isEqualTo("token_revoked");
        assertThat(error(new Client(slack, "xoxb-another").form("auth.test", Map.of())))
                .isEqualTo("invalid_auth");
    }

    @Test
    void aModalIsOpenedOnceForATriggerAndSubmitted() throws InterruptedException {
        String view =
                "{\"type\":\"modal\",\"title\":{\"type\":\"plain_text\",\"text\":\"Deploy\"},\"callback_id\":\"d\","
                        + "\"blocks\":[{\"type\":\"input\",\"block_id\":\"b\",\"element\":{\"type\":\"plain_text_input\","
                        + "\"action_id\":\"version\"},\"label\":{\"type\":\"plain_text\",\"text\":\"Version\"}}]}";
        try (AppSocket app = AppSocket.open(slack)) {
            app.next();
            Occurrence typed = slack.user("ada").command("/deploy", "", "#general");
            app.acknowledge(app.next());
            ok(bot.form("views.open", Map.of("trigger_id", typed.id(), "view", view)));
            assertThat(error(bot.form("views.open", Map.of("trigger_id", typed.id(), "view", view))))
                    .isEqualTo("exchanged_trigger_id");

            View modal = slack.user("ada").awaitModal(Client.BOUND);
            Occurrence wrong = slack.user("ada").submits(modal, Map.of("version", "x"));
            JsonNode envelope = app.next();
            app.acknowledge(envelope, "{\"response_action\":\"errors\",\"errors\":{\"b\":\"no such version\"}}");
            wrong.awaitAcknowledged(Client.BOUND);
            assertThat(envelope.at("/payload/view/state/values/b/version/value").asString())
                    .isEqualTo("x");
            assertThat(slack.user("ada").views()).containsExactly(modal);

            Occurrence right = slack.user("ada").submits(modal, Map.of("version", "1.2"));
            app.acknowledge(app.next());
            right.awaitAcknowledged(Client.BOUND);
            assertThat(slack.user("ada").views()).isEmpty();
        }
    }

    @Test
    void aButtonIsPressedAndAnsweredAtItsAddressFiveTimes() throws InterruptedException {
        String blocks =
                "[{\"type\":\"actions\",\"block_id\":\"b\",\"elements\":[{\"type\":\"button\",\"action_id\":\"go\","
                        + "\"value\":\"7\",\"text\":{\"type\":\"plain_text\",\"text\":\"Go\"}}]}]";
        String ts = Json.text(
                ok(bot.form("chat.postMessage", Map.of("channel", general, "text", "Go?", "blocks", blocks))), "ts");
        try (AppSocket app = AppSocket.open(slack)) {
            app.next();
            slack.user("ada").clicks("#general", ts, "go");
            JsonNode payload = app.next().path("payload");

            String url = Json.text(payload, "response_url");
            assertThat(payload.at("/actions/0/value").asString()).isEqualTo("7");
            bot.post(url, "{\"replace_original\":true,\"text\":\"gone\"}");
            assertThat(slack.messages("#general").get(0).text()).isEqualTo("gone");
            for (int i = 0; i < 4; i++) {
                assertThat(bot.post(url, "{\"text\":\"more\"}").statusCode()).isEqualTo(200);
            }
            assertThat(bot.post(url, "{\"text\":\"more\"}").body()).contains("used_url");
        }
    }

    private static Map<String, String> with(Map<String, String> some, String name, String value) {
        Map<String, String> all = new java.util.HashMap<>(some);
        all.put(name, value);
        return all;
    }

    private static JsonNode ok(JsonNode answer) {
        assertThat(answer.path("ok").asBoolean()).as(answer.toString()).isTrue();
        return answer;
    }

    private static String error(JsonNode answer) {
        return Json.text(answer, "error");
    }
}
