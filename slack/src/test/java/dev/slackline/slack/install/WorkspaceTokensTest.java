package dev.slackline.slack.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.slack.api.FakeSlack;
import dev.slackline.slack.api.FakeSlack.Reply;
import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.api.SlackToken;
import dev.slackline.slack.api.SlackTokens;
import dev.slackline.slack.api.SlackTokens.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens by workspace: kept, renewed in time, and forgotten when Slack says so (rule 12). */
class WorkspaceTokensTest {

    private final SettableClock clock = new SettableClock();
    private final AtomicInteger renewals = new AtomicInteger();

    @TempDir
    private Path folder = Path.of("");

    private FakeSlack slack;
    private SlackApi unauthorised;
    private InstallationFile file;
    private WorkspaceTokens tokens;

    @BeforeEach
    void open() throws IOException {
        slack = new FakeSlack();
        slack.answer(call -> new Reply(
                200,
                "{\"ok\":true,\"access_token\":\"xoxe.new-" + renewals.incrementAndGet()
                        + "\",\"refresh_token\":\"xoxe-1-next\",\"expires_in\":43200}",
                Map.of()));
        unauthorised = SlackApi.open(slack.settings());
        file = new InstallationFile(folder.resolve("deep").resolve("tokens.json"));
        tokens = tokens(file);
    }

    @AfterEach
    void close() {
        tokens.close();
        unauthorised.close();
        slack.close();
    }

    @Test
    void eachWorkspaceHasItsOwnTokenAndOthersThatOfTheEnvironment() {
        file.save(installation("T1", new Credential("xoxb-1", "", null)));
        file.save(installation("T2", new Credential("xoxb-2", "", null)));

        assertThat(token("T1")).isEqualTo(new SlackToken("T1", "xoxb-1"));
        assertThat(token("T2")).isEqualTo(new SlackToken("T2", "xoxb-2"));
        assertThat(token("T3").value()).isEqualTo("xoxb-env");
        assertThat(slack.calls()).isEmpty();
    }

    @Test
    void theFileIsItsOwnersAloneAndOutlivesTheProcess() throws IOException {
        file.save(installation("T1", new Credential("xoxb-1", "xoxe-1", clock.instant())));
        Path path = folder.resolve("deep").resolve("tokens.json");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(new InstallationFile(path).find("T1"))
                .isEqualTo(file.find("T1"))
                .isPresent();
        assertThat(file.find("T1").toString()).doesNotContain("xox");
    }

    @Test
    void whatAnotherProcessKeepsIsSeen() {
        InstallationFile other = new InstallationFile(folder.resolve("deep").resolve("tokens.json"));
        assertThat(file.teams()).isEmpty();
        other.save(installation("T1", new Credential("xoxb-1", "", null)));
        assertThat(file.teams()).containsExactly("T1");
        file.change("T1", found -> Optional.empty());
        assertThat(other.teams()).isEmpty();
    }

    @Test
    void aTokenIsRenewedBeforeItExpiresAndOnce() throws IOException {
        file.save(installation(
                "T1", new Credential("xoxe.old", "xoxe-1-first", clock.instant().plus(Duration.ofHours(12)))));
        assertThat(token("T1").value()).isEqualTo("xoxe.old");
        clock.goOn(Duration.ofHours(11).plusMinutes(31));
        WorkspaceTokens another =
                tokens(new InstallationFile(folder.resolve("deep").resolve("tokens.json")));

        List<CompletableFuture<SlackToken>> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add((i % 2 == 0 ? tokens : another).token("T1", Kind.BOT).toCompletableFuture());
        }

        assertThat(asked).allSatisfy(token -> assertThat(token.join().value()).isEqualTo("xoxe.new-1"));
        assertThat(slack.calls("oauth.v2.access")).hasSize(1);
        assertThat(slack.calls().get(0).arguments())
                .containsEntry("grant_type", "refresh_token")
                .containsEntry("refresh_token", "xoxe-1-first")
                .containsEntry("client_id", "1.2")
                .containsEntry("client_secret", "hush");
        assertThat(file.find("T1").orElseThrow().bot().refreshToken()).isEqualTo("xoxe-1-next");
        another.close();
    }

    @Test
    void aTokenThatCannotBeRenewedIsUsedAsLongAsItIsGood() {
        file.save(installation(
                "T1", new Credential("xoxe.old", "xoxe-1-first", clock.instant().plus(Duration.ofMinutes(10)))));
        slack.answer(call -> Reply.error("service_unavailable"));

        assertThat(token("T1").value()).isEqualTo("xoxe.old");
        clock.goOn(Duration.ofMinutes(11));
        assertThat(tokens.token("T1", Kind.BOT).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining("service_unavailable");
    }

    @Test
    void aTokenOfWhichSlackSaysThatItHasExpiredIsRenewed() {
        file.save(installation("T1", new Credential("xoxe.old", "xoxe-1-first", null)));
        slack.answer(call -> call.method().equals("oauth.v2.access")
                ? new Reply(200, "{\"ok\":true,\"access_token\":\"xoxe.new\",\"refresh_token\":\"n\"}", Map.of())
                : "Bearer xoxe.new".equals(call.headers().get("Authorization"))
                        ? FakeSlack.OK
                        : Reply.error("token_expired"));

        try (SlackApi api = SlackApi.open(slack.settings(), tokens)) {
            assertThat(api.call("T1", "auth.test", Map.of()).join()).containsEntry("ok", true);
        }
    }

    @Test
    void whatSlackTakesBackIsForgotten() {
        Revocations revocations = new Revocations(file);
        for (String team : List.of("T1", "T2", "T3", "T4")) {
            file.save(installation(team, new Credential("xoxb-" + team, "", null)));
        }
        long now = clock.instant().getEpochSecond();

        revocations.accept(event("app_uninstalled", "T1", now + 5, Map.of()));
        revocations.accept(event(
                "tokens_revoked", "T2", now + 5, Map.of("tokens", Map.of("oauth", List.of("U1"), "bot", List.of()))));
        revocations.accept(event("tokens_revoked", "T3", now + 5, Map.of("tokens", Map.of("bot", List.of("B1")))));
        revocations.accept(event("app_uninstalled", "T4", now - 3_600, Map.of()));

        assertThat(file.teams()).containsExactlyInAnyOrder("T2", "T4");
        assertThat(file.find("T2").orElseThrow().user()).isNull();
        assertThat(file.find("T4").orElseThrow().user())
                .as("an event from before it was installed")
                .isNotNull();
    }

    private SlackToken token(String team) {
        return tokens.token(team, Kind.BOT).toCompletableFuture().join();
    }

    private WorkspaceTokens tokens(Installations installations) {
        return new WorkspaceTokens(
                installations,
                SlackTokens.fixed("xoxb-env", ""),
                unauthorised,
                settings(folder.resolve("unused")),
                clock);
    }

    static InstallSettings settings(Path file) {
        return new InstallSettings("1.2", "hush", List.of("chat:write", "users:read"), List.of(), "", file);
    }

    private Installation installation(String team, Credential bot) {
        Credential user = new Credential("xoxp-" + team, "", null);
        return new Installation(team, "Acme", bot, user, "U1", clock.instant());
    }

    private Message event(String type, String team, long time, Map<String, Object> fields) {
        return Message.of("event." + type, Payload.of(Map.of("team_id", team, "event_time", time, "event", fields)));
    }
}
