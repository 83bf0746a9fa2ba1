package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.app.InProcess.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moving from one file to another, in this process. */
class MoveTest {

    private static final Pattern ID = Pattern.compile("^\\{\"id\":\"([^\"]+)\"");

    @TempDir
    private Path folder = Path.of("");

    private InProcess old = new InProcess(folder);
    private InProcess fresh = new InProcess(folder);

    @BeforeEach
    void start() throws Exception {
        Path target = folder.resolve("new.db");
        Files.writeString(folder.resolve("new.env"), "SQLITE_PATH=" + target + "\n");
        old = new InProcess(folder);
        fresh = new InProcess(folder).with("SQLITE_PATH", target.toString());
    }

    @Test
    void eachGroupGetsWhatWaitedForItAsItWas() {
        assertThat(old.run("groups", "declare", "bots", "audit").lines()).containsExactly("bots", "audit");
        old.run(
                "publish",
                "event.message",
                "{\"text\": \"héllo\"}",
                "--id",
                "Ev1",
                "--ordering-key",
                "T/C",
                "--header",
                "a=b");
        old.run("publish", "event.message", "{\"n\":2}", "--id", "Ev2", "--ordering-key", "T/C");
        old.run("consume", "--group", "audit", "--max", "1", "--idle-timeout", "5s");
        String before = old.run("groups", "--json").out();

        Result moved = move();

        assertThat(moved.exitCode()).isZero();
        assertThat(moved.lines()).last().isEqualTo("moved 5, dead 0, already there 0, refused 0, left 0, lost 0");
        assertThat(ids(fresh.run("consume", "--group", "audit", "--idle-timeout", "200ms")))
                .containsExactly("Ev2");
        Result bots = fresh.run("consume", "--group", "bots", "--idle-timeout", "200ms");
        assertThat(ids(bots)).containsExactly("Ev1", "Ev2");
        assertThat(bots.lines().get(0))
                .startsWith("{\"id\":\"Ev1\",\"key\":\"event.message\",\"orderingKey\":\"T/C\",\"attempt\":1,")
                .contains("\"headers\":{\"a\":\"b\"}")
                .endsWith("\"payload\":{\"text\": \"héllo\"}}");
        assertThat(before).contains("audit", "bots", "default");
        assertThat(old.run("groups", "--json").lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).contains("\"ready\":0,\"inFlight\":0,\"delayed\":0,\"dead\":0"));
    }

    @Test
    void deadLettersKeepTheirHistoryAndFailedMessagesTheirAttempt() {
        old.with("QUEUE_MAX_ATTEMPTS", "2");
        old.run("publish", "k", "{}", "--id", "Ev1");
        old.run("consume", "--exec", "echo it is broken >&2; exit 3", "--idle-timeout", "500ms");
        old.run("dead", "replay", "Ev1");
        old.run("consume", "--exec", "echo still broken >&2; exit 3", "--idle-timeout", "500ms");
        old.with("QUEUE_MAX_ATTEMPTS", "9");
        old.run("publish", "k", "{}", "--id", "Ev2");
        old.run("consume", "--exec", "exit 3", "--max", "2", "--idle-timeout", "5s");

        Result moved = move();

        assertThat(moved.lines()).last().isEqualTo("moved 1, dead 1, already there 0, refused 0, left 0, lost 0");
        assertThat(fresh.run("dead", "show", "Ev1").out()).contains("it is broken", "still broken");
        assertThat(fresh.run("consume", "--max", "1", "--idle-timeout", "5s").out())
                .contains("\"id\":\"Ev2\"", "\"attempt\":3");
        assertThat(fresh.run("dead", "replay", "Ev1").lines()).containsExactly("1");
        assertThat(fresh.run("consume", "--max", "1", "--idle-timeout", "5s").out())
                .contains("\"id\":\"Ev1\"", "\"attempt\":1");
    }

    @Test
    void theOrderOfAKeyIsKept() {
        StringBuilder lines = new StringBuilder();
        IntStream.range(0, 300).forEach(n -> lines.append("{\"n\":").append(n).append("}\n"));
        List<String> published = old.runOn(lines.toString(), "publish", "k", "--ordering-key", "T/C")
                .lines();

        assertThat(move().exitCode()).isZero();

        assertThat(ids(fresh.run("consume", "--idle-timeout", "300ms"))).containsExactlyElementsOf(published);
    }

    @Test
    void whatIsDelayedIsLeftSaidAndMovedTheNextTime() {
        old.with("QUEUE_RETRY_BACKOFF", "3s");
        old.run("publish", "k", "{}", "--id", "Ev1");
        old.run("consume", "--exec", "exit 3", "--max", "1", "--idle-timeout", "5s");
        old.run("publish", "k", "{}", "--id", "Ev2");

        Result first = move("--idle-timeout", "300ms");

        assertThat(first.exitCode()).isEqualTo(1);
        assertThat(first.lines()).last().isEqualTo("moved 1, dead 0, already there 0, refused 0, left 1, lost 0");
        assertThat(first.err()).contains("delayed", "the same command goes on");
        Result second = move();
        assertThat(second.exitCode()).isZero();
        assertThat(second.lines()).last().isEqualTo("moved 1, dead 0, already there 0, refused 0, left 0, lost 0");
        assertThat(ids(fresh.run("consume", "--max", "2", "--idle-timeout", "5s")))
                .containsExactly("Ev2", "Ev1");
    }

    @Test
    void aFullTargetLeavesTheRestWhereItIs() {
        Path small = folder.resolve("small.env");
        writeString(small, "SQLITE_PATH=" + folder.resolve("small.db") + "\nSQLITE_MAX_SIZE=200KiB\n");
        String line = "{\"text\":\"" + "x".repeat(2000) + "\"}\n";
        List<String> published = old.runOn(line.repeat(200), "publish", "k").lines();

        Result moved = old.run(
                "move", "--from", "sqlite", "--to", "sqlite", "--to-env", small.toString(), "--idle-timeout", "500ms");

        assertThat(moved.exitCode()).isEqualTo(1);
        assertThat(moved.err()).contains("takes nothing now", "SQLITE_MAX_SIZE");
        assertThat(moved.lines())
                .last()
                .asString()
                .startsWith("moved ")
                .endsWith(", lost 0")
                .doesNotContain("moved 0", "left 0");
        List<String> left = ids(old.run("consume", "--idle-timeout", "300ms"));
        List<String> arrived = ids(new InProcess(folder)
                .with("SQLITE_PATH", folder.resolve("small.db").toString())
                .run("consume", "--idle-timeout", "300ms"));
        assertThat(left).doesNotContainAnyElementsOf(arrived);
        assertThat(left.size() + arrived.size()).isEqualTo(published.size());
    }

    @Test
    void whatMakesNoSenseIsRefusedBeforeAnythingIsDone() {
        assertThat(old.run("move", "--from", "sqlite", "--to", "sqlite"))
                .satisfies(result -> refused(result, "--to-env"));
        assertThat(old.run("move", "--from", "sqlite", "--to", "memory"))
                .satisfies(result -> refused(result, "memory is inside one process"));
        assertThat(move()).satisfies(result -> refused(result, "there is no group in sqlite"));
        old.run("groups", "declare", "bots");
        assertThat(old.run("move", "--from", "nosuch", "--to", "sqlite"))
                .satisfies(result -> refused(result, "--from: there is no backend 'nosuch'"));
        assertThat(old.run("move", "--from", "sqlite", "--to", "sqlite", "--to-env", "missing.env"))
                .satisfies(result -> refused(result, "missing.env cannot be read"));
        assertThat(old.run("move", "--from", "sqlite")).satisfies(result -> refused(result, "--to"));
        Path same = folder.resolve("same.env");
        writeString(same, "SQLITE_PATH=" + folder.resolve("x/../queue.db") + "\n");
        assertThat(old.run("move", "--from", "sqlite", "--to", "sqlite", "--to-env", same.toString()))
                .satisfies(result -> refused(result, "the same place"));
        assertThat(old.run("groups").out()).doesNotContain("probe");
    }

    private static void refused(Result result, String why) {
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(why).doesNotContain("\tat ");
        assertThat(result.out()).isEmpty();
    }

    private Result move(String... more) {
        return old.run(Stream.concat(
                        Stream.of(
                                "move",
                                "--from",
                                "sqlite",
                                "--to",
                                "sqlite",
                                "--to-env",
                                folder.resolve("new.env").toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private static List<String> ids(Result result) {
        return result.lines().stream()
                .map(ID::matcher)
                .filter(Matcher::find)
                .map(id -> id.group(1))
                .toList();
    }

    private static void writeString(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
