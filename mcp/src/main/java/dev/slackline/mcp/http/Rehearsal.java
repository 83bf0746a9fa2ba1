package dev.slackline.mcp.http;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.legacy.LegacySessions;
import dev.slackline.mcp.modern.Modern;
import dev.slackline.mcp.protocol.Message;
import dev.slackline.mcp.protocol.Methods;
import dev.slackline.mcp.protocol.Offer;
import dev.slackline.mcp.protocol.Outlet;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Goes through what clients say first, with nobody listening. A thousand classes are behind the first answer, and the
 * first client would wait for all of them. Its sessions are its own; no tool is called.
 */
final class Rehearsal {

    private static final String SESSION_OPENED = """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},\
            "clientInfo":{"name":"rehearsal","version":"1"}}}""";
    private static final String INITIALIZED = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    private static final String LISTED = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}";
    private static final String META = """
            {"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
            "io.modelcontextprotocol/clientCapabilities":{}}}""";

    private final Offer offer;
    private final Methods methods;

    Rehearsal(Offer offer, Methods methods) {
        this.offer = offer;
        this.methods = methods;
    }

    /** Does it. @return how many requests were answered, of four */
    int run() {
        AtomicInteger answered = new AtomicInteger();
        try (Modern modern = new Modern(offer, methods);
                LegacySessions sessions = new LegacySessions(offer, methods)) {
            Nobody opening = new Nobody(answered);
            sessions.post(message(SESSION_OPENED), null, Caller.LOCAL, opening);
            for (String next : List.of(INITIALIZED, LISTED)) {
                sessions.post(message(next), opening.session, Caller.LOCAL, new Nobody(answered));
            }
            for (String method : List.of("server/discover", "tools/list")) {
                modern.answer(stateless(method), Caller.LOCAL, new Nobody(answered));
            }
        }
        return answered.get();
    }

    private static Message stateless(String method) {
        return message("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"" + method + "\",\"params\":" + META + "}");
    }

    private static Message message(String json) {
        return Message.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes an answer to the point where it would be written. */
    private static final class Nobody implements Outlet {

        private final CompletableFuture<Void> gone = new CompletableFuture<>();
        private final AtomicInteger answered;
        private volatile @Nullable String session;

        Nobody(AtomicInteger answered) {
            this.answered = answered;
        }

        @Override
        public void send(Object message) {
            HttpReply.json(message);
        }

        @Override
        public void end(int status, Object message) {
            HttpReply.json(message);
            answered.addAndGet(status == 200 ? 1 : 0);
        }

        @Override
        public void end() {}

        @Override
        public void header(String name, String value) {
            session = value;
        }

        @Override
        public CompletionStage<Void> gone() {
            return gone;
        }
    }
}
