package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** How groups get everything, and members share it. */
abstract class GroupCases {

    @Case(51)
    void eachGroupGetsEverythingAndEachMessageGoesToOneMember(Trial trial) {
        List<String> groups = List.of(trial.group(), trial.newGroup());
        List<List<CollectingSubscriber>> members = new ArrayList<>();
        for (String group : groups) {
            members.add(List.of(
                    trial.join(trial.queue(), group, Delivery::ack).request(Long.MAX_VALUE),
                    trial.join(trial.colleague(), group, Delivery::ack).request(Long.MAX_VALUE),
                    trial.join(trial.queue(), group, Delivery::ack).request(Long.MAX_VALUE)));
        }
        trial.publish(500, null);
        for (List<CollectingSubscriber> group : members) {
            Await.until(() -> "500 come; " + total(group) + " did", Await.bound(), () -> total(group) >= 500);
            assertThat(received(group)).isEqualTo(new TreeSet<>(trial.ledger().confirmed()));
            assertThat(total(group)).as("deliveries within a group").isEqualTo(500);
        }
    }

    @Case(52)
    void aNewGroupStartsWithWhatIsPublishedFromNowOn(Trial trial) {
        trial.publish(5, null);
        String late = trial.newGroup();
        Message marker = trial.publish();
        Delivery first = trial.join(late).requestNext();
        assertThat(first.message())
                .as("the first message of a group that starts with the latest")
                .isEqualTo(marker);
        Await.result(first.ack());
    }

    @Case(52)
    void aNewGroupMayStartWithWhatIsStillHeld(Trial trial) {
        trial.requires(Feature.START_EARLIEST);
        trial.set(QueueSettings.GROUP_START, "earliest");
        List<Message> sent = trial.publish(5, null);
        String late = trial.newGroup();
        CollectingSubscriber member =
                trial.join(trial.queue(), late, Delivery::ack).request(6);
        assertThat(member.next(5)).extracting(Delivery::message).containsExactlyInAnyOrderElementsOf(sent);
        Message marker = trial.publish();
        assertThat(member.next().message()).isEqualTo(marker);
    }

    @Case({53, 54})
    void membersComeAndGoUnderLoad(Trial trial) {
        int count = Scale.of(2_000, 20_000);
        ConcurrentLinkedQueue<Delivery> acked = new ConcurrentLinkedQueue<>();
        trial.group();
        CompletableFuture<List<Message>> publishing = CompletableFuture.supplyAsync(() -> trial.publish(count, null));
        CollectingSubscriber steady = joinAndAck(trial, acked);
        for (int i = 0; i < 5; i++) {
            int before = acked.size();
            CollectingSubscriber guest = joinAndAck(trial, acked);
            Await.until("work goes on", () -> acked.size() >= Math.min(count, before + 20) || guest.count() > 0);
            guest.cancel();
        }
        publishing.join();
        Await.until(
                () -> count + " are acked; " + acked.size() + " are",
                Duration.ofSeconds(60),
                () -> acked.size() >= count);
        steady.cancel();
        assertThat(acked).hasSize(count);
        assertThat(acked)
                .as("attempts after members left")
                .extracting(Delivery::attempt)
                .containsOnly(1);
    }

    private static CollectingSubscriber joinAndAck(Trial trial, ConcurrentLinkedQueue<Delivery> acked) {
        CollectingSubscriber member = trial.join(
                trial.colleague(), trial.group(), delivery -> delivery.ack().thenRun(() -> acked.add(delivery)));
        return member.request(Long.MAX_VALUE);
    }

    @Case(56)
    void aGroupWithoutMembersKeepsItsBacklog(Trial trial) {
        List<Message> sent = trial.publish(20, null);
        CollectingSubscriber visitor =
                trial.join(trial.queue(), trial.group(), Delivery::ack).request(1);
        visitor.next();
        visitor.cancel();
        trial.clock().advance(Duration.ofDays(30));
        String busy = trial.newGroup();
        CollectingSubscriber other =
                trial.join(trial.queue(), busy, Delivery::ack).request(Long.MAX_VALUE);
        trial.publish();
        other.next();
        CollectingSubscriber back =
                trial.join(trial.colleague(), trial.group(), Delivery::ack).request(20);
        Set<String> all = PublishCases.ids(back.next(20));
        all.addAll(PublishCases.ids(visitor.received()));
        assertThat(all).containsAll(sent.stream().map(Message::id).toList());
    }

    @Case(57)
    void aFastGroupTakesNothingFromASlowOne(Trial trial) {
        String slow = trial.newGroup();
        CollectingSubscriber fast =
                trial.join(trial.queue(), trial.group(), Delivery::ack).request(Long.MAX_VALUE);
        int count = Scale.of(2_000, 100_000);
        List<Message> sent = trial.publish(count, null);
        Await.until(
                () -> "the fast group gets all; " + fast.count(), Duration.ofSeconds(60), () -> fast.count() == count);
        trial.clock().advance(Duration.ofDays(2));
        CollectingSubscriber late =
                trial.join(trial.colleague(), slow, Delivery::ack).request(Long.MAX_VALUE);
        Await.until(
                () -> "the slow group gets all; " + late.count(), Duration.ofSeconds(60), () -> late.count() == count);
        assertThat(PublishCases.ids(late.received()))
                .isEqualTo(new TreeSet<>(sent.stream().map(Message::id).toList()));
    }

    @Case(58)
    void aGroupDroppedUnderAConsumerIsNoSilentHang(Trial trial) {
        String kept = trial.newGroup();
        CollectingSubscriber member =
                trial.join(trial.queue(), trial.group(), Delivery::ack).request(100);
        trial.publish(50, null);
        member.next(50);
        Await.result(trial.queue().group(trial.group()).drop()); // with the last acks still under way
        Await.result(trial.queue().group(trial.group()).drop()); // idempotent
        assertThat(Await.result(trial.queue().groups())).containsExactly(kept);
        Await.until("the consumer gets an error, or consumes again", () -> {
            Await.result(trial.queue().publish(trial.newMessage()));
            return member.ended().isCompletedExceptionally() || member.count() > 50;
        });
        assertThat(member.ended().isDone() && !member.ended().isCompletedExceptionally())
                .as("ended without an error")
                .isFalse();
    }

    @Case({58, 23})
    void declaringAGroupAgainChangesNothing(Trial trial) {
        Message sent = trial.publish();
        Await.result(trial.queue().group(trial.group()).declare());
        Await.result(trial.colleague().group(trial.group()).declare());
        Delivery delivery = trial.join(trial.group()).requestNext();
        assertThat(delivery.message()).isEqualTo(sent);
        Await.result(delivery.ack());
        assertThat(Await.result(trial.queue().groups())).containsExactly(trial.group());
    }

    @Case(59)
    void theOthersTakeOverWhenThereAreMoreMembersThanWork(Trial trial) {
        List<CollectingSubscriber> members = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            members.add(trial.join(i % 2 == 0 ? trial.queue() : trial.colleague(), trial.group(), delivery -> {}));
        }
        members.forEach(member -> member.request(1));
        for (int i = 0; i < 3; i++) {
            Message sent = trial.publish(trial.newMessage().withOrderingKey("T/C"));
            Await.until("somebody gets it", () -> total(members) > 0);
            CollectingSubscriber holder = members.stream()
                    .filter(member -> member.count() > 0)
                    .findFirst()
                    .orElseThrow();
            assertThat(holder.received().get(0).message()).isEqualTo(sent);
            Await.result(holder.received().get(0).release());
            holder.cancel();
            members.remove(holder);
            Await.until("another takes over", () -> total(members) > 0);
            CollectingSubscriber heir = members.stream()
                    .filter(member -> member.count() > 0)
                    .findFirst()
                    .orElseThrow();
            Await.result(heir.received().get(0).ack());
            heir.cancel();
            members.remove(heir);
        }
    }

    private static int total(List<CollectingSubscriber> members) {
        return members.stream().mapToInt(CollectingSubscriber::count).sum();
    }

    private static Set<String> received(List<CollectingSubscriber> members) {
        Set<String> ids = new TreeSet<>();
        members.forEach(member -> ids.addAll(PublishCases.ids(member.received())));
        return ids;
    }
}
