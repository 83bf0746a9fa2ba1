package dev.slackline.backend.nats;

import dev.slackline.queue.QueueException;
import io.nats.client.Message;
import io.nats.client.api.ApiResponse;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerCreateRequest;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.Headers;
import io.nats.client.support.JsonValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What JetStream can be asked. Waits for the answer, some seconds at most: for threads that may. Thread-safe. */
final class Api {

    private static final String PREFIX = "$JS.API.";
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final byte[] NOTHING = new byte[0];
    private static final int NOT_FOUND = 404;
    private static final int NO_SUCH_MESSAGE = 10057;

    private final Requests requests;
    private final Failures failures;

    Api(Requests requests, Failures failures) {
        this.requests = requests;
        this.failures = failures;
    }

    /** Null if there is none. */
    @Nullable
    StreamInfo stream(String name) {
        StreamInfo info = new StreamInfo(ask("STREAM.INFO." + name, NOTHING));
        return isMissing(info) ? null : checked("asking for stream " + name, info);
    }

    StreamInfo createStream(StreamConfiguration wanted) {
        return checked(
                "making stream " + wanted.getName(),
                new StreamInfo(ask("STREAM.CREATE." + wanted.getName(), json(wanted.toJson()))));
    }

    StreamInfo updateStream(StreamConfiguration wanted) {
        return checked(
                "changing stream " + wanted.getName(),
                new StreamInfo(ask("STREAM.UPDATE." + wanted.getName(), json(wanted.toJson()))));
    }

    void deleteStream(String name) {
        Response gone = new Response(ask("STREAM.DELETE." + name, NOTHING));
        if (!isMissing(gone)) {
            checked("deleting stream " + name, gone);
        }
    }

    /** How many messages each subject has, of those that match; null if there is no such stream. */
    @Nullable
    Map<String, Long> subjects(String stream, String filter) {
        Map<String, Long> counts = new TreeMap<>();
        long total = 1;
        while (counts.size() < total) {
            String page = "{\"subjects_filter\":\"" + filter + "\",\"offset\":" + counts.size() + "}";
            StreamInfo info = new StreamInfo(ask("STREAM.INFO." + stream, json(page)));
            if (isMissing(info)) {
                return null;
            }
            Map<String, Long> more = checked("listing subjects of " + stream, info)
                    .getStreamState()
                    .getSubjectMap();
            if (more == null || more.isEmpty()) {
                break;
            }
            counts.putAll(more);
            JsonValue all = field(info, "total");
            total = all == null || all.i == null ? 0 : all.i;
        }
        return counts;
    }

    /** Forgets what matches the subject, or what comes before a sequence. @return how many that were */
    long purge(String stream, String what) {
        Response purged = new Response(ask("STREAM.PURGE." + stream, json(what)));
        if (isMissing(purged)) {
            return 0;
        }
        JsonValue count = field(checked("purging " + stream, purged), "purged");
        return count == null || count.i == null ? 0 : count.i;
    }

    /** Null if there is none, or no such stream. */
    @Nullable
    ConsumerInfo consumer(String stream, String name) {
        ConsumerInfo info = new ConsumerInfo(ask("CONSUMER.INFO." + stream + "." + name, NOTHING));
        return isMissing(info) ? null : checked("asking for consumer " + name, info);
    }

    ConsumerInfo createConsumer(String stream, ConsumerConfiguration wanted) {
        String name = wanted.getDurable();
        return checked(
                "making consumer " + name,
                new ConsumerInfo(ask(
                        name == null ? "CONSUMER.CREATE." + stream : "CONSUMER.DURABLE.CREATE." + stream + "." + name,
                        json(new ConsumerCreateRequest(stream, wanted).toJson()))));
    }

    void deleteConsumer(String stream, String name) {
        Response gone = new Response(ask("CONSUMER.DELETE." + stream + "." + name, NOTHING));
        if (!isMissing(gone)) {
            checked("deleting consumer " + name, gone);
        }
    }

    List<ConsumerInfo> consumers(String stream) {
        List<ConsumerInfo> found = new ArrayList<>();
        while (true) {
            Response page = checked(
                    "listing the consumers of " + stream,
                    new Response(ask("CONSUMER.LIST." + stream, json("{\"offset\":" + found.size() + "}"))));
            JsonValue all = field(page, "total");
            JsonValue some = field(page, "consumers");
            if (some == null || some.array == null || some.array.isEmpty()) {
                return found;
            }
            some.array.forEach(one -> found.add(new ConsumerInfo(one)));
            if (all == null || all.i == null || found.size() >= all.i) {
                return found;
            }
        }
    }

    /** The last message of a subject; null if there is none. */
    @Nullable
    Found last(String stream, String subject) {
        return await(lastLater(stream, subject));
    }

    /** {@link #last}, for threads that may not wait. */
    CompletableFuture<@Nullable Found> lastLater(String stream, String subject) {
        return message(stream, "{\"last_by_subj\":\"" + subject + "\"}");
    }

    /** The message of this sequence; null if it is gone. */
    CompletableFuture<@Nullable Found> atLater(String stream, long sequence) {
        return message(stream, "{\"seq\":" + sequence + "}");
    }

    /** The first message from this sequence on; null if there is none. */
    @Nullable
    Found next(String stream, long sequence) {
        return await(message(stream, "{\"seq\":" + sequence + ",\"next_by_subj\":\">\"}"));
    }

    /** Deletes one message. @return whether it was there */
    boolean delete(String stream, long sequence) {
        Response gone = new Response(ask("STREAM.MSG.DELETE." + stream, deletion(sequence)));
        if (isMissing(gone) || gone.getApiErrorCode() == NO_SUCH_MESSAGE) {
            return false;
        }
        checked("deleting a message of " + stream, gone);
        return true;
    }

    /** Deletes one message, soon, if the server can be reached. */
    void deleteLater(String stream, long sequence) {
        requests.send(PREFIX + "STREAM.MSG.DELETE." + stream, null, deletion(sequence), PATIENCE);
    }

    /** Stores something in a stream. */
    void store(String stream, String subject, @Nullable Headers headers, byte[] body) {
        Message reply = answered(await(requests.send(subject, headers, body, PATIENCE)));
        checked("storing something in " + stream, new Response(reply));
    }

    /** Stores a note in a stream. */
    void store(String stream, String subject, String text) {
        store(stream, subject, null, json(text));
    }

    private CompletableFuture<@Nullable Found> message(String stream, String which) {
        CompletableFuture<@Nullable Found> found = new CompletableFuture<>();
        requests.send(PREFIX + "STREAM.MSG.GET." + stream, null, json(which), PATIENCE)
                .whenComplete((reply, error) -> {
                    if (error != null) {
                        found.completeExceptionally(error);
                        return;
                    }
                    try {
                        Found.Answer answer = new Found.Answer(answered(reply));
                        found.complete(
                                isMissing(answer) ? null : Found.in(checked("reading a message of " + stream, answer)));
                    } catch (RuntimeException e) {
                        found.completeExceptionally(e);
                    }
                });
        return found;
    }

    private static byte[] deletion(long sequence) {
        return json("{\"seq\":" + sequence + ",\"no_erase\":true}");
    }

    private Message ask(String what, byte[] body) {
        return answered(await(requests.send(PREFIX + what, null, body, PATIENCE)));
    }

    private Message answered(Message reply) {
        if (reply.isStatusMessage()) {
            throw failures.silent(reply.getStatus().getMessage());
        }
        return reply;
    }

    private <T extends @Nullable Object> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof QueueException known ? known : e;
        }
    }

    private <R extends ApiResponse<?>> R checked(String what, R response) {
        if (response.hasError()) {
            throw failures.refused(what, response);
        }
        return response;
    }

    private static @Nullable JsonValue field(ApiResponse<?> response, String name) {
        JsonValue all = response.getJv();
        return all == null || all.map == null ? null : all.map.get(name);
    }

    private static boolean isMissing(ApiResponse<?> response) {
        return response.hasError() && response.getErrorCode() == NOT_FOUND;
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An answer of no kind of its own. */
    private static final class Response extends ApiResponse<Response> {
        Response(Message reply) {
            super(reply);
        }
    }
}
