package dev.slackline.slack.outbox;

import dev.slackline.queue.Payload;
import dev.slackline.slack.api.FakeSlack;
import dev.slackline.slack.api.FakeSlack.Call;
import dev.slackline.slack.api.FakeSlack.Reply;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Channels that keep what is posted and tell their history, two messages a page, and fail when they are told to. */
final class FakeWorkspace implements AutoCloseable {

    /** What happens to a post instead of being stored and answered. */
    enum Fault {
        ERROR_BEFORE,
        ERROR_AFTER,
        CUT_BEFORE,
        CUT_AFTER,
        LIMITED
    }

    record Stored(String channel, String thread, String ts, String text, Map<String, Object> metadata) {}

    final FakeSlack slack;
    private final List<Stored> stored = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger clock = new AtomicInteger(1_000);
    private volatile @Nullable String refusal;
    private volatile @Nullable String historyRefusal;

    FakeWorkspace() throws IOException {
        slack = new FakeSlack();
        slack.answer(this::answer);
    }

    /** The next posts meet these. */
    void next(Fault... ofThese) {
        faults.addAll(List.of(ofThese));
    }

    void refusePosts(@Nullable String error) {
        refusal = error;
    }

    void refuseHistory(@Nullable String error) {
        historyRefusal = error;
    }

    List<Stored> stored() {
        return List.copyOf(stored);
    }

    List<String> texts(String channel) {
        return stored.stream()
                .filter(message -> message.channel().equals(channel))
                .map(Stored::text)
                .toList();
    }

    @Override
    public void close() {
        slack.close();
    }

    private @Nullable Reply answer(Call call) {
        String unreadable = historyRefusal;
        return switch (call.method()) {
            case "chat.postMessage" -> post(call);
            case "conversations.history", "conversations.replies" ->
                unreadable == null ? history(call) : Reply.error(unreadable);
            case "conversations.open" ->
                ok(Map.of("channel", Map.of("id", "D" + call.argument("users").substring(1))));
            default -> Reply.error("unknown_method");
        };
    }

    private @Nullable Reply post(Call call) {
        String error = refusal;
        if (error != null) {
            return Reply.error(error);
        }
        Fault fault = faults.poll();
        if (fault == Fault.ERROR_BEFORE) {
            return new Reply(503, "", Map.of());
        }
        if (fault == Fault.LIMITED) {
            return new Reply(429, "", Map.of("Retry-After", "1"));
        }
        if (fault == Fault.CUT_BEFORE) {
            return null;
        }
        String channel = call.argument("channel").replaceFirst("^U", "D");
        Stored message = new Stored(
                channel,
                call.argument("thread_ts"),
                clock.incrementAndGet() + ".000100",
                call.argument("text"),
                Payload.parse(call.argument("metadata")).asMap());
        stored.add(message);
        if (fault == Fault.ERROR_AFTER) {
            return new Reply(500, "{\"ok\":false,\"error\":\"fatal_error\"}", Map.of());
        }
        return fault == Fault.CUT_AFTER ? null : ok(Map.of("channel", channel, "ts", message.ts()));
    }

    private Reply history(Call call) {
        List<Map<String, Object>> messages = stored.stream()
                .filter(message -> message.channel().equals(call.argument("channel")))
                .filter(message -> message.thread().equals(call.argument("ts")))
                .map(message -> Map.<String, Object>of(
                        "ts", message.ts(), "text", message.text(), "metadata", message.metadata()))
                .toList();
        int from = call.argument("cursor").isEmpty() ? 0 : Integer.parseInt(call.argument("cursor"));
        int to = Math.min(from + 2, messages.size());
        return ok(Map.of(
                "messages",
                messages.subList(from, to),
                "response_metadata",
                Map.of("next_cursor", to < messages.size() ? Integer.toString(to) : "")));
    }

    private static Reply ok(Map<String, Object> fields) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put("ok", true);
        return new Reply(200, Payload.of(all).text(), Map.of());
    }
}
