package dev.slackline.mcp.legacy;

import dev.slackline.mcp.InputNeededException;
import dev.slackline.mcp.Peer;
import dev.slackline.mcp.Question;
import dev.slackline.mcp.protocol.Message;
import dev.slackline.mcp.protocol.RpcException;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSession;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The client of one request, over the session's own channel. Thread-safe. */
final class ExchangePeer implements Peer {

    private static final TypeRef<Map<String, Object>> MAP = new TypeRef<>() {};

    /**
     * How often a request has asked, and what it got.
     *
     * @param number 0 before the first question
     * @param answers by the ids of the questions
     * @param state what the last question wants back
     */
    record Round(int number, Map<String, Map<String, Object>> answers, String state) {
        Round() {
            this(0, Map.of(), "");
        }
    }

    private final McpAsyncServerExchange exchange;
    private final McpSession session;
    private final @Nullable Object progressToken;
    private final Round round;
    private final CompletionStage<Void> gone;

    ExchangePeer(
            McpAsyncServerExchange exchange,
            McpSession session,
            Map<String, Object> params,
            Round round,
            CompletionStage<Void> gone) {
        this.exchange = exchange;
        this.session = session;
        Map<String, Object> meta = Message.map(params.get("_meta"));
        this.progressToken = meta == null ? null : meta.get("progressToken");
        this.round = round;
        this.gone = gone;
    }

    @Override
    public void progress(double done, double total, String message) {
        if (progressToken != null) {
            exchange.progressNotification(new McpSchema.ProgressNotification(
                            progressToken, done, total > 0 ? total : null, message, null))
                    .subscribe(nothing -> {}, clientLeft -> {});
        }
    }

    @Override
    public void log(LogLevel level, String logger, String text) {
        exchange.loggingNotification(new McpSchema.LoggingMessageNotification(
                        McpSchema.LoggingLevel.valueOf(level.name()), logger, text))
                .subscribe(nothing -> {}, clientLeft -> {});
    }

    @Override
    public Map<String, Map<String, Object>> answers() {
        return round.answers();
    }

    @Override
    public String state() {
        return round.state();
    }

    @Override
    public boolean can(Question.Kind kind) {
        McpSchema.ClientCapabilities capabilities = exchange.getClientCapabilities();
        if (capabilities == null) {
            return false;
        }
        return switch (kind) {
            case ELICITATION -> capabilities.elicitation() != null;
            case SAMPLING -> capabilities.sampling() != null;
            case ROOTS -> capabilities.roots() != null;
        };
    }

    @Override
    public CompletionStage<Void> gone() {
        return gone;
    }

    /** Asks one question after the other. */
    CompletionStage<Round> ask(InputNeededException needed) {
        return Flux.fromIterable(needed.questions().entrySet())
                .concatMap(question -> answer(question.getValue()).map(answer -> Map.entry(question.getKey(), answer)))
                .collect(
                        () -> new LinkedHashMap<String, Map<String, Object>>(round.answers()),
                        (all, answer) -> all.put(answer.getKey(), answer.getValue()))
                .map(all -> new Round(round.number() + 1, all, needed.state()))
                .toFuture();
    }

    /** Not through the exchange: its typed requests are no JSON with every version of Jackson. */
    private Mono<Map<String, Object>> answer(Question question) {
        if (!can(question.kind())) {
            return Mono.error(new RpcException(
                    RpcException.INVALID_REQUEST,
                    "this needs a client with the capability " + question.kind().capability()));
        }
        return session.sendRequest(question.kind().method(), question.params(), MAP);
    }
}
