package dev.slackline.slack.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When calls are started (rule 27), by a clock that is set. */
class RateLimiterTest {

    private static final String POST = "chat.postMessage";
    private static final Map<String, Object> DONE = Map.of("ok", true);

    private final SettableAlarm alarm = new SettableAlarm();
    private final RateLimiter limiter = new RateLimiter(Limits.ofSlack(), alarm, Duration.ofMinutes(5), 1_000);
    private final List<Start> starts = new ArrayList<>();

    private record Start(String workspace, String method, String channel, String text, Duration at) {}

    @Test
    void everyChannelGetsOneMessageASecondAndHoldsNoOtherBack() {
        for (int i = 0; i < 20; i++) {
            post("busy", "b" + i);
        }
        for (int i = 0; i < 3; i++) {
            post("calm", "c" + i);
        }
        alarm.goOn(Duration.ofSeconds(30));

        assertThat(times("busy"))
                .isEqualTo(IntStream.range(0, 20).mapToObj(Duration::ofSeconds).toList());
        assertThat(times("calm"))
                .isEqualTo(IntStream.range(0, 3).mapToObj(Duration::ofSeconds).toList());
        assertThat(starts.stream()
                        .filter(start -> start.channel().equals("busy"))
                        .map(Start::text))
                .isEqualTo(IntStream.range(0, 20).mapToObj(i -> "b" + i).toList());
    }

    @Test
    void theNextMessageOfAChannelWaitsForTheAnswerToTheOneBefore() {
        CompletableFuture<Map<String, Object>> slow = new CompletableFuture<>();
        run("T1", POST, "C1", "first", () -> slow);
        post("C1", "second");
        post("C2", "other");
        alarm.goOn(Duration.ofSeconds(10));

        assertThat(starts).extracting(Start::text).containsExactly("first", "other");

        slow.complete(DONE);

        assertThat(starts).extracting(Start::text).containsExactly("first", "other", "second");
    }

    @Test
    void aMethodIsCalledAsOftenInAMinuteAsItsTierAllows() {
        Map<String, Integer> tiers = new HashMap<>(
                Map.of("conversations.list", 20, "conversations.history", 50, "users.info", 100, POST, 300));
        tiers.put("something.new", 20);
        tiers.put("rtm.connect", 1);

        tiers.forEach((method, perMinute) -> {
            List<Duration> times = new ArrayList<>();
            for (int i = 0; i < 2 * perMinute + 1; i++) {
                limiter.run("T " + method, method, "C" + i, () -> {
                    times.add(Duration.ofNanos(alarm.now()));
                    return CompletableFuture.completedFuture(DONE);
                });
            }
            alarm.goOn(Duration.ofSeconds(130));
            Duration first = times.get(0);
            assertThat(times.stream().filter(first::equals)).as(method).hasSize(perMinute);
            assertThat(times.stream().filter(first.plusMinutes(1)::equals))
                    .as(method)
                    .hasSize(perMinute);
            assertThat(times.get(2 * perMinute)).as(method).isEqualTo(first.plusMinutes(2));
        });
    }

    @Test
    void channelsTakeTurnsWhenTheMethodIsScarce() {
        for (int i = 0; i < 50; i++) {
            run("T1", "conversations.history", "C1", "a" + i, this::done);
        }
        for (int i = 0; i < 60; i++) {
            run("T1", "conversations.history", "greedy", "g" + i, this::done);
        }
        for (int i = 0; i < 3; i++) {
            run("T1", "conversations.history", "modest", "m" + i, this::done);
        }
        alarm.goOn(Duration.ofMinutes(1));

        assertThat(starts.subList(50, 56)).extracting(Start::text).containsExactly("g0", "m0", "g1", "m1", "g2", "m2");
    }

    @Test
    void aCallOfSomebodyWithLessPatienceIsGivenUpAlsoBehindOthers() {
        CompletableFuture<Map<String, Object>> slow = new CompletableFuture<>();
        run("T1", POST, "C1", "first", () -> slow);
        post("C1", "second");
        CompletableFuture<Map<String, Object>> hurried = limiter.run(
                "T1", POST, "C1", Duration.ofSeconds(45), () -> CompletableFuture.failedFuture(new AssertionError()));
        alarm.goOn(Duration.ofSeconds(44));
        assertThat(hurried).isNotDone();
        alarm.goOn(Duration.ofSeconds(2));

        assertThatThrownBy(hurried::join)
                .hasRootCauseInstanceOf(SlackApiException.class)
                .hasMessageContaining("ratelimited");
        assertThatThrownBy(limiter.run("T1", POST, "C2", Duration.ZERO, this::done)::join)
                .as("none is left")
                .hasRootCauseInstanceOf(SlackApiException.class);
        slow.complete(DONE);
        alarm.goOn(Duration.ofMinutes(1));
        assertThat(starts).extracting(Start::text).containsExactly("first", "second");
    }

    @Test
    void aRetryAfterHoldsBackThatMethodOfThatWorkspaceAlone() {
        CompletableFuture<Map<String, Object>> refused = new CompletableFuture<>();
        List<Supplier<CompletableFuture<Map<String, Object>>>> answers = new ArrayList<>();
        answers.add(() -> refused);
        answers.add(this::done);
        CompletableFuture<Map<String, Object>> answer =
                run("T1", "users.info", "", "first", () -> answers.remove(0).get());
        refused.completeExceptionally(limited("users.info", Duration.ofSeconds(30)));

        run("T1", "users.info", "", "same", this::done);
        run("T1", "users.list", "", "other method", this::done);
        run("T2", "users.info", "", "other workspace", this::done);

        assertThat(starts).extracting(Start::text).containsExactly("first", "other method", "other workspace");
        alarm.goOn(Duration.ofSeconds(29));
        assertThat(answer).isNotDone();
        alarm.goOn(Duration.ofSeconds(1));
        assertThat(starts.subList(3, 5)).extracting(Start::text).containsExactly("first", "same");
        assertThat(answer).isCompletedWithValue(DONE);
    }

    @Test
    void aPostThatWasRefusedForHasteGoesOutBeforeThoseBehindIt() {
        CompletableFuture<Map<String, Object>> refused = new CompletableFuture<>();
        List<Supplier<CompletableFuture<Map<String, Object>>>> answers = new ArrayList<>();
        answers.add(() -> refused);
        answers.add(this::done);
        run("T1", POST, "C1", "first", () -> answers.remove(0).get());
        post("C1", "second");
        refused.completeExceptionally(limited(POST, Duration.ofSeconds(5)));
        alarm.goOn(Duration.ofSeconds(10));

        assertThat(starts).extracting(Start::text).containsExactly("first", "first", "second");
        assertThat(starts)
                .extracting(Start::at)
                .containsExactly(Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(6));
    }

    @Test
    void aMethodThatIsAlwaysRefusedFailsWhenItsTimeIsUpAndNestsNothing() {
        int[] tries = {0};
        CompletableFuture<Map<String, Object>> answer = limiter.run("T1", "users.info", "", () -> {
            tries[0]++;
            return CompletableFuture.failedFuture(limited("users.info", Duration.ofSeconds(1)));
        });
        alarm.goOn(Duration.ofMinutes(6));

        assertThat(tries[0]).isEqualTo(300);
        assertThat(failure(answer).error()).isEqualTo(SlackApiException.RATE_LIMITED);
        assertThat(failure(answer).retryAfter()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whoCannotBeServedBeforeTheTimeIsUpIsToldAtOnce() {
        CompletableFuture<Map<String, Object>> first = limiter.run(
                "T1",
                "users.info",
                "",
                () -> CompletableFuture.failedFuture(limited("users.info", Duration.ofHours(1))));
        CompletableFuture<Map<String, Object>> second = run("T1", "users.info", "", "late", this::done);

        assertThat(failure(first).retryAfter()).isEqualTo(Duration.ofHours(1));
        assertThat(failure(second).retryAfter()).isEqualTo(Duration.ofHours(1));
        assertThat(starts).isEmpty();
    }

    @Test
    void whoWaitsTooLongIsToldSo() {
        List<CompletableFuture<Map<String, Object>>> answers = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            answers.add(post("C1", "m" + i));
        }
        alarm.goOn(Duration.ofMinutes(6));

        assertThat(answers.subList(0, 300)).allMatch(CompletableFuture::isDone);
        assertThat(starts).hasSize(300);
        assertThat(failure(answers.get(300)).error()).isEqualTo(SlackApiException.RATE_LIMITED);
        assertThat(answers).allMatch(CompletableFuture::isDone);
    }

    @Test
    void oneMoreThanMayWaitIsRefusedWithAReason() {
        RateLimiter small = new RateLimiter(Limits.ofSlack(), alarm, Duration.ofMinutes(5), 2);
        for (int i = 0; i < 3; i++) {
            small.run("T1", POST, "C1", this::done);
        }

        SlackApiException refused = failure(small.run("T1", POST, "C2", this::done));

        assertThat(refused.error()).isEqualTo(SlackApiException.TOO_MANY_WAITING);
        assertThat(refused).hasMessageContaining("call more slowly");
        assertThat(small.run("T2", POST, "C1", this::done)).isCompletedWithValue(DONE);
    }

    @Test
    void waitingTakesOneWakeForAMethodOfAWorkspace() {
        for (int i = 0; i < 1_000; i++) {
            post("C" + i % 10, "m" + i);
        }

        assertThat(alarm.most()).isEqualTo(1);
    }

    @Test
    void closingFailsWhatWaits() {
        post("C1", "first");
        CompletableFuture<Map<String, Object>> waiting = post("C1", "second");
        limiter.close();

        assertThat(failure(waiting).error()).isEqualTo(SlackApiException.CLOSED);
        assertThat(failure(post("C2", "third")).error()).isEqualTo(SlackApiException.CLOSED);
        assertThat(starts).hasSize(1);
    }

    @Test
    void theTableKnowsTheMethodsOfSlacksReference() {
        assertThat(Limits.ofSlack().size()).isGreaterThan(250);
        assertThat(Limits.ofSlack().of(POST)).isEqualTo(new Limit(300, Duration.ofSeconds(1)));
        assertThatThrownBy(() -> Limits.parse(List.of("20 a.b", "50 a.b"))).hasMessageContaining("a.b");
    }

    private CompletableFuture<Map<String, Object>> post(String channel, String text) {
        return run("T1", POST, channel, text, this::done);
    }

    private CompletableFuture<Map<String, Object>> run(
            String workspace,
            String method,
            String channel,
            String text,
            Supplier<CompletableFuture<Map<String, Object>>> sending) {
        return limiter.run(workspace, method, channel, () -> {
            starts.add(new Start(workspace, method, channel, text, Duration.ofNanos(alarm.now())));
            return sending.get();
        });
    }

    private CompletableFuture<Map<String, Object>> done() {
        return CompletableFuture.completedFuture(DONE);
    }

    private List<Duration> times(String channel) {
        return starts.stream()
                .filter(start -> start.channel().equals(channel))
                .map(Start::at)
                .toList();
    }

    private static SlackApiException limited(String method, Duration retryAfter) {
        return SlackApiException.answered(method, SlackApiException.RATE_LIMITED, "", "", retryAfter);
    }

    private static SlackApiException failure(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        try {
            future.join();
            throw new AssertionError("it succeeded");
        } catch (CompletionException e) {
            if (e.getCause() instanceof SlackApiException failure) {
                return failure;
            }
            throw e;
        }
    }
}
