package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.app.InProcess.Result;
import dev.slackline.slack.install.InstallationFile;
import dev.slackline.slack.simulator.ChannelMessage;
import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.state.Workspace;
import dev.slackline.slack.simulator.web.ApiCall;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workspace from its installation at {@code serve}, through {@code send} from another process, to its leaving (rule 12). */
class InstallIT {

    private static final Duration BOUND = Duration.ofSeconds(60);

    private final SlackSimulator slack = SlackSimulator.start();
    private final Workspace acme = slack.addWorkspace("acme");
    private final HttpClient browser =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void end() {
        slack.close();
    }

    @Test
    void whatIsInstalledAtTheServerIsUsedRenewedAndForgottenByEveryProcess() throws Exception {
        slack.tokenRotation(true);
        slack.revoke(slack.botToken(acme)); // what is good comes from the installation alone
        InstallationFile tokens = new InstallationFile(folder.resolve("tokens.json"));
        try (SlacklineProcess serve = SlacklineProcess.serve(folder, environment())) {
            URI home = URI.create("http://127.0.0.1:" + serve.port());
            slack.redirectUrl(home.resolve("/slack/oauth_redirect"));
            slack.deliverTo(home.resolve("/slack/events"));

            assertThat(refused(home)).contains("not begun in this browser");
            assertThat(install(home)).contains("is installed");
            assertThat(tokens.teams()).containsExactly(acme.id());

            assertThat(send("with the first token").exitCode()).isZero();
            slack.expireTokens();
            assertThat(send("with the second").exitCode()).isZero();

            assertThat(slack.messages(acme, "#general"))
                    .extracting(ChannelMessage::text)
                    .containsExactly("with the first token", "with the second");
            assertThat(slack.calls("oauth.v2.access"))
                    .filteredOn(ApiCall::ok)
                    .extracting(call -> call.argument("grant_type"))
                    .containsExactly("", "refresh_token");

            slack.uninstall(acme).forEach(event -> event.awaitAcknowledged(BOUND));
            assertThat(tokens.teams()).isEmpty();
            Result late = send("too late");
            assertThat(late.exitCode()).isEqualTo(1);
            assertThat(late.err()).contains("not_installed").doesNotContain("\tat ", "xox");
            assertThat(serve.err()).doesNotContain("xox");
        }
    }

    private Map<String, String> environment() {
        return Map.of(
                "SLACK_SIGNING_SECRET", slack.signingSecret(),
                "SLACK_API_URL", slack.apiUrl().toString(),
                "SLACK_CLIENT_ID", slack.app().clientId(),
                "SLACK_CLIENT_SECRET", slack.app().clientSecret(),
                "SLACK_TOKENS_FILE", folder.resolve("tokens.json").toString());
    }

    private Result send(String text) {
        Map<String, String> all = new HashMap<>(environment());
        all.remove("SLACK_SIGNING_SECRET");
        InProcess slackline = new InProcess(folder);
        all.forEach(slackline::with);
        String channel = acme.channel("#general").orElseThrow().id();
        return slackline.run("send", "--team", acme.id(), channel, text);
    }

    /** Begins at the server, allows it at Slack for one workspace, and ends at the server. Answers what that says. */
    private String install(URI home) throws IOException, InterruptedException {
        HttpResponse<String> begun = get(home.resolve("/slack/install"));
        HttpResponse<String> allowed = get(URI.create(location(begun) + "&team=" + acme.id()));
        return get(URI.create(location(allowed))).body();
    }

    /** What somebody is told who brings a code that this browser has not asked for. */
    private String refused(URI home) throws IOException, InterruptedException {
        return get(home.resolve("/slack/oauth_redirect?code=1000.stolen&state=1.2.3"))
                .body();
    }

    private HttpResponse<String> get(URI page) throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(page).timeout(BOUND).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String location(HttpResponse<String> response) {
        return response.headers().firstValue("location").orElseThrow();
    }
}
