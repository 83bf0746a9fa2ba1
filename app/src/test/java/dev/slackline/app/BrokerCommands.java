package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slackline.app.InProcess.Result;
import dev.slackline.app.brokers.TestBroker;
import dev.slackline.queue.testkit.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;

/** Publish, consume, groups, dead letters and configuration. */
abstract class BrokerCommands extends OnTopic {

    BrokerCommands(TestBroker broker) {
        super(broker);
    }

    @Test
    void whatIsPublishedIsConsumedByEveryGroup() {
        assertThat(slackline.run("groups", "declare", "audit").lines()).containsExactly("audit");
        Result published = slackline.run(
                "publish", "event.app_mention", "{\"text\": \"héllo\"}", "--id", "Ev1", "--ordering-key", "T1/C1");
        slackline.runOn("{\"n\":1}\n{\"n\":2}\n", "publish", "k");

        assertThat(published.lines()).containsExactly("Ev1");
        // an estimate on some: it may come late
        Await.until("both groups have three", () -> {
            List<String> groups = slackline.run("groups", "--json").lines();
            return groups.size() == 2 && groups.stream().allMatch(line -> line.contains("\"ready\":3,\"inFlight\":0"));
        });
        for (String group : new String[] {"audit", "default"}) {
            Result consumed = slackline.run("consume", "--group", group, "--max", "3");
            assertThat(consumed.exitCode()).as(consumed.err()).isZero();
            assertThat(consumed.lines())
                    .hasSize(3)
                    .anySatisfy(line -> assertThat(line)
                            .startsWith(
                                    "{\"id\":\"Ev1\",\"key\":\"event.app_mention\",\"orderingKey\":\"T1/C1\",\"attempt\":1,")
                            .endsWith("\"payload\":{\"text\": \"héllo\"}}"));
        }
        assertThat(slackline.run("groups", "drop", "audit", "--yes").exitCode()).isZero();
        assertThat(slackline.run("groups", "--json").lines())
                .singleElement()
                .asString()
                .contains("\"default\"");
    }

    @Test
    void aProgramAndAnEndpointGetWhatWasPublished() throws Exception {
        Set<String> posted = new ConcurrentSkipListSet<>();
        HttpServer endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.createContext("/", exchange -> {
            posted.add(exchange.getRequestHeaders().getFirst("x-slackline-id") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        endpoint.start();
        try {
            slackline.run("groups", "declare", "forwarded");
            slackline.run("publish", "k", "{ \"n\": 1 }", "--id", "Ev1");
            slackline.run("publish", "k", "{ \"n\": 2 }", "--id", "Ev2");

            Path written = folder.resolve("written " + topic);
            Result executed = slackline.run(
                    "consume", "--max", "2", "--exec", "echo \"$SLACKLINE_ID $(wc -l)\" >>'" + written + "'");
            String url = "http://127.0.0.1:" + endpoint.getAddress().getPort() + "/in";
            Result forwarded = slackline.run("consume", "--max", "2", "--group", "forwarded", "--forward", url);

            assertThat(executed.err() + forwarded.err()).isEmpty();
            assertThat(executed.exitCode() + forwarded.exitCode()).isZero();
            assertThat(written).content().contains("Ev1 1\n", "Ev2 1\n");
            assertThat(posted).containsExactly("Ev1 { \"n\": 1 }", "Ev2 { \"n\": 2 }");
        } finally {
            endpoint.stop(0);
        }
    }

    @Test
    void aDeadLetterIsShownReplayedAndDropped() {
        slackline.with("QUEUE_MAX_ATTEMPTS", "2");
        slackline.run("publish", "k", "{\"n\":1}", "--id", "Ev1");
        slackline.run("publish", "k", "{\"n\":2}", "--id", "Ev2");
        slackline.run("consume", "--exec", "echo it is broken >&2; exit 3", "--max", "4");

        assertThat(slackline.run("dead", "list").out()).contains("Ev1", "Ev2", "exit code 3: it is broken");
        assertThat(slackline.run("dead", "show", "Ev2").out())
                .contains("\"payload\":{\"n\":2}", "\"attempts\":2", "\"reason\":\"the command ended with exit code 3");
        Result replayed = slackline.run("dead", "replay", "Ev2", "Ev9");
        assertThat(replayed.lines()).containsExactly("1");
        assertThat(replayed.err()).contains("no dead letter 'Ev9'");
        assertThat(slackline.run("consume", "--max", "1").out()).contains("\"id\":\"Ev2\"", "\"attempt\":1");
        assertThat(slackline.run("dead", "drop", "--all", "--yes").lines()).containsExactly("1");
        assertThat(slackline.run("dead", "list").lines()).isEmpty();
    }

    @Test
    void everythingThatIsWrongInTheConfigurationIsSaidAtOnce() {
        Result right = slackline.run("config");
        broker.wrongSetting().forEach(slackline::with);
        Result wrong = slackline.run("groups");

        assertThat(right.exitCode()).as(right.err()).isZero();
        assertThat(right.out()).contains(topic);
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err().lines()).hasSameSizeAs(broker.wrongSetting().keySet());
        assertThat(wrong.err()).contains(broker.wrongSetting().keySet());
    }
}
