package dev.slackline.backend.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.CollectingSubscriber;
import dev.slackline.queue.testkit.broker.NatsBroker;
import io.nats.client.NKey;
import io.nats.client.support.JsonSerializable;
import io.nats.client.support.JwtUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to say who we are. */
class NatsIdentityIT {

    @TempDir
    Path folder;

    @Test
    void aTokenIsTakenFromItsOwnVariableAndFromTheUrl() {
        try (NatsBroker broker = NatsBroker.knowing(folder, "authorization { token: \"s3cr3t\" }\n")) {
            broker.start();
            String place = "127.0.0.1:" + broker.address().getPort();
            works(Map.of("NATS_URL", "nats://" + place, "NATS_TOKEN", "s3cr3t"));
            works(Map.of("NATS_URL", "nats://s3cr3t@" + place));
            refused(Map.of("NATS_URL", "nats://" + place, "NATS_TOKEN", "wr0ng"));
            refused(Map.of("NATS_URL", "nats://" + place));
        }
    }

    @Test
    void aPasswordMayStandInTheUrl() {
        try (NatsBroker broker =
                NatsBroker.knowing(folder, "authorization { user: \"bot\", password: \"p@ss/word\" }\n")) {
            broker.start();
            String place = "127.0.0.1:" + broker.address().getPort();
            works(Map.of("NATS_URL", "nats://bot:p%40ss%2Fword@" + place));
            works(Map.of("NATS_URL", place, "NATS_USERNAME", "bot", "NATS_PASSWORD", "p@ss/word"));
            refused(Map.of("NATS_URL", "nats://bot:wr0ng@" + place));
        }
    }

    @Test
    void aCredentialsFileIsUsed() throws Exception {
        NKey operator = NKey.createOperator(null);
        NKey account = NKey.createAccount(null);
        NKey system = NKey.createAccount(null);
        NKey user = NKey.createUser(null);
        String limits =
                "{\"type\":\"account\",\"version\":2,\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,"
                        + "\"exports\":-1,\"conn\":-1,\"leaf\":-1%s}}";
        String configuration = """
                operator: "%s"
                system_account: %s
                resolver: MEMORY
                resolver_preload { %s: "%s", %s: "%s" }
                """.formatted(
                claims(operator, operator, "{\"type\":\"operator\",\"version\":2}"),
                new String(system.getPublicKey()),
                new String(system.getPublicKey()),
                claims(operator, system, limits.formatted("")),
                new String(account.getPublicKey()),
                claims(
                        operator,
                        account,
                        limits.formatted(",\"mem_storage\":-1,\"disk_storage\":-1,\"streams\":-1,\"consumer\":-1")));
        Path good = credentials("good.creds", account, user, user);
        Path bad = credentials("bad.creds", account, user, NKey.createUser(null));
        try (NatsBroker broker = NatsBroker.knowing(folder, configuration)) {
            broker.start();
            String place = "127.0.0.1:" + broker.address().getPort();
            works(Map.of("NATS_URL", place, "NATS_CREDS", good.toString()));
            refused(Map.of("NATS_URL", place, "NATS_CREDS", bad.toString()));
        }
    }

    /** A credentials file with the seed of this key. */
    private Path credentials(String name, NKey account, NKey user, NKey seed)
            throws IOException, GeneralSecurityException {
        String jwt =
                JwtUtils.issueUserJWT(account, new String(account.getPublicKey()), new String(user.getPublicKey()));
        return Files.writeString(
                folder.resolve(name), String.format(JwtUtils.NATS_USER_JWT_FORMAT, jwt, new String(seed.getSeed())));
    }

    private static String claims(NKey issuer, NKey subject, String nats) throws IOException, GeneralSecurityException {
        JsonSerializable claims = () -> nats;
        return JwtUtils.issueJWT(
                issuer,
                new String(subject.getPublicKey()),
                "test",
                null,
                System.currentTimeMillis() / 1000,
                new String(issuer.getPublicKey()),
                claims);
    }

    private static void works(Map<String, String> settings) {
        Map<String, String> topic = new HashMap<>(settings);
        topic.put("NATS_STREAM", "t" + Integer.toHexString(settings.hashCode()));
        try (Queue queue = Server.open(topic)) {
            Await.result(queue.group("bots").declare());
            Await.result(queue.publish("event.x", Map.of("a", 1)));
            Await.result(
                    CollectingSubscriber.to(queue.consume("bots")).requestNext().ack());
        }
    }

    private static void refused(Map<String, String> settings) {
        assertThatThrownBy(() -> Server.open(settings))
                .isInstanceOfSatisfying(
                        QueueConnectionException.class,
                        why -> assertThat(why.retryable()).isFalse())
                .hasMessageContaining("NATS_TOKEN")
                .hasMessageNotContaining("wr0ng");
    }
}
