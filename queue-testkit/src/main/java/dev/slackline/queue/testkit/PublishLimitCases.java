package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Message;
import dev.slackline.queue.PublishException;
import dev.slackline.queue.QueueSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** What a publish does when it cannot be stored, or not in time. */
abstract class PublishLimitCases {

    @Case(14)
    void aRefusedPublishFailsAndLeavesTheOthersAlone(Trial trial) {
        trial.on(trial.harness()
                .topicThatFills()
                .orElseThrow(() -> Trial.skipped("the harness knows no topic that refuses publishes")));
        trial.set(QueueSettings.PUBLISH_RETRIES, "0");
        String group = trial.group();
        List<Message> stored = new ArrayList<>();
        Throwable refusal = null;
        while (refusal == null) {
            assertThat(stored).as("publishes into a topic that is full").hasSizeLessThan(10_000);
            Message message = trial.newMessage("{\"text\":\"" + "x".repeat(4000) + "\"}");
            try {
                stored.add(trial.queue().publish(message).join());
            } catch (CompletionException e) {
                refusal = e.getCause();
            }
        }
        assertThat(refusal).isInstanceOf(PublishException.class);
        CollectingSubscriber member = trial.join(trial.queue(), group, Delivery::ack);
        member.request(Long.MAX_VALUE);
        assertThat(PublishCases.ids(member.next(stored.size())))
                .as("what was confirmed before")
                .isEqualTo(stored.stream().map(Message::id).collect(Collectors.toCollection(TreeSet::new)));
        Await.until("there is room again", () -> {
            Message again = trial.newMessage();
            return trial.queue()
                    .publish(again)
                    .handle((message, error) -> error == null)
                    .join();
        });
    }

    @Case(15)
    void aPublishThatIsLateIsNoSuccess(Trial trial) {
        StalledPublishes stalled = stall(trial);
        trial.group();
        CompletableFuture<Message> late = trial.queue().publish(trial.newMessage(), Duration.ofMillis(100));
        assertThat(Await.failure("a publish that is never confirmed", late))
                .isInstanceOfSatisfying(
                        PublishException.class,
                        failure -> assertThat(failure.retryable()).isTrue());
        stalled.letThrough();
        assertThat(late).as("a late confirmation changes nothing").isCompletedExceptionally();
    }

    @Case(15)
    void aPublishThatIsCancelledIsNoSuccess(Trial trial) {
        StalledPublishes stalled = stall(trial);
        trial.group();
        CompletableFuture<Message> cancelled = trial.queue().publish(trial.newMessage());
        cancelled.cancel(true);
        stalled.letThrough();
        assertThat(cancelled).isCancelled();
    }

    @Case(18)
    void outstandingPublishesAreBounded(Trial trial) {
        StalledPublishes stalled = stall(trial);
        trial.group();
        List<CompletableFuture<Message>> waiting = new ArrayList<>();
        CompletableFuture<Message> refused = null;
        while (refused == null) {
            CompletableFuture<Message> next = trial.queue().publish(trial.newMessage());
            if (next.isCompletedExceptionally()) {
                refused = next;
            } else {
                waiting.add(next);
                assertThat(waiting)
                        .as("publishes that wait for a broker that does not answer")
                        .hasSizeLessThan(20_000);
            }
        }
        assertThat(Await.failure("one publish more", refused))
                .isInstanceOfSatisfying(
                        PublishException.class,
                        failure -> assertThat(failure.retryable()).isTrue());
        assertThat(stalled.waiting()).as("handed to the backend").isLessThanOrEqualTo(waiting.size());
        waiting.forEach(publish -> publish.cancel(true));
        stalled.letThrough();
        trial.publish();
    }

    private static StalledPublishes stall(Trial trial) {
        List<StalledPublishes> made = new ArrayList<>();
        trial.disturbedBy(backend -> {
            StalledPublishes stalled = new StalledPublishes(backend);
            made.add(stalled);
            return stalled;
        });
        trial.queue();
        return made.get(0);
    }
}
