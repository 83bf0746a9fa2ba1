package dev.slackline.backend.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Queue;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import io.nats.client.api.ConsumerConfiguration;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which attempt a delivery is, where the server's own count would be wrong. */
class AttemptsIT extends OnServer {

    @Test
    void howOftenItFailsIsUpToUs() throws Exception {
        settings.put("QUEUE_MAX_ATTEMPTS", "1000");
        settings.put("QUEUE_RETRY_BACKOFF", "1ms");
        Queue queue = open();
        publish(queue, 1);
        management()
                .addOrUpdateConsumer(
                        stream,
                        ConsumerConfiguration.builder(management()
                                        .getConsumerInfo(stream, GROUP)
                                        .getConsumerConfiguration())
                                .maxDeliver(3)
                                .build());
        CollectingSubscriber member = consume(open()); // whoever declares it takes the limit off
        for (int attempt = 1; attempt <= 8; attempt++) {
            Delivery delivery = member.requestNext();
            assertThat(delivery.attempt()).isEqualTo(attempt);
            Await.result(delivery.retry(Duration.ofMillis(1), "once more"));
        }
        Await.result(member.requestNext().ack());
    }

    @Test
    void whatAReleaseNotesIsClearedAway() throws Exception {
        Queue queue = open();
        CollectingSubscriber member = consume(queue);
        publish(queue, 1);
        for (int i = 0; i < 20; i++) {
            Delivery delivery = member.requestNext();
            assertThat(delivery.attempt()).isEqualTo(1);
            Await.result(delivery.release());
        }
        Await.result(member.requestNext().ack());
        Await.until("only the list of groups is left", () -> messages(stream + "-state") == 1);
    }

    @Test
    void anAttemptCountsThoughTheServerCountsFromOneAgain() throws Exception {
        Queue queue = open();
        CollectingSubscriber member = consume(queue).request(1);
        publish(queue, 1);
        Await.result(member.next().retry(Duration.ofSeconds(1), "not yet"));
        management().deleteConsumer(stream, GROUP); // the group is made again, of a consumer that has delivered nothing
        Delivery again = member.requestNext();
        assertThat(again.attempt()).isEqualTo(2);
        Await.result(again.ack());
    }

    @Test
    void whatWasNotedOfADeletedStreamIsNotOfTheNewOne() throws Exception {
        Queue queue = open();
        CollectingSubscriber member = consume(queue).request(1);
        publish(queue, 1);
        Await.result(member.next().retry(Duration.ofMinutes(1), "not yet"));
        management().deleteStream(stream);
        Queue other = open(); // makes it again
        publish(other, 1);
        Delivery first = member.requestNext();
        assertThat(first.attempt()).isEqualTo(1);
        Await.result(first.ack());
    }

    @Test
    void whatComesAfterSomethingNewerIsNoFirstAttemptEvenIfAnotherProcessHadIt() throws Exception {
        Queue there = open();
        publish(there, 1);
        CollectingSubscriber other = consume(there).request(1);
        Await.result(other.next().retry(Duration.ofSeconds(1), "not yet"));
        other.cancel();
        CollectingSubscriber here = consume(open());
        publish(there, 1);
        Await.result(here.requestNext().ack());
        management().deleteConsumer(stream, GROUP);
        Delivery again = here.requestNext();
        assertThat(again.attempt()).isEqualTo(2);
        Await.result(again.ack());
    }
}
