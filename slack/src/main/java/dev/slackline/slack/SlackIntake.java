package dev.slackline.slack;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.Queue;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.slack.answer.Answers;
import dev.slackline.slack.answer.Expectation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door for everything that Slack sends over HTTP: events, slash commands and interactions alike, at any of
 * {@code /slack/events}, {@code /slack/commands} and {@code /slack/interactions}. Other paths are left to other
 * handlers. Thread-safe; holds no thread while a request waits for its body or for the queue.
 *
 * <p>A request is answered 2xx only once the queue has it durably, and 503 when that takes longer than
 * {@link #PUBLISH_BUDGET}, so that Slack, which waits three seconds, sends it again. A retry of Slack's is stored like
 * the first try: it has the same message id, so the queue keeps one of them, and neither is ever dropped for being a
 * retry. Every answer is an {@link IntakeAnswer}.
 */
public final class SlackIntake extends Handler.Abstract.NonBlocking {

    /** How long the queue may take to confirm, of the three seconds that Slack waits. */
    public static final Duration PUBLISH_BUDGET = Duration.ofMillis(2500);

    private static final Logger log = LoggerFactory.getLogger(SlackIntake.class);
    private static final Set<String> PATHS = Set.of("/slack/events", "/slack/commands", "/slack/interactions");

    private final Queue queue;
    private final BooleanSupplier open;
    private final Answers answers;
    private final SlackSignature signature;
    private final int maxBody;
    private final IntakeListener listener;
    private final InstantSource clock;
    private final Confirmations confirmations = new Confirmations();
    private final Occasionally refusals = new Occasionally();
    private final Occasionally failures = new Occasionally();
    private final Occasionally rateLimits = new Occasionally();

    /** {@link #SlackIntake(Queue, SlackSettings, IntakeListener, InstantSource, BooleanSupplier)}, open at once. */
    public SlackIntake(Queue queue, SlackSettings settings, IntakeListener listener, InstantSource clock) {
        this(queue, settings, listener, clock, () -> true);
    }

    /** A door into a queue that never waits for an answer. */
    public SlackIntake(
            Queue queue, SlackSettings settings, IntakeListener listener, InstantSource clock, BooleanSupplier open) {
        this(queue, settings, listener, clock, open, Answers.none());
    }

    /**
     * A door into a queue.
     *
     * @param clock what time it is, for the signature's window and the messages
     * @param open whether the queue takes messages yet; until it does, what would be stored is answered 503 at once
     * @param answers what handlers may say in the acknowledgement
     * @throws ConfigurationException if the settings hold no signing secret
     */
    public SlackIntake(
            Queue queue,
            SlackSettings settings,
            IntakeListener listener,
            InstantSource clock,
            BooleanSupplier open,
            Answers answers) {
        this.queue = queue;
        this.answers = answers;
        this.open = open;
        this.signature = new SlackSignature(settings.requireSigningSecrets());
        this.maxBody = settings.maxBody();
        this.listener = listener;
        this.clock = clock;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!PATHS.contains(Request.getPathInContext(request))) {
            return false;
        }
        Exchange exchange = new Exchange(request, response, callback);
        if (request.getMethod().equals("POST")) {
            new BodyReader(request, maxBody, exchange).start();
        } else {
            response.getHeaders().put(HttpHeader.ALLOW, "POST");
            exchange.answer(IntakeAnswer.METHOD_NOT_ALLOWED, "only POST is answered here");
        }
        return true;
    }

    /** One request and its answer. */
    private final class Exchange implements BodyReader.Outcome {

        private final Request request;
        private final Response response;
        private final Callback callback;
        private final long started = System.nanoTime();

        Exchange(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
        }

        @Override
        public void read(byte[] body) {
            Instant now = clock.instant();
            String timestamp = header(SlackSignature.TIMESTAMP_HEADER);
            if (timestamp == null || !signature.verify(timestamp, header(SlackSignature.SIGNATURE_HEADER), body, now)) {
                refusals.happened(times -> log.warn(
                        "refused requests without a valid signature times={}; if Slack"
                                + " sent them, SLACK_SIGNING_SECRET or this machine's clock is wrong",
                        times));
                answer(IntakeAnswer.UNAUTHORIZED, "the signature is missing, stale or wrong");
                return;
            }
            Arrival arrival = new Arrival(
                    now, timestamp, header("x-slack-retry-num"), header("x-slack-retry-reason"), header("traceparent"));
            serve(SlackMapping.map(body, arrival));
        }

        @Override
        public void tooLarge() {
            answer(IntakeAnswer.TOO_LARGE, "the body is larger than " + maxBody + " bytes");
        }

        @Override
        public void incomplete(Throwable cause) {
            log.debug("a request did not arrive whole", cause);
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            answer(IntakeAnswer.INCOMPLETE, "the request did not arrive whole");
        }

        private void serve(Incoming incoming) {
            if (incoming instanceof Incoming.Storable storable) {
                store(storable);
            } else if (incoming instanceof Incoming.Challenge challenge) {
                byte[] json =
                        Payload.of(Map.of("challenge", challenge.challenge())).bytes();
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
                answer(IntakeAnswer.CHALLENGE, json);
            } else if (incoming instanceof Incoming.SslCheck) {
                answer(IntakeAnswer.SSL_CHECK, "");
            } else if (incoming instanceof Incoming.Malformed malformed) {
                response.getHeaders().put("x-slack-no-retry", "1");
                answer(IntakeAnswer.MALFORMED, malformed.reason());
            }
        }

        private void store(Incoming.Storable storable) {
            if (!open.getAsBoolean()) {
                answer(IntakeAnswer.UNAVAILABLE, "the queue is not ready yet; send it again");
                return;
            }
            Expectation expectation = answers.expect(storable.message());
            CompletableFuture<Message> published = queue.publish(expectation.message(), PUBLISH_BUDGET);
            whenDone(published, (stored, error) -> stored(storable, expectation, error));
        }

        /** Goes on at once with what is done, and otherwise not on the thread that gets it done. */
        private <T> void whenDone(CompletableFuture<T> future, BiConsumer<T, @Nullable Throwable> task) {
            if (future.isDone()) {
                future.whenComplete(task);
            } else {
                Executor executor = request.getComponents().getExecutor();
                future.whenComplete((value, error) -> confirmations.add(() -> task.accept(value, error), executor));
            }
        }

        private void stored(Incoming.Storable storable, Expectation expectation, @Nullable Throwable error) {
            if (error != null) {
                expectation.abandon();
            }
            if (error == null) {
                if (storable.answer() == IntakeAnswer.RATE_LIMIT_NOTICE) {
                    rateLimits.happened(times -> log.warn(
                            "Slack holds events back: more than 30,000 in an hour for team={} notices={}",
                            storable.message().headers().get("slack-team"),
                            times));
                }
                whenDone(
                        expectation.answer().toCompletableFuture(),
                        (content, never) -> acknowledge(storable.answer(), content));
            } else if (isTooLarge(storable.message(), error)) {
                answer(IntakeAnswer.TOO_LARGE, "the message is larger than the queue takes");
            } else {
                failures.happened(times -> log.warn(
                        "answered 503 because the queue did not confirm message_id={} times={}: {}",
                        storable.message().id(),
                        times,
                        error.getMessage()));
                answer(IntakeAnswer.UNAVAILABLE, "the queue did not confirm in time; send it again");
            }
        }

        private void acknowledge(IntakeAnswer plain, Optional<Payload> content) {
            if (content.isPresent()) {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
                answer(IntakeAnswer.ANSWERED, content.get().bytes());
            } else {
                answer(plain, "");
            }
        }

        private boolean isTooLarge(Message message, Throwable error) {
            return error instanceof PublishException refused
                    && !refused.retryable()
                    && message.payload().size() > queue.settings().maxPayload();
        }

        private void answer(IntakeAnswer answer, String text) {
            if (!text.isEmpty()) {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
            }
            answer(answer, text.getBytes(StandardCharsets.UTF_8));
        }

        /** Tells the listener first: whoever has the answer finds it counted. */
        private void answer(IntakeAnswer answer, byte[] content) {
            try {
                listener.answered(answer, Duration.ofNanos(System.nanoTime() - started));
            } catch (RuntimeException e) {
                log.warn("a listener of the intake failed answer={}", answer, e);
            }
            response.setStatus(answer.status());
            response.write(true, ByteBuffer.wrap(content), callback);
        }

        private @Nullable String header(String name) {
            return request.getHeaders().get(name);
        }
    }
}
