package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.app.InProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    @TempDir
    private Path folder = Path.of("");

    private InProcess slackline = new InProcess(folder);

    @BeforeEach
    void start() {
        slackline = new InProcess(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "serve",
                "publish",
                "consume",
                "groups",
                "groups declare",
                "groups drop",
                "dead",
                "dead list",
                "dead show",
                "dead replay",
                "dead drop",
                "move",
                "backends",
                "config"
            })
    void everyCommandExplainsItselfWithAnExample(String command) {
        Result help = slackline.run((command + " --help").split(" "));

        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out()).contains("Usage: slackline " + command).containsPattern("Examples?:");
    }

    @Test
    void helpListsEveryCommandAndTheBench() {
        assertThat(slackline.run("--help").out())
                .contains(
                        "demo", "serve", "publish", "consume", "groups", "dead", "move", "backends", "config", "bench");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "publish",
                "consume --max 0",
                "consume --max x",
                "dead",
                "dead drop",
                "consume --exec a --forward http://b",
                "consume --forward ftp://b",
                "consume --group a.b",
                "consume --concurrency 0",
                "consume --idle-timeout soon",
                "demo --events 0",
                "groups declare a/b"
            })
    void wrongUsageEndsWithTwoAndWritesNoResults(String arguments) {
        Result result = slackline.run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).isNotBlank().doesNotContain("\tat ");
    }

    @Test
    void everythingWrongWithTheConfigurationIsSaidAtOnce() {
        Result result = slackline
                .with("QUEUE_LEASE", "5 parsecs")
                .with("QUEUE_PREFETCH", "-1")
                .with("HTTP_PORT", "abc")
                .with("LOG_LEVEL", "loud")
                .run("serve");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("QUEUE_LEASE", "5 parsecs", "QUEUE_PREFETCH", "-1", "HTTP_PORT", "abc", "LOG_LEVEL", "loud")
                .contains("SLACK_SIGNING_SECRET")
                .doesNotContain("\tat ");
    }

    @Test
    void servingWithoutASigningSecretSaysWhereSlackShowsIt() {
        Result result = slackline.run("serve");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("SLACK_SIGNING_SECRET", "api.slack.com/apps", "Basic Information", "App Credentials");
        assertThat(folder.resolve("queue.db")).doesNotExist();
    }

    @Test
    void aMissingSettingThatIsThereUnderAMisspeltNameIsNamed() {
        Result result = slackline.with("SLACK_SIGNIN_SECRET", "confidential").run("serve");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("SLACK_SIGNING_SECRET is not set")
                .contains("SLACK_SIGNIN_SECRET is no setting")
                .doesNotContain("confidential");
    }

    @Test
    void anUnknownBackendIsRefusedWithTheInstalledOnes() {
        Result result = slackline.with("QUEUE_BACKEND", "carrier-pigeon").run("publish", "event.message", "{}");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("carrier-pigeon", "memory", "sqlite");
    }

    @Test
    void expectedErrorsShowTheirStackTraceOnlyWhenAsked() throws Exception {
        Path file = Files.writeString(folder.resolve("queue.db"), "this is no database, and must stay as it is");

        Result plain = slackline.run("groups");
        Result verbose = slackline.run("groups", "--verbose");

        assertThat(plain.exitCode()).isEqualTo(1);
        assertThat(plain.err()).contains("queue.db").doesNotContain("\tat ");
        assertThat(verbose.err()).contains("\tat ");
        assertThat(file).hasContent("this is no database, and must stay as it is");
    }

    @Test
    void aPublishedMessageIsConsumedOnceWithEverythingItWasPublishedWith() {
        Result published = slackline.run(
                "publish",
                "event.app_mention",
                "{\"text\": \"héllo\", \"n\": 1.0}",
                "--id",
                "Ev1",
                "--ordering-key",
                "T1/C1",
                "--header",
                "slack-team=T1",
                "-H",
                "empty=");
        Result consumed = slackline.run("consume", "--max", "1");
        Result again = slackline.run("consume", "--idle-timeout", "200ms");

        assertThat(published.lines()).containsExactly("Ev1");
        assertThat(consumed.lines()).hasSize(1);
        assertThat(consumed.out())
                .startsWith("{\"id\":\"Ev1\",\"key\":\"event.app_mention\",\"orderingKey\":\"T1/C1\",\"attempt\":1,"
                        + "\"publishedAt\":\"")
                .contains("\"headers\":{\"empty\":\"\",\"slack-team\":\"T1\"},")
                .endsWith("\"payload\":{\"text\": \"héllo\", \"n\": 1.0}}\n");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).isEmpty();
    }

    @Test
    void aPayloadOfSeveralLinesStaysOneLine() {
        slackline.run("publish", "k", "{\n  \"a\": \"x\\ny\",\r\n  \"b\": 2\n}");

        assertThat(slackline.run("consume", "--max", "1").out())
                .endsWith("\"payload\":{   \"a\": \"x\\ny\",    \"b\": 2 }}\n");
    }

    @Test
    void oneIdIsStoredOnce() {
        slackline.run("publish", "k", "{\"n\":1}", "--id", "same");
        slackline.run("publish", "k", "{\"n\":2}", "--id", "same");

        assertThat(slackline.run("consume", "--idle-timeout", "200ms").lines())
                .singleElement()
                .asString()
                .contains("{\"n\":1}");
    }

    @Test
    void linesOfStdinArePublishedInOrderAndABadOneIsReportedByItsNumber() {
        Result published = slackline.runOn(
                "{\"n\":1}\n\n{\"n\":2}\nnonsense\n[1]\n{\"n\":3}", "publish", "k", "--ordering-key", "o");
        Result consumed = slackline.run("consume", "--idle-timeout", "300ms");

        assertThat(published.exitCode()).isEqualTo(1);
        assertThat(published.err()).contains("line 4:", "line 5:").doesNotContain("nonsense");
        assertThat(published.lines()).hasSize(3);
        assertThat(consumed.lines()).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(consumed.lines().get(i))
                    .contains("\"id\":\"" + published.lines().get(i) + "\"")
                    .endsWith("{\"n\":" + (i + 1) + "}}");
        }
    }

    @Test
    void aLineLongerThanAPayloadMayBeIsReportedAndTheRestGoesOn() {
        String tooLong = "{\"text\":\"" + "x".repeat(200) + "\"}";

        Result result = slackline
                .with("QUEUE_MAX_PAYLOAD", "100")
                .runOn("{\"n\":1}\n" + tooLong + "\n{\"n\":2}\n", "publish", "k");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.lines()).hasSize(2);
        assertThat(result.err()).contains("line 2:", "QUEUE_MAX_PAYLOAD");
    }

    @Test
    void consumingStopsAfterSoManyAndLeavesTheRest() {
        slackline.runOn("{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n", "publish", "k");

        assertThat(slackline.run("consume", "--max", "2").lines()).hasSize(2);
        assertThat(slackline.run("consume", "--idle-timeout", "200ms").lines())
                .singleElement()
                .asString()
                .contains("\"attempt\":1", "{\"n\":3}");
    }

    @Test
    void eachGroupGetsWhatIsPublishedAfterItWasDeclared() {
        slackline.run("groups", "declare", "audit");
        slackline.run("publish", "k", "{}");

        assertThat(slackline.run("groups", "--json").lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("\"ready\":1", "\"dead\":0"));
        assertThat(slackline.run("consume", "--group", "audit", "--max", "1").lines())
                .hasSize(1);
        assertThat(slackline.run("groups").out())
                .containsPattern("audit +0 .*\n")
                .containsPattern("default +1 .*\n");
    }

    @Test
    void aGroupIsDroppedOnlyWithConsent() {
        slackline.run("groups", "declare", "audit");

        Result unasked = slackline.run("groups", "drop", "audit");
        Result refused = slackline.runByAPerson("n\n", "groups", "drop", "audit");
        Result kept = slackline.run("groups");
        Result agreed = slackline.runByAPerson("y\n", "groups", "drop", "audit");

        assertThat(unasked.exitCode()).isEqualTo(2);
        assertThat(unasked.err()).contains("--yes");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(kept.out()).contains("audit");
        assertThat(agreed.exitCode()).isZero();
        assertThat(slackline.run("groups", "--json").out()).doesNotContain("audit");
        assertThat(slackline.run("groups", "drop", "audit", "--yes").err()).contains("there is no group 'audit'");
    }

    @Test
    void aCommandThatCallsSlacklineIsNotWarnedAboutItsOwnVariables() {
        Result result = slackline
                .with("SLACKLINE_ID", "Ev1")
                .with("SLACKLINE_KEY", "k")
                .with("SLACKLINE_ATTEMPT", "1")
                .with("SLACKLINE_GROUP", "default")
                .run("config");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
    }

    @Test
    void aDeadLetterIsShownReplayedAndDropped() {
        slackline.with("QUEUE_MAX_ATTEMPTS", "2");
        slackline.runOn("{\"n\":1}\n", "publish", "k");
        slackline.run("publish", "k", "{\"n\":2}", "--id", "Ev2");
        slackline.run("consume", "--exec", "echo it is broken >&2; exit 3", "--idle-timeout", "500ms");

        assertThat(slackline.run("dead", "list").out()).contains("Ev2", "exit code 3: it is broken");
        assertThat(slackline.run("dead", "list", "--json").lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("\"attempts\":2"));
        assertThat(slackline.run("dead", "show", "Ev2").out()).contains("\"payload\":{\"n\":2}", "\"deaths\":[{");

        assertThat(slackline.run("dead", "replay", "Ev2").lines()).containsExactly("1");
        Result unknown = slackline.run("dead", "replay", "Ev2", "Ev3");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("no dead letter 'Ev2'", "no dead letter 'Ev3'");
        assertThat(slackline.run("consume", "--max", "1").out()).contains("\"id\":\"Ev2\"", "\"attempt\":1");
        assertThat(slackline.run("dead", "drop", "--all").exitCode()).isEqualTo(2);
        assertThat(slackline.run("dead", "drop", "--all", "--yes").lines()).containsExactly("1");
        assertThat(slackline.run("dead", "list").lines()).isEmpty();
        assertThat(slackline.run("dead", "show", "Ev2").err()).contains("no dead letter 'Ev2'");
        assertThat(slackline.run("dead", "list", "--group", "nobody").err())
                .contains("there is no group 'nobody'; declared are: default");
    }

    @Test
    void backendsTellWhichIsChosenAndWhatEachCanDo() {
        assertThat(slackline.run("backends").out()).contains("sqlite (chosen)", "memory");
        assertThat(slackline.run("backends", "--json").lines())
                .anySatisfy(line -> assertThat(line)
                        .contains("\"backend\":\"sqlite\",\"chosen\":true", "\"durable\"", "\"multi_process\""))
                .anySatisfy(line -> assertThat(line)
                        .contains("\"backend\":\"memory\",\"chosen\":false")
                        .doesNotContain("\"durable\""));
    }

    @Test
    void configurationShowsWhereEachValueCameFromAndNoSecret() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "very-secret-one\n");

        Result result = slackline
                .with("QUEUE_LEASE", "2m")
                .with("QUEUE_LEASES", "2m")
                .with("SLACK_SIGNING_SECRET_FILE", secret.toString())
                .run("config");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .containsPattern("QUEUE_LEASE +2m +environment")
                .containsPattern("QUEUE_PREFETCH +64 +default")
                .containsPattern("SLACK_SIGNING_SECRET +\\*\\*\\*\\* +SLACK_SIGNING_SECRET_FILE")
                .doesNotContain("very-secret-one");
        assertThat(result.err()).containsOnlyOnce("QUEUE_LEASES").contains("did you mean QUEUE_LEASE?");
    }

    @Test
    void aFileIsShownWhereItIs() {
        Result result =
                slackline.with("SQLITE_PATH", "").with("SLACKLINE_HOME", "~/my").run("config");

        Path home = Path.of(System.getProperty("user.home"), "my");
        assertThat(result.out())
                .containsPattern("SLACKLINE_HOME +" + home + " +environment")
                .containsPattern("SQLITE_PATH +" + home.resolve("slackline.db") + " +default");
    }

    @Test
    void whatTheLauncherReadsHasNoEffectFromElsewhereAndIsWarnedAbout() throws Exception {
        Path file = Files.writeString(folder.resolve("options"), "-Xmx1g");

        Result config =
                slackline.with("SLACKLINE_JAVA_OPTS_FILE", file.toString()).run("config");

        assertThat(config.exitCode()).isZero();
        assertThat(config.err())
                .containsOnlyOnce("SLACKLINE_JAVA_OPTS has no effect in SLACKLINE_JAVA_OPTS_FILE")
                .contains("export it");
    }

    @Test
    void aNewGroupIsSaidToBeNewOnce() {
        slackline.run("publish", "k", "{}");
        Result first = slackline.run("consume", "--group", "typo", "--idle-timeout", "50ms");
        Result second = slackline.run("consume", "--group", "typo", "--idle-timeout", "50ms");

        assertThat(first.err())
                .contains("The group 'typo' is new here", "declared before were: default", "groups drop typo");
        assertThat(second.err()).isEmpty();
    }

    @Test
    void aPathThatCannotBeIsAWrongSetting() {
        Result result = slackline.with("SQLITE_PATH", folder.toString()).run("groups");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("slackline: SQLITE_PATH: '" + folder + "'")
                .doesNotContain("Exception");
    }

    @Test
    void configurationNamesWrongValuesAndShowsTheOthers() {
        Result result = slackline.with("HTTP_PORT", "70000").run("config");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).containsPattern("HTTP_PORT +\\(invalid\\)").contains("QUEUE_LEASE");
        assertThat(result.err()).contains("HTTP_PORT").contains("70000");
    }

    @Test
    void theDocumentationOfTheSettingsIsTheDeclaredSettings() {
        assertThat(Path.of("..", "docs", "configuration.md"))
                .as("made by: ./slackline config --markdown > docs/configuration.md")
                .hasContent(slackline.run("config", "--markdown").out());
    }
}
