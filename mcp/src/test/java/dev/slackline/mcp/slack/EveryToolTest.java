package dev.slackline.mcp.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.access.Policy;
import dev.slackline.slack.simulator.SlackSimulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every tool does what it says, and answers what its schema says: {@link Agent} looks at each result. */
class EveryToolTest {

    private static final Set<String> OFFERED = new TreeSet<>();
    private static final Set<String> CALLED = new TreeSet<>();

    private final SlackSimulator slack = SlackSimulator.start();
    private Agent agent;
    private Path folder;

    @BeforeEach
    void start(@TempDir Path temporary) {
        folder = temporary;
        agent = new Agent(slack, temporary, Policy.EVERYTHING);
    }

    @AfterEach
    void end() {
        OFFERED.addAll(agent.names());
        CALLED.addAll(agent.called());
        agent.close();
        slack.close();
    }

    /** Those of messages are called in {@link MessageToolsTest}. */
    @AfterAll
    static void noToolIsLeftOut() {
        Set<String> left = new TreeSet<>(OFFERED);
        left.removeAll(CALLED);
        MessageTools.all(false).forEach(tool -> left.remove(tool.name()));
        ReadingTools.all().forEach(tool -> left.remove(tool.name()));
        assertThat(left).isEmpty();
        assertThat(OFFERED).hasSizeGreaterThan(60).allMatch(name -> name.matches("slack_[a-z_]+"));
    }

    @Test
    void aChannelIsMadeFilledAndClosed() {
        JsonNode made = agent.calls("slack_create_channel", "name", "war-room");
        String channel = made.path("channel").asString();

        agent.calls("slack_set_topic", "channel", "#war-room", "topic", "fire");
        agent.calls("slack_set_purpose", "channel", channel, "purpose", "put it out");
        agent.calls(
                "slack_invite",
                "channel",
                channel,
                "users",
                List.of("@ada", slack.user("grace").id()));
        JsonNode info = agent.calls("slack_channel_info", "channel", "#war-room", "response_format", "detailed");
        JsonNode members = agent.calls("slack_channel_members", "channel", channel, "limit", 2);
        agent.calls("slack_archive_channel", "channel", channel);

        assertThat(info.at("/info/topic").asString()).isEqualTo("fire");
        assertThat(info.at("/info/purpose").asString()).isEqualTo("put it out");
        assertThat(members.path("users")).hasSize(2);
        assertThat(members.has("next_cursor")).isTrue();
        assertThat(agent.fails("slack_post_message", "channel", channel, "text", "x"))
                .contains("archived");
        agent.calls("slack_unarchive_channel", "channel", channel);
        agent.calls("slack_leave_channel", "channel", channel);
        assertThat(agent.fails("slack_channel_history", "channel", channel)).contains("slack_join_channel");
        agent.calls("slack_join_channel", "channel", channel);
        assertThat(agent.fails("slack_create_channel", "name", "war-room")).contains("choose another name");
    }

    @Test
    void channelsAreListedAndFound() {
        assertThat(Agent.texts(agent.calls("slack_list_channels").path("channels"), "name"))
                .contains("general", "random");
        assertThat(Agent.texts(agent.calls("slack_my_channels").path("channels"), "name"))
                .contains("general")
                .doesNotContain("random");
        assertThat(Agent.texts(agent.calls("slack_my_channels", "user", "@ada").path("channels"), "name"))
                .contains("random");
        agent.calls("slack_channel_info", "channel", "#general"); // waits for the names
        assertThat(Agent.texts(
                        agent.calls("slack_search_channels", "query", "#gen").path("channels"), "name"))
                .containsExactly("general");
    }

    @Test
    void directConversationsAreOpened() {
        String one = agent.calls("slack_open_dm", "users", List.of("@ada"))
                .path("channel")
                .asString();
        String few = agent.calls("slack_open_dm", "users", List.of("@ada", "@grace"))
                .path("channel")
                .asString();

        agent.calls("slack_post_message", "channel", one, "text", "psst");
        agent.calls("slack_post_message", "channel", few, "text", "all");

        assertThat(slack.messages("@ada").get(0).text()).isEqualTo("psst");
        assertThat(agent.calls("slack_channel_history", "channel", "@ada")
                        .at("/messages/0/text")
                        .asString())
                .isEqualTo("psst");
    }

    @Test
    void whatIsUnreadIsCountedUntilItIsMarked() {
        slack.user("ada").says("#general", "one");
        String last = slack.user("ada").says("#general", "two").ts();

        JsonNode unread = agent.calls("slack_unread").at("/channels/0");
        agent.calls("slack_mark_read", "channel", "#general", "ts", last);

        assertThat(unread.path("unread").asInt()).isEqualTo(2);
        assertThat(unread.path("latest").asString()).isEqualTo(last);
        assertThat(agent.calls("slack_unread").path("channels")).isEmpty();
    }

    @Test
    void peopleAreFound() {
        String ada = slack.user("ada").id();

        assertThat(Agent.texts(agent.calls("slack_list_users", "limit", 2).path("users"), "user"))
                .hasSize(2);
        JsonNode profile = agent.calls("slack_user_profile", "user", "@ada", "response_format", "detailed");
        assertThat(profile.at("/profile/email").asString()).isEqualTo("ada@example.com");
        assertThat(agent.calls("slack_find_user_by_email", "email", "ada@example.com")
                        .at("/profile/user")
                        .asString())
                .isEqualTo(ada);
        assertThat(agent.calls("slack_user_presence", "user", "<@" + ada + ">")
                        .path("presence")
                        .asString())
                .isEqualTo("active");
        assertThat(Agent.texts(agent.calls("slack_search_users", "query", "ad").path("users"), "user"))
                .containsExactly(ada);
        assertThat(agent.fails("slack_user_profile", "user", "@nobody")).contains("nobody", "Give the id");
        assertThat(agent.calls("slack_team_info").path("name").asString()).isEqualTo("simulated");
        assertThat(agent.calls("slack_who_am_i").path("name").asString()).isEqualTo("slackline");
    }

    @Test
    void messagesAndFilesAreSearched() {
        for (int i = 0; i < 3; i++) {
            slack.user("ada").says("#general", "needle " + i);
        }
        agent.calls("slack_upload_file", "channel", "#general", "filename", "needle.txt", "content", "in a haystack");

        JsonNode first = agent.calls("slack_search_messages", "query", "needle in:#general", "limit", 2);
        JsonNode second = agent.calls(
                "slack_search_messages",
                "query",
                "needle in:#general",
                "limit",
                2,
                "cursor",
                first.path("next_cursor").asString());
        JsonNode files = agent.calls("slack_search_files", "query", "needle");

        assertThat(Agent.texts(first.path("matches"), "text")).containsExactly("needle 2", "needle 1");
        assertThat(Agent.texts(second.path("matches"), "text")).containsExactly("needle 0");
        assertThat(Agent.texts(files.path("matches"), "name")).containsExactly("needle.txt");
        assertThat(Agent.texts(
                        agent.calls("slack_search_emoji", "query", "ship").path("emoji"), "name"))
                .containsExactly("shipit");
        assertThat(agent.fails("slack_search_messages", "query", "x", "cursor", "page-0"))
                .contains("without one");
    }

    @Test
    void aMessageIsReactedToAndPinned() {
        String ts = slack.user("ada").says("#general", "lunch?").ts();

        agent.calls("slack_add_reaction", "channel", "#general", "ts", ts, "name", "thumbsup");
        agent.calls("slack_pin_message", "channel", "#general", "ts", ts);
        JsonNode reactions = agent.calls("slack_get_reactions", "channel", "#general", "ts", ts);
        JsonNode pins = agent.calls("slack_list_pins", "channel", "#general");
        agent.calls("slack_remove_reaction", "channel", "#general", "ts", ts, "name", "thumbsup");
        agent.calls("slack_unpin_message", "channel", "#general", "ts", ts);

        assertThat(Agent.texts(reactions.path("reactions"), "name")).containsExactly("thumbsup");
        assertThat(Agent.texts(pins.path("pins"), "text")).containsExactly("lunch?");
        assertThat(agent.calls("slack_list_pins", "channel", "#general").path("pins"))
                .isEmpty();
        assertThat(agent.fails("slack_unpin_message", "channel", "#general", "ts", ts))
                .contains("nothing is left to do");
    }

    @Test
    void aFileIsUploadedAndRead() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "from the folder", StandardCharsets.UTF_8);

        String file = agent.calls(
                        "slack_upload_file", "channel", "#general", "filename", "notes.txt", "path", "notes.txt")
                .path("file")
                .asString();
        JsonNode read = agent.calls("slack_read_file", "file", file);

        assertThat(read.path("text").asString()).isEqualTo("from the folder");
        assertThat(Agent.texts(
                        agent.calls("slack_list_files", "channel", "#general").path("files"), "file"))
                .containsExactly(file);
        assertThat(agent.calls("slack_file_info", "file", file)
                        .at("/info/channels/0")
                        .asString())
                .isEqualTo(slack.workspace().channel("general").orElseThrow().id());
    }

    @Test
    void aCanvasIsWrittenReadAndDeleted() {
        String canvas = agent.calls(
                        "slack_create_canvas", "title", "Plan", "markdown", "# Plan\n\nfirst", "channel", "#general")
                .path("canvas")
                .asString();

        agent.calls("slack_edit_canvas", "canvas", canvas, "markdown", "second");
        String section = agent.calls("slack_find_canvas_sections", "canvas", canvas, "contains", "first")
                .at("/sections/0/section")
                .asString();
        agent.calls(
                "slack_edit_canvas", "canvas", canvas, "operation", "replace", "section", section, "markdown", "1st");

        assertThat(agent.calls("slack_read_canvas", "canvas", canvas)
                        .path("html")
                        .asString())
                .contains("# Plan", "1st", "second")
                .doesNotContain("first");
        assertThat(agent.fails("slack_edit_canvas", "canvas", canvas, "operation", "delete"))
                .contains("section");
        agent.calls(
                "slack_edit_canvas", "canvas", canvas, "operation", "delete", "section", sectionOf(canvas, "second"));
        agent.calls("slack_delete_canvas", "canvas", canvas);
        agent.fails("slack_read_canvas", "canvas", canvas);
    }

    private String sectionOf(String canvas, String text) {
        return agent.calls("slack_find_canvas_sections", "canvas", canvas, "contains", text)
                .at("/sections/0/section")
                .asString();
    }

    @Test
    void aListIsFilledAndChanged() {
        JsonNode made = agent.calls("slack_create_list", "name", "Tasks", "todo_mode", true);
        String list = made.path("list").asString();
        String column = made.at("/columns/0/column_id").asString();

        String item = agent.calls(
                        "slack_add_list_item",
                        "list",
                        list,
                        "fields",
                        List.of(Map.of("column_id", column, "text", "buy milk")))
                .path("item")
                .asString();
        agent.calls(
                "slack_update_list_item",
                "list",
                list,
                "item",
                item,
                "fields",
                List.of(Map.of("column_id", column, "text", "buy bread")));
        JsonNode items = agent.calls("slack_list_items", "list", list);
        agent.calls("slack_delete_list_item", "list", list, "item", item);

        assertThat(items.at("/items/0/fields/0/text").asString()).isEqualTo("buy bread");
        assertThat(made.path("columns")).hasSize(4);
        assertThat(agent.calls("slack_list_items", "list", list).path("items")).isEmpty();
    }

    @Test
    void aUserGroupIsMadeAndFilled() {
        String group = agent.calls("slack_create_user_group", "name", "On call", "handle", "oncall")
                .at("/group/usergroup")
                .asString();

        agent.calls("slack_update_user_group", "usergroup", group, "description", "who to wake");
        agent.calls("slack_set_user_group_members", "usergroup", group, "users", List.of("@ada", "@linus"));

        JsonNode groups = agent.calls("slack_list_user_groups", "response_format", "detailed");
        assertThat(groups.at("/usergroups/0/description").asString()).isEqualTo("who to wake");
        assertThat(agent.calls("slack_user_group_members", "usergroup", group).path("users"))
                .hasSize(2);
    }

    @Test
    void bookmarksAndRemindersAreKept() {
        String bookmark = agent.calls(
                        "slack_add_bookmark", "channel", "#general", "title", "Docs", "link", "https://example.com")
                .path("bookmark_id")
                .asString();
        agent.calls("slack_edit_bookmark", "channel", "#general", "bookmark_id", bookmark, "title", "Handbook");
        assertThat(agent.calls("slack_list_bookmarks", "channel", "#general")
                        .at("/bookmarks/0/title")
                        .asString())
                .isEqualTo("Handbook");
        agent.calls("slack_remove_bookmark", "channel", "#general", "bookmark_id", bookmark);

        String reminder = agent.calls("slack_add_reminder", "text", "water the plants", "time", "1d")
                .path("reminder")
                .asString();
        agent.calls("slack_complete_reminder", "reminder", reminder);
        assertThat(Agent.texts(agent.calls("slack_list_reminders").path("reminders"), "text"))
                .containsExactly("water the plants");
        agent.calls("slack_delete_reminder", "reminder", reminder);
        assertThat(agent.calls("slack_list_reminders").path("reminders")).isEmpty();
    }
}
