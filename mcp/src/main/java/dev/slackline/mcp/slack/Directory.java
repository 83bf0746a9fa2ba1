package dev.slackline.mcp.slack;

import dev.slackline.mcp.access.Conversation;
import dev.slackline.mcp.access.Conversations;
import dev.slackline.mcp.access.RefusedException;
import dev.slackline.slack.api.SlackApiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds channels and people by whatever an agent calls them. A name that is not known yet is waited for while the names are
 * read, for twenty seconds at most. Thread-safe.
 */
final class Directory implements Conversations {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration CHANNELS_ANEW = Duration.ofSeconds(30);
    private static final Duration PEOPLE_ANEW = Duration.ofMinutes(15);
    private static final List<String> PLACES_OF_FILE = List.of("channels", "groups", "ims");

    private final BiFunction<String, Map<String, ?>, CompletableFuture<Map<String, Object>>> slack;
    private final NameBook book;
    private final boolean mustKnow;

    /**
     * A directory.
     *
     * @param mustKnow whether somebody decides by the name of a channel that is given by its id
     */
    Directory(
            BiFunction<String, Map<String, ?>, CompletableFuture<Map<String, Object>>> slack,
            NameBook book,
            boolean mustKnow) {
        this.slack = slack;
        this.book = book;
        this.mustKnow = mustKnow;
    }

    NameBook book() {
        return book;
    }

    @Override
    public CompletionStage<Conversation> find(String text, boolean writes) {
        Reference reference = Reference.toConversation(text.strip());
        return switch (reference.kind()) {
            case CHANNEL_ID -> byId(reference.value());
            case CHANNEL_NAME -> byName(reference.value());
            case USER_ID, USER_NAME -> user(text.strip()).thenCompose(user -> direct(user, writes));
        };
    }

    @Override
    public CompletionStage<List<Conversation>> ofFile(String id) {
        return call(
                        "files.info",
                        Map.of("file", id),
                        "There is no such file, canvas or list, or the app may not see it.")
                .thenCompose(answer -> all(places(Slack.object(answer, "file")).stream()
                        .map(place -> find(place, false).toCompletableFuture())
                        .toList()));
    }

    /** Where something is shared, as Slack describes a file. */
    static List<String> places(Map<String, Object> file) {
        List<String> places = new ArrayList<>();
        for (String kind : PLACES_OF_FILE) {
            if (file.get(kind) instanceof List<?> list) {
                list.forEach(each -> places.add(String.valueOf(each)));
            }
        }
        return places;
    }

    /** The id of a person. */
    CompletableFuture<String> user(String text) {
        Reference reference = Reference.toUser(text.strip());
        if (reference.kind() == Reference.Kind.USER_ID) {
            return CompletableFuture.completedFuture(reference.value());
        }
        String name = reference.value();
        return await(() -> book.names().personCalled(name), book.people(), PEOPLE_ANEW, deadline())
                .thenApply(person -> {
                    if (person == null) {
                        throw new RefusedException("There is nobody whom one could tell by that name"
                                + state(book.people()) + " Give the id, U…, which messages and member lists show.");
                    }
                    return person.id();
                });
    }

    CompletableFuture<List<String>> users(List<String> texts) {
        return all(texts.stream().map(this::user).toList());
    }

    private CompletableFuture<Conversation> byId(String id) {
        Names.Channel known = book.names().channelOf(id);
        if (known != null) {
            return CompletableFuture.completedFuture(known.conversation());
        }
        if (id.startsWith("D")) {
            return CompletableFuture.completedFuture(new Conversation(id, "", true));
        }
        if (!mustKnow) {
            return CompletableFuture.completedFuture(new Conversation(id, "", false));
        }
        return call("conversations.info", Map.of("channel", id), "There is no such channel, or the app may not see it.")
                .thenApply(answer -> {
                    Map<String, Object> channel = Slack.object(answer, "channel");
                    boolean direct =
                            Boolean.TRUE.equals(channel.get("is_im")) || Boolean.TRUE.equals(channel.get("is_mpim"));
                    if (!direct) {
                        book.addChannel(channel);
                    }
                    return new Conversation(id, Slack.text(channel, "name"), direct);
                });
    }

    private CompletableFuture<Conversation> byName(String name) {
        return await(() -> book.names().channelCalled(name), book.channels(), CHANNELS_ANEW, deadline())
                .thenApply(channel -> {
                    if (channel == null) {
                        throw new RefusedException("There is no channel of that name that the app can see"
                                + state(book.channels())
                                + " Find its name with slack_search_channels, or give its id; into a private channel a"
                                + " person must /invite the app.");
                    }
                    return channel.conversation();
                });
    }

    private CompletableFuture<Conversation> direct(String user, boolean writes) {
        Map<String, Object> arguments =
                writes ? Map.of("users", user) : Map.of("users", user, "prevent_creation", true);
        return call("conversations.open", arguments, "There is no direct conversation with this person.")
                .thenApply(answer -> {
                    String id = Slack.text(Slack.object(answer, "channel"), "id");
                    if (id.isEmpty()) {
                        throw new RefusedException("There is no direct conversation with this person yet.");
                    }
                    return new Conversation(id, "", true);
                });
    }

    /** Looks until it is found, or nothing more will be known, or the time is over. */
    private <T> CompletableFuture<@Nullable T> await(
            Supplier<@Nullable T> look, Listing list, Duration anew, long deadline) {
        return await(look, list, anew, deadline, false);
    }

    /** A list that is not being read is read anew, once for each search and not too often. */
    private <T> CompletableFuture<@Nullable T> await(
            Supplier<@Nullable T> look, Listing list, Duration anew, long deadline, boolean readAnew) {
        T found = look.get();
        if (found != null) {
            return CompletableFuture.completedFuture(found);
        }
        CompletableFuture<Void> progress = book.progress(list);
        boolean mustRead = progress == null && !readAnew;
        if (mustRead) {
            list.readUnlessSince(System.currentTimeMillis() - anew.toMillis());
            progress = list.progress();
        }
        long left = deadline - System.nanoTime();
        if (progress == null || left <= 0) {
            return CompletableFuture.completedFuture(look.get());
        }
        return progress.completeOnTimeout(null, left, TimeUnit.NANOSECONDS)
                .thenComposeAsync(unused -> await(look, list, anew, deadline, readAnew || mustRead));
    }

    private static long deadline() {
        return System.nanoTime() + PATIENCE.toNanos();
    }

    private String state(Listing list) {
        if (!list.trouble().isEmpty()) {
            return "; the names cannot be read (" + list.trouble() + "), and a person must mend that.";
        }
        if (book.progress(list) != null) {
            return "; the names are still being read, so try again in a minute.";
        }
        return book.isPartial(list) ? "; not everybody is known by name here." : ".";
    }

    private CompletableFuture<Map<String, Object>> call(String method, Map<String, ?> arguments, String missing) {
        return slack.apply(method, arguments).exceptionallyCompose(thrown -> {
            Throwable error =
                    thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
            boolean none = error instanceof SlackApiException failure
                    && failure.error().endsWith("not_found");
            return CompletableFuture.failedFuture(none ? new RefusedException(missing) : error);
        });
    }

    private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> each) {
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .thenApply(unused -> each.stream().map(CompletableFuture::join).toList());
    }
}
