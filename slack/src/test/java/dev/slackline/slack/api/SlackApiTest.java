package dev.slackline.slack.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.slack.api.FakeSlack.Reply;
import dev.slackline.slack.api.SlackApiException.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls of the Web API, and what is said when they fail (rules 28, 29). */
class SlackApiTest {

    private FakeSlack slack;
    private SlackApi api;

    @BeforeEach
    void open() throws IOException {
        slack = new FakeSlack();
        api = SlackApi.open(slack.settings());
    }

    @AfterEach
    void close() {
        api.close();
        slack.close();
    }

    @Test
    void aCallSendsItsArgumentsAndTheBotsTokenAndReturnsTheAnswer() {
        slack.answer(call -> new Reply(200, "{\"ok\":true,\"ts\":\"1.2\",\"message\":{\"text\":\"hi\"}}", Map.of()));
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("channel", "C1");
        arguments.put("text", "hello & 你好");
        arguments.put("unfurl_links", false);
        arguments.put("blocks", List.of(Map.of("type", "divider")));
        arguments.put("thread_ts", null);

        Map<String, Object> answer =
                api.call("T1", "chat.postMessage", arguments).join();

        assertThat(answer).containsEntry("ts", "1.2").containsEntry("message", Map.of("text", "hi"));
        assertThat(slack.calls()).hasSize(1);
        FakeSlack.Call call = slack.calls().get(0);
        assertThat(call.method()).isEqualTo("chat.postMessage");
        assertThat(call.arguments())
                .isEqualTo(Map.of(
                        "channel", "C1",
                        "text", "hello & 你好",
                        "unfurl_links", "false",
                        "blocks", "[{\"type\":\"divider\"}]"));
        assertThat(call.headers()).containsEntry("Authorization", "Bearer xoxb-bot");
    }

    @Test
    void aMethodThatTakesNoBotTokenGetsTheUsers() {
        api.call("T1", "search.messages", Map.of("query", "x")).join();
        api.callWithoutToken("oauth.v2.access", Map.of("code", "c")).join();

        assertThat(slack.calls().get(0).headers()).containsEntry("Authorization", "Bearer xoxp-user");
        assertThat(slack.calls().get(1).headers()).doesNotContainKey("Authorization");
    }

    @Test
    void aRefusalSaysWhatIsMissing() {
        slack.answer(call -> new Reply(
                200,
                "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"chat:write\",\"provided\":\"users:read\"}",
                Map.of()));

        SlackApiException refused = failure("chat.postMessage");

        assertThat(refused.method()).isEqualTo("chat.postMessage");
        assertThat(refused.error()).isEqualTo("missing_scope");
        assertThat(refused.needed()).isEqualTo("chat:write");
        assertThat(refused.provided()).isEqualTo("users:read");
        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.retryable()).isFalse();
        assertThat(refused)
                .hasMessage("chat.postMessage failed: missing_scope; it needs the scope chat:write and the token has"
                        + " users:read; add it under OAuth & Permissions and install the app again");
    }

    @Test
    void whatMayHaveBeenDoneIsUnclear() {
        for (Reply reply : List.of(
                new Reply(503, "busy", Map.of()),
                new Reply(500, "{\"ok\":false,\"error\":\"fatal_error\"}", Map.of()),
                Reply.error("internal_error"),
                new Reply(200, "<html>", Map.of()),
                new Reply(200, "{\"ok\":tr", Map.of()))) {
            slack.answer(call -> reply);
            SlackApiException failure = failure("chat.postMessage");
            assertThat(failure.outcome()).as(failure.getMessage()).isEqualTo(Outcome.UNCLEAR);
            assertThat(failure.retryable()).isTrue();
        }
    }

    @Test
    void aConnectionThatIsCutIsUnclearAndTheCallIsNotRepeated() {
        slack.answer(call -> null);

        SlackApiException failure = failure("chat.postMessage");

        assertThat(failure.error()).isEqualTo(SlackApiException.NO_ANSWER);
        assertThat(failure.outcome()).isEqualTo(Outcome.UNCLEAR);
        assertThat(slack.calls()).hasSize(1);
    }

    @Test
    void slackThatDoesNotAnswerInTimeIsUnclear() {
        CountDownLatch end = new CountDownLatch(1);
        SlackApiSettings patient = slack.settings();
        try (SlackApi hasty = SlackApi.open(new SlackApiSettings(
                patient.url(), "xoxb-bot", "", Duration.ofSeconds(1), patient.maxWait(), patient.maxWaiting()))) {
            connect(hasty);
            slack.answer(call -> awaited(end));
            assertThatThrownBy(() -> hasty.call("", "api.test", Map.of()).join())
                    .cause()
                    .isInstanceOfSatisfying(SlackApiException.class, failure -> {
                        assertThat(failure.error()).isEqualTo(SlackApiException.NO_ANSWER);
                        assertThat(failure.outcome()).isEqualTo(Outcome.UNCLEAR);
                    });
        } finally {
            end.countDown();
        }
    }

    @Test
    void aSlackThatCannotBeReachedHasGotNothing() throws IOException {
        SlackApiSettings there = slack.settings();
        try (Socket deaf = new Socket()) {
            deaf.bind(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // nobody else listens there meanwhile
            SlackApi away = SlackApi.open(new SlackApiSettings(
                    URI.create("http://127.0.0.1:" + deaf.getLocalPort() + "/api/"),
                    "xoxb-bot",
                    "",
                    there.timeout(),
                    there.maxWait(),
                    there.maxWaiting()));
            assertThatThrownBy(() -> away.call("", "api.test", Map.of()).join())
                    .cause()
                    .isInstanceOfSatisfying(SlackApiException.class, failure -> {
                        assertThat(failure.error()).isEqualTo(SlackApiException.CONNECTION_FAILED);
                        assertThat(failure.outcome()).isEqualTo(Outcome.UNSENT);
                    });
            away.close();
        }
    }

    @Test
    void noMessageShowsATokenOrAnArgument() {
        slack.answer(call -> Reply.error("invalid_auth for xoxb-bot"));
        SlackApiException failure = failure("chat.postMessage");

        assertThat(failure).hasMessageNotContaining("xoxb").hasMessageNotContaining("secret text");
        assertThat(failure.error()).isEqualTo(SlackApiException.BAD_ANSWER);
        assertThat(slack.settings().toString()).doesNotContain("xox");
        assertThat(new SlackToken("T1", "xoxb-1")).hasToString("SlackToken[T1, ****]");
    }

    @Test
    void withoutATokenNothingIsSent() {
        SlackApiSettings some = slack.settings();
        try (SlackApi bare = SlackApi.open(
                new SlackApiSettings(some.url(), "", "", some.timeout(), some.maxWait(), some.maxWaiting()))) {
            assertThatThrownBy(
                            () -> bare.call("T1", "chat.postMessage", Map.of()).join())
                    .cause()
                    .isInstanceOf(SlackApiException.class)
                    .hasMessageContaining("set SLACK_BOT_TOKEN");
        }
        assertThat(slack.calls()).isEmpty();
    }

    @Test
    void anExpiredTokenIsRenewedOnce() {
        AtomicBoolean renewed = new AtomicBoolean();
        SlackTokens rotating = new SlackTokens() {
            @Override
            public CompletionStage<SlackToken> token(String team, Kind kind) {
                return CompletableFuture.completedFuture(new SlackToken(team, renewed.get() ? "xoxe-new" : "xoxe-old"));
            }

            @Override
            public boolean expired(SlackToken token) {
                renewed.set(true);
                return true;
            }
        };
        slack.answer(call -> "Bearer xoxe-new".equals(call.headers().get("Authorization"))
                ? FakeSlack.OK
                : Reply.error("token_expired"));
        try (SlackApi renewing = SlackApi.open(slack.settings(), rotating)) {
            assertThat(renewing.call("T1", "auth.test", Map.of()).join()).containsEntry("ok", true);
        }
        assertThat(slack.calls()).hasSize(2);
    }

    @Test
    void everyChannelGetsOneMessageASecondOnARealClockWithOneThreadForAllThatWait() {
        long others = timers();
        long began = System.nanoTime();
        List<CompletableFuture<Map<String, Object>>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            for (String channel : List.of("C1", "C2", "C3")) {
                answers.add(api.call("T1", "chat.postMessage", Map.of("channel", channel, "text", "m" + i)));
            }
        }
        for (int i = 0; i < 200; i++) {
            api.call("T1", "chat.postMessage", Map.of("channel", "busy", "text", "b" + i));
        }
        assertThat(timers()).isLessThanOrEqualTo(others + 1);
        // the busy channel takes 200 seconds
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .orTimeout(50, TimeUnit.SECONDS)
                .join();

        for (String channel : List.of("C1", "C2", "C3")) {
            List<FakeSlack.Call> calls = slack.calls().stream()
                    .filter(call -> call.argument("channel").equals(channel))
                    .toList();
            assertThat(calls).extracting(call -> call.argument("text")).containsExactly("m0", "m1", "m2", "m3");
            for (int i = 0; i < 4; i++) {
                assertThat(Duration.ofNanos(calls.get(i).nanos() - began))
                        .isGreaterThanOrEqualTo(Duration.ofSeconds(i));
            }
        }
    }

    private static long timers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("slackline-slack-api"))
                .count();
    }

    @Test
    void aClosedClientTakesNoCalls() {
        api.close();

        assertThat(failure("api.test").error()).isEqualTo(SlackApiException.CLOSED);
        assertThat(slack.calls()).isEmpty();
    }

    @Test
    void whatCanBeNoMethodIsRefused() {
        assertThatThrownBy(() -> api.call("", "../evil", Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> api.call("", "chat.postMessage?x=1", Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private SlackApiException failure(String method) {
        try {
            api.call("T1", method, Map.of("channel", "C1", "text", "secret text"))
                    .join();
            throw new AssertionError("it succeeded");
        } catch (CompletionException e) {
            if (e.getCause() instanceof SlackApiException failure) {
                return failure;
            }
            throw e;
        }
    }

    /** So that nothing of the next call's time goes into connecting. */
    private static void connect(SlackApi hasty) {
        while (hasty.call("", "api.test", Map.of())
                .handle((answer, error) -> error != null)
                .join()) {
            Thread.onSpinWait();
        }
    }

    private static Reply awaited(CountDownLatch end) {
        try {
            assertThat(end.await(50, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return FakeSlack.OK;
    }
}
