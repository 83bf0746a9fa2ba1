package dev.slackline.slack.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.slack.event.SlackEvent.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlackEventTest {

    private static final String MENTION = """
            {"team_id":"T1","enterprise_id":"E1","api_app_id":"A1","type":"event_callback","event_id":"Ev1",
             "authorizations":[{"enterprise_id":"E1","team_id":"T1","user_id":"UBOT","is_bot":true}],
             "event":{"type":"app_mention","user":"U1","text":"<@UBOT> hello","ts":"1.1","thread_ts":"1.0",
                      "channel":"C1","event_ts":"1.2"}}""";

    @Test
    void anEventTellsWhatItHolds() {
        SlackEvent event = event("event.app_mention", MENTION);

        assertThat(event.kind()).isEqualTo(Kind.EVENT);
        assertThat(event.type()).isEqualTo("app_mention");
        assertThat(event.eventType()).contains(EventType.APP_MENTION);
        assertThat(event.subtype()).isNull();
        assertThat(event.team()).isEqualTo("T1");
        assertThat(event.enterprise()).isEqualTo("E1");
        assertThat(event.channel()).isEqualTo("C1");
        assertThat(event.user()).isEqualTo("U1");
        assertThat(event.text()).isEqualTo("<@UBOT> hello");
        assertThat(event.ts()).isEqualTo("1.1");
        assertThat(event.threadTs()).isEqualTo("1.0");
        assertThat(event.eventTs()).isEqualTo("1.2");
        assertThat(event.eventId()).isEqualTo("Ev1");
        assertThat(event.authorizations()).containsExactly(new Authorization("E1", "T1", "UBOT", true));
    }

    @Test
    void aSlashCommandHasTheSameWords() {
        SlackEvent event = event("command.deploy", """
                {"team_id":"T1","channel_id":"C1","user_id":"U1","command":"/deploy","text":"api to prod",
                 "response_url":"https://hooks.slack.com/commands/1","trigger_id":"1.2"}""");

        assertThat(event.kind()).isEqualTo(Kind.COMMAND);
        assertThat(event.type()).isEqualTo("slash_command");
        assertThat(event.command()).isEqualTo("/deploy");
        assertThat(event.team()).isEqualTo("T1");
        assertThat(event.channel()).isEqualTo("C1");
        assertThat(event.user()).isEqualTo("U1");
        assertThat(event.text()).isEqualTo("api to prod");
        assertThat(event.responseUrl()).isEqualTo("https://hooks.slack.com/commands/1");
        assertThat(event.trigger()).isEqualTo("1.2");
    }

    @Test
    void aButtonTellsWhichItWasAndWhere() {
        SlackEvent event = event("interaction.block_actions", """
                {"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},
                 "message":{"ts":"1.1","thread_ts":"1.0","text":"Approve?","user":"UBOT"},
                 "actions":[{"action_id":"approve","block_id":"b","type":"button","value":"42","action_ts":"1.3"}]}""");

        assertThat(event.actions()).hasSize(1).first().satisfies(action -> {
            assertThat(action.id()).isEqualTo("approve");
            assertThat(action.value()).isEqualTo("42");
            assertThat(action.json()).containsEntry("type", "button");
        });
        assertThat(event.user()).isEqualTo("U1");
        assertThat(event.channel()).isEqualTo("C1");
        assertThat(event.ts()).isEqualTo("1.1");
        assertThat(event.threadTs()).isEqualTo("1.0");
        assertThat(event.eventTs()).isEqualTo("1.3");
    }

    @Test
    void aFormTellsWhatWasEntered() {
        SlackEvent event = event("interaction.view_submission", """
                {"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},
                 "view":{"callback_id":"ticket","state":{"values":{
                   "title":{"text":{"type":"plain_text_input","value":"Broken"}},
                   "urgency":{"level":{"type":"static_select","selected_option":{"value":"high"}}},
                   "due":{"date":{"type":"datepicker","selected_date":null}}}}}}""");

        assertThat(event.callbackId()).isEqualTo("ticket");
        assertThat(event.input("text")).isEqualTo("Broken");
        assertThat(event.input("title")).isEqualTo("Broken");
        assertThat(event.input("level")).isEqualTo("high");
        assertThat(event.inputs()).doesNotContainKeys("date", "due");
        assertThat(event.view()).containsEntry("callback_id", "ticket");
    }

    @Test
    void aMenuThatWantsItsOptionsIsItsOwnAction() {
        SlackEvent event = event("interaction.block_suggestion", """
                {"type":"block_suggestion","action_id":"assignee","value":"an","team":{"id":"T1"},"user":{"id":"U1"}}""");

        assertThat(event.actions()).hasSize(1).first().satisfies(action -> {
            assertThat(action.id()).isEqualTo("assignee");
            assertThat(action.value()).isEqualTo("an");
        });
        assertThat(event.text()).isEqualTo("an");
    }

    @Test
    void whereTheUserAndTheChannelAreObjectsTheirIdsAreMeant() {
        SlackEvent joined = inner("event.team_join", "{\"type\":\"team_join\",\"user\":{\"id\":\"U7\"}}");
        SlackEvent renamed = inner("event.channel_rename", "{\"type\":\"channel_rename\",\"channel\":{\"id\":\"C7\"}}");
        SlackEvent reaction = inner(
                "event.reaction_added",
                "{\"type\":\"reaction_added\",\"reaction\":\"eyes\",\"item\":{\"channel\":\"C8\",\"ts\":\"8.1\"}}");

        assertThat(joined.user()).isEqualTo("U7");
        assertThat(renamed.channel()).isEqualTo("C7");
        assertThat(reaction.channel()).isEqualTo("C8");
        assertThat(reaction.ts()).isEqualTo("8.1");
        assertThat(reaction.string("reaction")).isEqualTo("eyes");
    }

    @Test
    void unknownTypesPassThrough() {
        SlackEvent event = inner("event.tea_is_ready", "{\"type\":\"tea_is_ready\",\"pots\":[{\"litres\":2}]}");

        assertThat(event.type()).isEqualTo("tea_is_ready");
        assertThat(event.eventType()).isEmpty();
        assertThat(event.string("pots.0.litres")).isEqualTo("2");
        assertThat(event.at("pots.1.litres")).isNull();
        assertThat(event.at("pots.litres")).isNull();
    }

    @Test
    void whatIsOfAnotherKindThanItShouldBeIsNotThere() {
        SlackEvent event = event("event.message", "{\"event\":[1,2],\"authorizations\":{},\"team_id\":null}");

        assertThat(event.type()).isEmpty();
        assertThat(event.channel()).isNull();
        assertThat(event.team()).isNull();
        assertThat(event.text()).isEmpty();
        assertThat(event.authorizations()).isEmpty();
        assertThat(event.isOwn()).isFalse();
    }

    @Test
    void whatTheAppPostsItselfIsItsOwn() {
        assertThat(own("\"bot_id\":\"B1\",\"app_id\":\"A1\"")).isTrue();
        assertThat(own("\"bot_id\":\"B1\",\"bot_profile\":{\"app_id\":\"A1\"}")).isTrue();
        assertThat(own("\"user\":\"UBOT\"")).isTrue();
        assertThat(own("\"subtype\":\"message_changed\",\"message\":{\"bot_id\":\"B1\",\"app_id\":\"A1\"}"))
                .isTrue();
    }

    @Test
    void whatPeopleAndOtherAppsPostIsNot() {
        assertThat(own("\"user\":\"U1\"")).isFalse();
        assertThat(own("\"bot_id\":\"B2\",\"app_id\":\"A2\"")).isFalse();
        assertThat(own("\"user\":\"U1\",\"app_id\":\"A1\"")).isFalse();
    }

    @Test
    void thatTheAppJoinedAChannelIsNews() {
        SlackEvent event = event("event.member_joined_channel", """
                {"api_app_id":"A1","authorizations":[{"user_id":"UBOT","is_bot":true}],
                 "event":{"type":"member_joined_channel","user":"UBOT","channel":"C1"}}""");

        assertThat(event.isOwn()).isFalse();
    }

    @Test
    void itsTextShowsNothingThatPeopleWrote() {
        assertThat(event("event.app_mention", MENTION).toString())
                .contains("event.app_mention")
                .doesNotContain("hello");
    }

    @Test
    void theKindIsToldByTheKey() {
        assertThat(List.of("app_rate_limited", "unknown", "unknown.x", "something"))
                .map(key -> event(key, "{}").kind())
                .containsExactly(Kind.RATE_LIMIT, Kind.UNKNOWN, Kind.UNKNOWN, Kind.UNKNOWN);
    }

    private static boolean own(String fields) {
        return event(
                        "event.message",
                        "{\"api_app_id\":\"A1\",\"authorizations\":[{\"user_id\":\"UBOT\",\"is_bot\":true}],"
                                + "\"event\":{\"type\":\"message\",\"channel\":\"C1\"," + fields + "}}")
                .isOwn();
    }

    private static SlackEvent inner(String key, String json) {
        return event(key, "{\"type\":\"event_callback\",\"team_id\":\"T1\",\"event\":" + json + "}");
    }

    private static SlackEvent event(String key, String json) {
        return SlackEvent.of(Message.of(key, Payload.parse(json)));
    }
}
