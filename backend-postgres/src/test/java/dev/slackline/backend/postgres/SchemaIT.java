package dev.slackline.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.Status;
import dev.slackline.queue.testkit.Await;
import dev.slackline.queue.testkit.broker.PostgresBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** How the tables are made, recognised and dropped, and what is said of the server at the start. */
class SchemaIT extends OnServer {

    @Test
    void processesThatStartTogetherMakeTheTablesOnce() {
        List<CompletableFuture<Queue>> starting = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            starting.add(CompletableFuture.supplyAsync(this::open));
        }
        List<Queue> queues = starting.stream().map(CompletableFuture::join).toList();
        queues.forEach(queue -> Await.result(queue.group(GROUP).declare()));
        assertThat(queues)
                .allSatisfy(queue -> assertThat(Await.result(queue.groups())).containsExactly(GROUP));
    }

    @Test
    void aNewerVersionIsRefusedAndLeftAlone() {
        open().close();
        execute("UPDATE $.slackline SET version = 99");
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        QueueConnectionException.class,
                        e -> assertThat(e.retryable()).isFalse())
                .hasMessageContaining("version 99")
                .hasMessageContaining("POSTGRES_SCHEMA");
        assertThat(number("SELECT version FROM $.slackline")).isEqualTo(99);
    }

    @Test
    void aSchemaOfAnotherProgramIsRefusedAndLeftAlone() {
        execute("CREATE SCHEMA " + settings.get("POSTGRES_SCHEMA"), "CREATE TABLE $.dead (text text)");
        assertThatThrownBy(this::open)
                .isInstanceOf(QueueConnectionException.class)
                .hasMessageContaining("'dead' of another program");
        assertThat(number("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = '"
                        + settings.get("POSTGRES_SCHEMA") + "'::regnamespace"))
                .isEqualTo(1);
    }

    @Test
    void aUserOfAPreparedTopicNeedsNoRightToMakeAnything() {
        openWithGroup().close();
        String schema = settings.get("POSTGRES_SCHEMA");
        execute(
                "CREATE ROLE worker_" + schema + " LOGIN PASSWORD 'worker'",
                "GRANT USAGE ON SCHEMA " + schema + " TO worker_" + schema,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO worker_" + schema,
                "GRANT USAGE ON ALL SEQUENCES IN SCHEMA " + schema + " TO worker_" + schema);
        Queue queue = open(Map.of("POSTGRES_USER", "worker_" + schema, "POSTGRES_PASSWORD", "worker"));
        Await.result(queue.publish("event.x", Map.of("a", 1)));
        Await.result(consume(queue).requestNext().ack());
    }

    @Test
    void aTopicThatIsDroppedLeavesNothing() {
        Queue queue = openWithGroup();
        Await.result(queue.publish("event.x", Map.of("a", 1)));
        Await.result(queue.dropTopic());
        assertThat(number(
                        "SELECT count(*) FROM pg_namespace WHERE nspname = '" + settings.get("POSTGRES_SCHEMA") + "'"))
                .isZero();
    }

    @Test
    void whatSomebodyElseHasInTheSchemaStays() {
        Queue queue = openWithGroup();
        execute("CREATE TABLE $.orders (id integer)");
        Await.result(queue.dropTopic());
        assertThat(number("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = '"
                        + settings.get("POSTGRES_SCHEMA") + "'::regnamespace"))
                .isEqualTo(1);
    }

    @Test
    void aServerThatOnlyReadsIsWaitedFor() {
        Map<String, String> reading =
                Map.of("POSTGRES_URL", settings.get("POSTGRES_URL") + "?options=-c%20default_transaction_read_only=on");
        Queue queue = open(reading);
        assertThatThrownBy(() -> Await.result(queue.groups()))
                .isInstanceOfSatisfying(
                        dev.slackline.queue.QueueException.class,
                        e -> assertThat(e.retryable()).isTrue())
                .hasMessageContaining("standby");
        assertThat(queue.status().state()).isEqualTo(Status.State.DOWN);
    }

    @Test
    void anIsolationOnWhichLocksDoNotHoldIsRefused() {
        Map<String, String> strict = Map.of(
                "POSTGRES_URL",
                settings.get("POSTGRES_URL") + "?options=-c%20default_transaction_isolation=serializable");
        assertThatThrownBy(() -> open(strict))
                .isInstanceOf(QueueConnectionException.class)
                .hasMessageContaining("default_transaction_isolation");
    }

    @Test
    void aServerThatMayLoseWhatItConfirmsIsWarnedAbout(@TempDir Path elsewhere) {
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        Logger logger = (Logger) LoggerFactory.getLogger(Connections.class);
        logger.addAppender(said);
        try (PostgresBroker careless = PostgresBroker.in(elsewhere.resolve("careless"))
                .with("fsync=off")
                .with("full_page_writes=off")
                .with("synchronous_commit=off")
                .with("autovacuum=off")) {
            careless.start();
            Server.open(Server.newTopic(careless.address())).close();
        } finally {
            logger.detachAppender(said);
        }
        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(text -> text.startsWith("fsync is off"))
                .anyMatch(text -> text.startsWith("full_page_writes is off"))
                .anyMatch(text -> text.startsWith("synchronous_commit is off"))
                .anyMatch(text -> text.startsWith("autovacuum is off"));
    }
}
