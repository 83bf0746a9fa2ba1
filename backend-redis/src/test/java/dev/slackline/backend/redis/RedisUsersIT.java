package dev.slackline.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueException;
import dev.slackline.queue.Status;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.broker.RedisBroker;
import io.lettuce.core.protocol.CommandType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users of the server who may do enough, or too little. */
class RedisUsersIT {

    private static final String GROUP = "bots";

    @TempDir
    static Path folder;

    private static RedisBroker broker;

    private final List<Queue> opened = new ArrayList<>();
    private Map<String, String> settings = Map.of();
    private String stream = "";

    @BeforeAll
    static void startBroker() {
        broker = RedisBroker.in(folder);
        broker.start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) { // null where Redis is not installed
            broker.close();
        }
    }

    @BeforeEach
    void newTopic() {
        settings = Redis.newTopic(broker.address());
        stream = settings.getOrDefault("REDIS_STREAM", "");
    }

    @AfterEach
    void closeAll() {
        opened.forEach(Queue::close);
    }

    @Test
    void aUserWithThePermissionsOfTheDocumentationCanDoEverything() {
        String rules = "~" + stream + " ~{" + stream + "}:* +@read +@write +@scripting +@connection +@transaction +time"
                + " +config|get";
        acl("able", rules);
        settings.put("REDIS_URL", url("able"));
        Queue queue = open();
        Await.result(queue.group(GROUP).declare());
        CollectingSubscriber member =
                CollectingSubscriber.to(queue.consume(GROUP)).request(10);
        for (int i = 0; i < 3; i++) {
            Await.result(queue.publish("event.x", Map.of("n", i)));
        }
        Await.result(member.next().ack());
        Await.result(member.next().deadLetter("never"));
        Await.result(queue.group(GROUP).deadLetters().replayAll());
        assertThat(Await.result(queue.group(GROUP).stats()).waiting()).isEqualTo(2);
        assertThat(queue.status().state()).isEqualTo(Status.State.UP);
        Await.result(queue.group(GROUP).drop());
    }

    @Test
    void aUserThatMayNotReadTheSettingsIsWarned() {
        acl("shy", "~*" + stream + "* +@all -config");
        settings.put("REDIS_URL", url("shy"));
        try (Logged logged = Logged.of(Server.class)) {
            Queue queue = open();
            assertThat(queue.status().state()).isEqualTo(Status.State.UP);
            assertThat(logged.contains("CONFIG GET")).isTrue();
        }
    }

    @Test
    void aMissingPermissionIsNamed() {
        acl("blind", "~* +@all -evalsha -eval");
        settings.put("REDIS_URL", url("blind"));
        Queue queue = open();
        assertThatThrownBy(() -> Await.result(queue.group(GROUP).declare()))
                .isInstanceOfSatisfying(
                        QueueException.class,
                        refusal -> assertThat(refusal.retryable()).isFalse())
                .hasMessageContaining("NOPERM")
                .hasMessageContaining("ACL SETUSER");
    }

    private void acl(String user, String rules) {
        Redis.with(broker.address(), redis -> {
            List<String> words = new ArrayList<>(List.of("SETUSER", user, "reset", "on", ">secret"));
            words.addAll(List.of(rules.split(" ", -1)));
            return Redis.send(redis, CommandType.ACL, words);
        });
    }

    private static String url(String user) {
        return "redis://" + user + ":secret@127.0.0.1:" + broker.address().getPort();
    }

    private Queue open() {
        Queue queue = Redis.open(settings);
        opened.add(queue);
        return queue;
    }
}
