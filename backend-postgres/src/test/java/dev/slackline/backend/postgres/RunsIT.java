package dev.slackline.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What was published together waits together, and goes its own ways from there. */
class RunsIT extends OnServer {

    @Test
    void anyNumberMayBePublishedInOneCall() {
        Queue queue = openWithGroup();
        publishTogether(1, 2500, "NULL");
        assertThat(Await.result(queue.group(GROUP).stats()).ready()).isEqualTo(2500);
        assertThat(number("SELECT count(*) FROM $.ready")).isEqualTo(3);
        CollectingSubscriber member = CollectingSubscriber.to(queue.consume(GROUP), Delivery::ack);
        assertThat(numbers(member.request(2500).next(2500)))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 2500).boxed().toList());
        awaitNothingLeft();
    }

    @Test
    void amongManyThatAreNewThoseThatAreKnownAreNotStoredAgain() {
        Queue queue = openWithGroup();
        publishTogether(90, 110, "NULL");
        List<CompletableFuture<Message>> publishes = IntStream.rangeClosed(1, 200)
                .mapToObj(n -> queue.publish(
                        new Message("m-" + n, "event.x", null, Instant.now(), Map.of(), Payload.of(Map.of("n", n)))))
                .toList();
        publishes.forEach(Await::result);
        publishTogether(150, 250, "NULL");
        CollectingSubscriber member = CollectingSubscriber.to(queue.consume(GROUP), Delivery::ack);
        assertThat(numbers(member.request(1000).next(250)))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 250).boxed().toList());
        awaitNothingLeft();
    }

    @Test
    void whatIsTakenOffARunIsCountedAndGoesBackByItself() {
        Queue queue = openWithGroup();
        publishTogether(1, 100, "NULL");
        CollectingSubscriber member = consume(queue);
        List<Delivery> first = member.request(7).next(7);
        GroupStats stats = Await.result(queue.group(GROUP).stats());
        assertThat(stats.inFlight()).isEqualTo(7);
        assertThat(stats.ready()).isEqualTo(93);
        assertThat(number("SELECT next FROM $.ready") - number("SELECT min(seq) FROM $.message"))
                .isEqualTo(7);
        first.forEach(delivery -> Await.result(delivery.release()));
        CollectingSubscriber other = CollectingSubscriber.to(open().consume(GROUP), Delivery::ack);
        member.cancel();
        assertThat(numbers(other.request(100).next(100))).doesNotHaveDuplicates();
        awaitNothingLeft();
    }

    @Test
    void aDeadLetterThatIsReplayedComesBeforeTheRestOfItsRun() {
        Queue queue = openWithGroup();
        publishTogether(1, 10, "'T/C'");
        CollectingSubscriber member = consume(queue);
        Await.result(member.requestNext().deadLetter("not now"));
        Delivery second = member.requestNext();
        assertThat(Await.result(queue.group(GROUP).deadLetters().replayAll())).isEqualTo(1);
        Await.result(second.ack());
        List<Delivery> rest = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            Delivery next = member.requestNext();
            Await.result(next.ack());
            rest.add(next);
        }
        assertThat(numbers(rest)).containsExactly(1, 3, 4, 5, 6, 7, 8, 9, 10);
        awaitNothingLeft();
    }

    @Test
    void aGroupThatBeginsAtTheEarliestWaitsForNothingThatIsGone() {
        Queue queue = openWithGroup();
        publishTogether(1, 12, "CASE n % 2 WHEN 0 THEN NULL ELSE 'T/' || n END");
        CollectingSubscriber member = consume(queue);
        for (Delivery delivery : member.request(12).next(12)) {
            if (numbers(List.of(delivery)).get(0) % 4 == 0) {
                Await.result(delivery.ack());
            }
        }
        Queue late = open(Map.of("QUEUE_GROUP_START", "earliest"));
        Await.result(late.group("late").declare());
        assertThat(Await.result(late.group("late").stats()).ready()).isEqualTo(9);
        CollectingSubscriber other = CollectingSubscriber.to(late.consume("late"), Delivery::ack);
        assertThat(numbers(other.request(20).next(9))).containsExactly(1, 2, 3, 5, 6, 7, 9, 10, 11);
        member.received().forEach(Delivery::ack);
        awaitNothingLeft();
    }

    private void publishTogether(int from, int to, String orderingKey) {
        execute("SELECT $.publish(array_agg('m-' || n ORDER BY n), array_agg('event.x'::text),"
                + " array_agg(" + orderingKey + "::text ORDER BY n), array_agg(1700000000000 + n ORDER BY n),"
                + " array_agg(NULL::text), array_agg(convert_to('{\"n\":' || n || '}', 'UTF8') ORDER BY n), 90000000)"
                + " FROM generate_series(" + from + ", " + to + ") n");
    }

    private void awaitNothingLeft() {
        Await.until(
                "nothing is left",
                () -> number("SELECT (SELECT count(*) FROM $.message) + (SELECT count(*) FROM $.ready)"
                                + " + (SELECT count(*) FROM $.held)")
                        == 0);
    }

    private static List<Integer> numbers(List<Delivery> deliveries) {
        return deliveries.stream()
                .map(delivery -> Integer.parseInt(
                        String.valueOf(delivery.message().payload().asMap().get("n"))))
                .toList();
    }
}
