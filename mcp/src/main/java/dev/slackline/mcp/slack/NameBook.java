package dev.slackline.mcp.slack;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The names of a workspace: taken from the file of an earlier process, read from Slack in the background, and kept in the file
 * as they come, so that a process that is started again goes on where the last one stopped. Thread-safe.
 */
final class NameBook implements AutoCloseable {

    private static final Duration BETWEEN_SAVES = Duration.ofSeconds(10);
    private static final int PAGE = 999;

    private final Names names = new Names();
    private final NamesFile file;
    private final Duration age;
    private final int maxPeople;
    private final Listing channels;
    private final Listing people;
    private final BiFunction<String, Map<String, ?>, CompletableFuture<Map<String, Object>>> slack;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final AtomicBoolean opening = new AtomicBoolean();
    private final AtomicLong savedAt = new AtomicLong();
    private volatile String team = "";
    private volatile boolean unsaved;
    private boolean closed;

    NameBook(
            BiFunction<String, Map<String, ?>, CompletableFuture<Map<String, Object>>> slack,
            SlackToolsSettings settings) {
        this.slack = slack;
        this.file = new NamesFile(settings.cacheFile());
        this.age = settings.cacheAge();
        this.maxPeople = settings.cacheUsers();
        this.channels = new Listing(
                "conversations.list",
                Map.of("types", "public_channel,private_channel", "limit", PAGE),
                page -> slack.apply("conversations.list", page),
                this::takeChannels,
                this::save);
        this.people = new Listing(
                "users.list",
                Map.of("limit", PAGE),
                page -> slack.apply("users.list", page),
                this::takePeople,
                this::save);
    }

    /** Starts to read in the background, if nobody has. */
    void open() {
        if (!opening.compareAndSet(false, true)) {
            return;
        }
        slack.apply("auth.test", Map.of())
                .thenAcceptAsync(who -> {
                    team = Slack.text(who, "team_id");
                    Optional<NamesFile.Content> kept = file.read(team);
                    kept.ifPresent(this::take);
                })
                .whenComplete((done, error) -> {
                    long oldest = System.currentTimeMillis() - age.toMillis();
                    channels.readUnlessSince(oldest);
                    people.readUnlessSince(oldest);
                    opened.complete(null);
                });
    }

    Names names() {
        return names;
    }

    Listing channels() {
        return channels;
    }

    Listing people() {
        return people;
    }

    /** Completes when more of a list is known; null if no more will be. */
    @Nullable
    CompletableFuture<Void> progress(Listing list) {
        open();
        return opened.isDone() ? list.progress() : opened.copy();
    }

    /** Whether there are names that are not known yet, or never will be. */
    boolean isPartial(Listing list) {
        return progress(list) != null
                || !list.trouble().isEmpty()
                || (list == people && names.peopleCount() >= maxPeople);
    }

    void addChannel(Map<String, Object> channel) {
        String id = Slack.text(channel, "id");
        String name = Slack.text(channel, "name");
        if (!id.isEmpty() && !name.isEmpty()) {
            names.add(new Names.Channel(id, name, Boolean.TRUE.equals(channel.get("is_archived"))));
        }
    }

    /** Ends the reading and keeps what is known; nothing is written later. Waits for a file to be written. */
    @Override
    public void close() {
        channels.close();
        people.close();
        synchronized (file) {
            write();
            closed = true;
        }
    }

    private boolean takeChannels(Map<String, Object> page) {
        Slack.list(page, "channels").forEach(this::addChannel);
        return true;
    }

    private boolean takePeople(Map<String, Object> page) {
        for (Map<String, Object> user : Slack.list(page, "members")) {
            String id = Slack.text(user, "id");
            if (!id.isEmpty() && !Boolean.TRUE.equals(user.get("deleted"))) {
                names.add(new Names.Person(id, Slack.text(user, "name"), shown(user)));
            }
        }
        return names.peopleCount() < maxPeople;
    }

    private static String shown(Map<String, Object> user) {
        Map<String, Object> profile = Slack.object(user, "profile");
        String display = Slack.text(profile, "display_name");
        return display.isEmpty() ? Slack.text(profile, "real_name") : display;
    }

    private void take(NamesFile.Content kept) {
        kept.channels().forEach(names::add);
        kept.people().forEach(names::add);
        channels.resume(kept.channelsAt());
        people.resume(kept.peopleAt());
    }

    /** After each page but not too often, and always when all is read. */
    private void save() {
        boolean complete = channels.progress() == null && people.progress() == null;
        long now = System.nanoTime();
        long last = savedAt.get();
        unsaved = true;
        if (!team.isEmpty() && (complete || last == 0 || now - last > BETWEEN_SAVES.toNanos())) {
            savedAt.set(now);
            CompletableFuture.runAsync(this::write);
        }
    }

    private void write() {
        synchronized (file) {
            if (unsaved && !closed && !team.isEmpty()) {
                unsaved = false;
                file.write(NamesFile.Content.of(team, channels.position(), people.position(), names));
            }
        }
    }

    /** What is known of some ids, for results that name people. */
    List<Map<String, Object>> withNames(List<Map<String, Object>> messages) {
        messages.forEach(message -> {
            Names.Person person = names.personOf(Slack.text(message, "user"));
            if (person != null) {
                message.put("user_name", person.name());
            }
        });
        return messages;
    }
}
