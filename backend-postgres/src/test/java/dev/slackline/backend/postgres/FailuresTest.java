package dev.slackline.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {

    private final Failures failures = new Failures(new PostgresSettings(
            Target.parse("postgresql://bot@db/work"), "", "", "events", false, "", Duration.ofSeconds(1)));

    @ParameterizedTest
    @CsvSource({
        "08006, true", // connection lost
        "57P01, true", // stopping
        "40P01, true", // deadlock
        "53100, true", // disk full
        "55P03, true", // lock not had in time
        "25006, true", // a standby, which may become the primary
        "28P01, false", // wrong password
        "3D000, false", // no such database
        "42501, false", // no permission
        "42P01, false", // no such table
        "22021, false" // bad data
    })
    void whatMayPassIsRetryable(String state, boolean retryable) {
        SQLException cause = new SQLException("said", state);
        assertThat(Failures.retryable(cause)).isEqualTo(retryable);
        assertThat(failures.notStored(cause).retryable()).isEqualTo(retryable);
    }

    @Test
    void aPoolWithoutConnectionSaysWhyThereIsNone() {
        SQLException why =
                new SQLException("password authentication failed for user \"bot\"\n  Detail: a second line", "28P01");
        SQLTransientConnectionException pool = new SQLTransientConnectionException("timed out after 5000ms", why);
        assertThat(Failures.refused(pool)).isTrue();
        assertThat(failures.describe(pool))
                .contains("POSTGRES_PASSWORD")
                .contains("password authentication failed")
                .doesNotContain("second line");
    }

    @Test
    void aPoolThatIsUsedUpMayHaveRoomLater() {
        assertThat(Failures.retryable(new SQLTransientConnectionException("timed out after 5000ms")))
                .isTrue();
    }

    @Test
    void whoFindsNoServerInTimeIsToldWhereItWasLookedFor() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        try (Queue queue = Server.open(Map.of(
                "POSTGRES_URL", "postgresql://bot@127.0.0.1:" + nobody + "/work", "QUEUE_PUBLISH_TIMEOUT", "1s"))) {
            assertThatThrownBy(() -> Await.result(queue.connect()))
                    .isInstanceOf(QueueConnectionException.class)
                    .hasMessageContaining("127.0.0.1:" + nobody)
                    .hasMessageContaining("POSTGRES_URL");
            assertThatThrownBy(() -> Await.result(queue.publish("event.x", Map.of("a", 1))))
                    .hasMessageContaining("127.0.0.1:" + nobody);
        }
    }
}
