package dev.slackline.slack.answer;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a group's answers to the desk that a message names in its headers, in this process or another. Thread-safe.
 */
public final class AnswerSender {

    private static final Logger log = LoggerFactory.getLogger(AnswerSender.class);
    /** Later than this no acknowledgement waits. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final String group;
    private final @Nullable AnswerDesk desk;
    private final Duration timeout;
    private final HttpClient http;

    /** {@link #AnswerSender(String, AnswerDesk, Duration)} for as long as any acknowledgement waits: three seconds. */
    public AnswerSender(String group, @Nullable AnswerDesk desk) {
        this(group, desk, TIMEOUT);
    }

    /**
     * Answers for a group.
     *
     * @param desk that of this process, if there is one
     * @param timeout how long the way there and back to another process may take
     */
    public AnswerSender(String group, @Nullable AnswerDesk desk, Duration timeout) {
        this.group = group;
        this.desk = desk;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Whether an acknowledgement may wait, or have waited, for an answer to this message. */
    public boolean isWelcome(Message message) {
        String token = message.headers().get(AnswerDesk.TOKEN_HEADER);
        return token != null && (isLocal(token, message) || address(message) != null);
    }

    /**
     * Answers, or passes with empty. Blocks for the way there and back, for its timeout at most; who cannot be reached any
     * more waits no more, so that is too late as well.
     */
    public AnswerOutcome send(Message message, Optional<Payload> answer) throws InterruptedException {
        String token = message.headers().get(AnswerDesk.TOKEN_HEADER);
        if (token == null) {
            return AnswerOutcome.TOO_LATE;
        }
        if (desk != null && isLocal(token, message)) {
            return desk.answer(token, message.id(), message.key(), group, answer);
        }
        URI address = address(message);
        return address == null ? AnswerOutcome.TOO_LATE : post(address, token, message, answer);
    }

    private boolean isLocal(String token, Message message) {
        return desk != null && desk.isOurs(token, message);
    }

    private AnswerOutcome post(URI address, String token, Message message, Optional<Payload> answer)
            throws InterruptedException {
        Map<String, Object> body =
                new LinkedHashMap<>(Map.of("id", message.id(), "key", message.key(), "group", group));
        answer.ifPresent(payload -> body.put("answer", payload.asMap()));
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(timeout)
                .header("authorization", "Bearer " + token)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Payload.of(body).bytes()))
                .build();
        try {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status == 200) {
                return answer.isPresent() ? AnswerOutcome.TAKEN : AnswerOutcome.NOTED;
            }
            if (status != 410) {
                log.debug("an answer was refused message_id={} status={}", message.id(), status);
            }
        } catch (IOException e) {
            log.debug("an answer could not be delivered message_id={}", message.id(), e);
        }
        return AnswerOutcome.TOO_LATE;
    }

    /** What somebody else has put into the queue must not make us call just anything. */
    private static @Nullable URI address(Message message) {
        String text = message.headers().get(AnswerDesk.ADDRESS_HEADER);
        if (text == null) {
            return null;
        }
        try {
            URI uri = new URI(text);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return http && uri.getHost() != null && AnswerDesk.PATH.equals(uri.getPath()) ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
