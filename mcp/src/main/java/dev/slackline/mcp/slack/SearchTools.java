package dev.slackline.mcp.slack;

import static dev.slackline.mcp.Tool.Effect.READS;
import static dev.slackline.mcp.slack.Shape.flag;
import static dev.slackline.mcp.slack.Shape.list;
import static dev.slackline.mcp.slack.Shape.text;
import static dev.slackline.mcp.slack.SlackTool.named;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finding things: messages and files as Slack does, channels, people and emoji by their names. */
final class SearchTools {

    private static final Field QUERY = Field.text(
            "query",
            500,
            "Words, and Slack's filters: in:#channel from:@person after:2026-01-31 has:link \"a phrase\".");

    private static final Field PART =
            Field.text("query", 80, "A part of the name.").kept();

    private static final Shape FOUND = Shape.of(
            text("channel").from("channel.id").must(),
            text("channel_name").from("channel.name"),
            text("ts").must(),
            text("user"),
            text("username"),
            text("text").must(),
            text("permalink").inDetail());

    private static final Shape NAMED_CHANNEL =
            Shape.of(text("channel").must(), text("name").must(), flag("is_archived"));

    private static final Shape NAMED_PERSON =
            Shape.of(text("user").must(), text("name").must(), text("display_name"));

    private static final Shape EMOJI = Shape.of(text("name").must(), text("url").inDetail());

    private SearchTools() {}

    static List<SlackTool> all() {
        return List.of(messages(), files(), channels(), people(), emoji());
    }

    private static SlackTool messages() {
        return named(
                        "slack_search_messages",
                        READS,
                        "Search messages",
                        "Messages that hold some words, newest first, among all that the person behind SLACK_USER_TOKEN"
                                + " can read.")
                .takes(QUERY, Field.choice("sort", "The order.", "timestamp", "score"))
                .does((given, slack) -> Numbered.call(given, slack, "search.messages", "messages"))
                .returns(list("matches", FOUND), text("next_cursor"))
                .numbered(100, 20)
                .formatted();
    }

    private static SlackTool files() {
        return named(
                        "slack_search_files",
                        READS,
                        "Search files",
                        "Files by their names and what stands in them, among all that the person behind SLACK_USER_TOKEN"
                                + " can read.")
                .takes(QUERY)
                .does((given, slack) -> Numbered.call(given, slack, "search.files", "files")
                        .thenApply(answer -> Numbered.placed(answer, "matches")))
                .returns(list("matches", Shapes.SHARED_FILE), text("next_cursor"))
                .numbered(100, 20)
                .formatted();
    }

    private static SlackTool channels() {
        return named(
                        "slack_search_channels",
                        READS,
                        "Search channels",
                        "Channels by a part of their names. partial says that not all names are known yet.")
                .takes(PART, Fields.limit(100, 20))
                .does((given, slack) -> {
                    NameBook book = slack.directory().book();
                    List<Map<String, Object>> found = matching(
                            given,
                            book.names().channels(),
                            Names.Channel::name,
                            channel -> Map.of(
                                    "channel", channel.id(),
                                    "name", channel.name(),
                                    "is_archived", channel.archived()));
                    return done("channels", found, book.isPartial(book.channels()));
                })
                .returns(list("channels", NAMED_CHANNEL), flag("partial").must());
    }

    private static SlackTool people() {
        return named(
                        "slack_search_users",
                        READS,
                        "Search people",
                        "People by a part of their names. partial says that not all names are known.")
                .takes(PART, Fields.limit(100, 20))
                .does((given, slack) -> {
                    NameBook book = slack.directory().book();
                    List<Map<String, Object>> found = matching(
                            given,
                            book.names().people(),
                            person -> person.name() + " " + person.shown(),
                            person ->
                                    Map.of("user", person.id(), "name", person.name(), "display_name", person.shown()));
                    return done("users", found, book.isPartial(book.people()));
                })
                .returns(list("users", NAMED_PERSON), flag("partial").must());
    }

    private static SlackTool emoji() {
        return named(
                        "slack_search_emoji",
                        READS,
                        "Search emoji",
                        "The workspace's own emoji, by a part of their names or all.")
                .takes(PART.optional(), Fields.limit(1000, 100).kept())
                .does((given, slack) -> slack.call("emoji.list", Map.of()).thenApply(answer -> {
                    List<Map<String, Object>> found = matching(
                            given,
                            Slack.object(answer, "emoji").entrySet(),
                            Map.Entry::getKey,
                            entry -> Map.of("name", entry.getKey(), "url", entry.getValue()));
                    return Map.of("emoji", found);
                }))
                .returns(list("emoji", EMOJI))
                .formatted();
    }

    /** Those whose names hold the query, the shortest first: they fit best. */
    private static <T> List<Map<String, Object>> matching(
            Given given, Collection<T> all, Function<T, String> name, Function<T, Map<String, Object>> shown) {
        String part = given.text("query").toLowerCase(Locale.ROOT).replaceFirst("^[#@:]", "");
        Stream<T> found = all.stream()
                .filter(each -> name.apply(each).toLowerCase(Locale.ROOT).contains(part));
        return found.sorted(Comparator.<T>comparingInt(each -> name.apply(each).length())
                        .thenComparing(name))
                .limit(given.number("limit"))
                .map(shown)
                .toList();
    }

    private static CompletableFuture<Map<String, Object>> done(
            String name, List<Map<String, Object>> found, boolean partial) {
        return CompletableFuture.completedFuture(Map.of(name, found, "partial", partial));
    }
}
