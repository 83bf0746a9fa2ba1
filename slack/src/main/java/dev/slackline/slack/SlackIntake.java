package dev.slackline.slack;

import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.slack.answer.Answers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
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
 * {@link DurableIntake#PUBLISH_BUDGET}, so that Slack, which waits three seconds, sends it again. A retry of Slack's is stored like
 * the first try: it has the same message id, so the queue keeps one of them, and neither is ever dropped for being a
 * retry. Every answer is an {@link IntakeAnswer}.
 */
public final class SlackIntake extends Handler.Abstract.NonBlocking {

    private static final Logger log = LoggerFactory.getLogger(SlackIntake.class);
    private static final Set<String> PATHS = Set.of("/slack/events", "/slack/commands", "/slack/interactions");

    private final DurableIntake intake;
    private final SlackSignature signature;
    private final int maxBody;
    private final IntakeListener listener;
    private final InstantSource clock;
    private final Confirmations confirmations = new Confirmations();
    private final Occasionally refusals = new Occasionally();

    /** {@link #SlackIntake(DurableIntake, SlackSettings, IntakeListener, InstantSource)}, open at once and without answers. */
    public SlackIntake(Queue queue, SlackSettings settings, IntakeListener listener, InstantSource clock) {
        this(new DurableIntake(queue, () -> true, Answers.none()), settings, listener, clock);
    }

    /**
     * A door into a queue.
     *
     * @param clock what time it is, for the signature's window and the messages
     * @throws ConfigurationException if the settings hold no signing secret
     */
    public SlackIntake(DurableIntake intake, SlackSettings settings, IntakeListener listener, InstantSource clock) {
        this.intake = intake;
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
            CompletableFuture<Acknowledgement> taken = intake.take(storable, System.nanoTime(), storable.isRepliable());
            if (taken.isDone()) {
                taken.thenAccept(this::acknowledge);
            } else {
                Executor executor = request.getComponents().getExecutor();
                taken.thenAccept(known -> confirmations.add(() -> acknowledge(known), executor));
            }
        }

        private void acknowledge(Acknowledgement known) {
            if (known.content().isPresent()) {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
                answer(known.answer(), known.content().get().bytes());
            } else {
                answer(known.answer(), known.remark());
            }
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
