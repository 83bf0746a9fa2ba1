package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What comes from elsewhere, and names that mean something to somebody. */
abstract class BadInputCases {

    private static final List<byte[]> FOREIGN = List.of(
            new byte[0],
            "not json".getBytes(StandardCharsets.UTF_8),
            "[1,2]".getBytes(StandardCharsets.UTF_8),
            "{\"cut\":\"of".getBytes(StandardCharsets.UTF_8),
            "{} {}".getBytes(StandardCharsets.UTF_8),
            "{\"text\":\"\u00fc\"}".getBytes(StandardCharsets.ISO_8859_1),
            new byte[] {0, 1, 2, (byte) 0xff, (byte) 0xfe});

    private static final List<String> HOSTILE = List.of(
            "'; DROP TABLE messages; --",
            "\"quoted\"",
            "a;b",
            "a.b.c",
            "a.*",
            "a.>",
            "#",
            "*",
            "a/b/../c",
            "a b",
            " ",
            "größe",
            "\uD83D\uDE80",
            "e\u0301",
            "\u00e9",
            "%00",
            "\\",
            "$1",
            "${jndi:x}",
            "{a}",
            "a:b",
            "T123/C456",
            "CON",
            "x".repeat(255));

    private static final List<String> REFUSED =
            List.of("", "x".repeat(256), "ü".repeat(128), "a\nb", "a\u0000b", "\u007f", "\uD83D", "a\u0085");

    @Case(77)
    void whatIsNoJsonObjectBecomesADeadLetterAndTheStreamGoesOn(Trial trial) {
        CollectingSubscriber member = trial.join(trial.group()).request(1);
        for (byte[] bytes : FOREIGN) {
            Message foreign = withPayload(trial, bytes);
            Await.result(trial.backend().publish(foreign));
            Message good = trial.publish();
            Delivery delivery = member.next();
            assertThat(delivery.message())
                    .as("what is handed out after a foreign message")
                    .isEqualTo(good);
            Await.result(delivery.ack());
            member.request(1);
            Await.until(
                    "the foreign message is a dead letter",
                    () -> Await.result(letters(trial).show(foreign.id())).isPresent());
            DeadLetter letter = Await.result(letters(trial).show(foreign.id())).orElseThrow();
            assertThat(letter.message()).isEqualTo(foreign);
            assertThat(letter.last().reason()).contains("JSON");
            assertThat(letter.last().attempts()).isEqualTo(1);
        }
        assertThat(member.count()).isEqualTo(FOREIGN.size());
    }

    @Case(77)
    void aForeignMessageOfTenMegabytesNeitherStopsNorLoopsTheStream(Trial trial) {
        CollectingSubscriber member = trial.join(trial.group()).request(2);
        Await.result(trial.backend().publish(withPayload(trial, new byte[10 << 20])));
        Message good = trial.publish();
        Delivery delivery = member.next();
        assertThat(delivery.message()).isEqualTo(good);
        Await.result(delivery.ack());
        Await.until("it is a dead letter", () -> trial.stats(trial.group()).dead() == 1);
    }

    @Case(77)
    void whatWasPutIntoTheStorageBehindOurBackIsNoHotLoop(Trial trial) throws Exception {
        List<BackendHarness.Intruder> intruders = trial.harness().intruders();
        if (intruders.isEmpty()) {
            throw Trial.skipped("the harness knows no way to put a message into the storage by itself");
        }
        CollectingSubscriber member = trial.join(trial.group()).request(100);
        for (BackendHarness.Intruder intruder : intruders) {
            intruder.intrude(trial.settings());
            Message good = trial.publish();
            Await.until(
                    () -> "messages come after an intruder: " + intruder.description(),
                    Await.bound(),
                    () -> member.received().stream()
                            .anyMatch(delivery -> delivery.message().equals(good)));
            assertThat(member.count()).as("deliveries after an intruder").isLessThanOrEqualTo(2 * intruders.size());
        }
        member.received().forEach(Delivery::ack);
    }

    @Case(78)
    void hostileNamesPassThroughUnchanged(Trial trial) {
        List<Message> sent = new ArrayList<>();
        for (String name : HOSTILE) {
            Message plain = trial.newMessage();
            Map<String, String> headers = Map.of(name, name);
            sent.add(trial.publish(new Message(name, name, name, plain.publishedAt(), headers, plain.payload())));
        }
        CollectingSubscriber member = trial.join(trial.group()).request(100);
        for (Message expected : sent) {
            Delivery delivery = member.next();
            if (trial.has(Feature.ORDER_BY_KEY)) {
                assertThat(delivery.message()).isEqualTo(expected);
            }
            Await.result(delivery.ack());
        }
        assertThat(member.received()).extracting(Delivery::message).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Case(78)
    void namesThatAlmostCollideDoNot(Trial trial) {
        trial.requires(Feature.ORDER_BY_KEY);
        List<String> keys = List.of("T/C", "T.C", "T_C", "t/c", "T/C ", "T%2FC", "\u00e9", "e\u0301");
        for (String key : keys) {
            trial.publish(trial.newMessage().withOrderingKey(key));
        }
        CollectingSubscriber member = trial.join(trial.group()).request(100);
        List<Delivery> all = member.next(keys.size()); // none waits for another: the keys are different ones
        assertThat(all)
                .extracting(delivery -> String.valueOf(delivery.message().orderingKey()))
                .hasSameElementsAs(keys);
        all.forEach(delivery -> Await.result(delivery.ack()));
    }

    @Case(78)
    void whatBreaksTheRuleForNamesIsRefused(Trial trial) {
        Message good = trial.newMessage();
        Payload payload = good.payload();
        for (String name : REFUSED) {
            assertThatThrownBy(() -> good.withId(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> good.withOrderingKey(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> good.withHeaders(Map.of(name, "x"))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Message.of(name, payload)).isInstanceOf(IllegalArgumentException.class);
        }
        for (String group : List.of("", "a b", "a.b", "a*", "a>", "größe", "a/b", "a'b", "a;b", "x".repeat(65))) {
            assertThatThrownBy(() -> trial.queue().group(group)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> trial.queue().consume(group)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Case(78)
    void groupNamesThatAlmostCollideDoNot(Trial trial) {
        Set<String> groups =
                new LinkedHashSet<>(List.of("bots", "Bots", "BOTS", "bots-", "bots_", "-", "_", "x".repeat(64)));
        groups.forEach(group -> Await.result(trial.queue().group(group).declare()));
        assertThat(Await.result(trial.queue().groups())).isSorted().hasSameElementsAs(groups);
        Message sent = Await.result(trial.queue().publish(trial.newMessage()));
        for (String group : groups) {
            Delivery delivery = trial.join(group).requestNext();
            assertThat(delivery.message()).isEqualTo(sent);
            Await.result(delivery.ack());
        }
    }

    private static DeadLetters letters(Trial trial) {
        return trial.queue().group(trial.group()).deadLetters();
    }

    private static Message withPayload(Trial trial, byte[] bytes) {
        Message plain = trial.newMessage();
        return new Message(plain.id(), plain.key(), null, plain.publishedAt(), Map.of(), Payload.unchecked(bytes));
    }
}
