package dev.slackline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.bot.Bot;
import dev.slackline.slack.event.EventType;
import dev.slackline.slack.handler.SlackHandlers;
import dev.slackline.slack.install.InstallationFile;
import dev.slackline.slack.simulator.ChannelMessage;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.Workspace;
import dev.slackline.slack.simulator.web.ApiCall;
import dev.slackline.slack.simulator.web.ApiFault;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bot that workspaces install with a browser: their tokens from the first to the last, and the outbox between. */
class InstalledBotTest {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private final SlackSimulator slack = SlackSimulator.start();
    private final Workspace acme = slack.addWorkspace("acme");
    private final HttpClient browser =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        slack.close();
    }

    @Test
    void aWorkspaceIsAnsweredFromItsInstallationUntilItTakesTheBotOut() throws Exception {
        slack.tokenRotation(true);
        slack.revoke(slack.botToken(acme)); // what is good comes from the installation alone
        InstallationFile tokens = new InstallationFile(folder.resolve("tokens.json"));
        try (Bot bot = start()) {
            URI home = URI.create("http://127.0.0.1:" + bot.port().orElseThrow());
            slack.redirectUrl(home.resolve("/slack/oauth_redirect"));
            slack.deliverTo(home.resolve("/slack/events"));

            assertThat(install(home)).contains("is installed");
            assertThat(tokens.teams()).containsExactly(acme.id());

            mention();
            answers(1);

            slack.expireTokens();
            mention();
            answers(2);
            Until.holds(() -> slack.calls("chat.postMessage").size() == 3); // noted a moment after it is done
            assertThat(slack.calls("oauth.v2.access"))
                    .extracting(call -> call.argument("grant_type"))
                    .containsExactly("", "refresh_token");
            assertThat(slack.calls("chat.postMessage"))
                    .extracting(InstalledBotTest::outcome)
                    .containsExactly("", "token_expired", "");

            slack.uninstall(acme).forEach(event -> event.awaitAcknowledged(BOUND));
            assertThat(tokens.teams()).isEmpty();
        }
    }

    @Test
    void whatHandlersSayIsSaidOnceThoughSlackFailsAfterwards() {
        slack.apiFaults().next("chat.postMessage", 1, ApiFault.serverErrorAfterwards());
        try (Bot bot = Bot.start(
                Map.of(
                        "SQLITE_PATH", folder.resolve("queue.db").toString(),
                        "SLACK_API_URL", slack.apiUrl().toString(),
                        "SLACK_APP_TOKEN", slack.appToken(),
                        "SLACK_OUTBOX_SETTLE", "100ms",
                        "SLACK_BOT_TOKEN", slack.botToken()),
                "bots",
                handlers())) {
            Until.holds(() -> slack.socketMode().connections() > 0);
            slack.user("ada").says("#general", slack.mention() + " hello");
            Until.holds(() -> !slack.calls("conversations.replies").isEmpty()); // it has looked, and found it
        }
        assertThat(slack.messages("#general"))
                .filteredOn(ChannelMessage::isFromBot)
                .hasSize(1);
        assertThat(folder.resolve("queue-outbox.db")).exists();
    }

    private Bot start() {
        return Bot.start(
                Map.of(
                        "SQLITE_PATH", folder.resolve("queue.db").toString(),
                        "SLACK_TOKENS_FILE", folder.resolve("tokens.json").toString(),
                        "SLACK_API_URL", slack.apiUrl().toString(),
                        "SLACK_SIGNING_SECRET", slack.signingSecret(),
                        "SLACK_CLIENT_ID", slack.app().clientId(),
                        "SLACK_CLIENT_SECRET", slack.app().clientSecret(),
                        "HTTP_PORT", "0"),
                "bots",
                handlers());
    }

    private static SlackHandlers handlers() {
        return SlackHandlers.create()
                .on(EventType.APP_MENTION, (event, slack) -> slack.reply("Hello <@" + event.user() + ">"));
    }

    /** Begins at the bot, allows it at Slack for one workspace, and ends at the bot. Answers what that says. */
    private String install(URI home) throws IOException, InterruptedException {
        HttpResponse<String> begun = get(home.resolve("/slack/install"));
        HttpResponse<String> allowed = get(URI.create(location(begun) + "&team=" + acme.id()));
        return get(URI.create(location(allowed))).body();
    }

    private HttpResponse<String> get(URI page) throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(page).timeout(BOUND).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String location(HttpResponse<String> response) {
        return response.headers().firstValue("location").orElseThrow();
    }

    private void mention() {
        slack.user(acme, "ada").says("#general", "<@" + acme.bot().id() + "> hello");
    }

    private void answers(int count) {
        Until.holds(() -> slack.messages(acme, "#general").stream()
                        .filter(ChannelMessage::isFromBot)
                        .count()
                == count);
    }

    private static String outcome(ApiCall call) {
        return Json.text(call.answer(), "error");
    }
}
