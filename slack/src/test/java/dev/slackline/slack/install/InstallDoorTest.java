package dev.slackline.slack.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.config.Settings;
import dev.slackline.slack.HttpServer;
import dev.slackline.slack.HttpSettings;
import dev.slackline.slack.api.FakeSlack;
import dev.slackline.slack.api.FakeSlack.Reply;
import dev.slackline.slack.api.SlackApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installing the app with a browser, and what is refused there. */
class InstallDoorTest {

    private static final Pattern STATE = Pattern.compile("[?&]state=([^&]+)");

    private final SettableClock clock = new SettableClock();
    private final HttpClient browser = HttpClient.newHttpClient();

    @TempDir
    private Path folder = Path.of("");

    private FakeSlack slack;
    private SlackApi api;
    private InstallationFile file;
    private HttpServer http;

    @BeforeEach
    void open() throws IOException {
        slack = new FakeSlack();
        slack.answer(call -> new Reply(
                200,
                "{\"ok\":true,\"access_token\":\"xoxb-7\",\"token_type\":\"bot\",\"team\":{\"id\":\"T7\",\"name\":\"Acme\"},"
                        + "\"authed_user\":{\"id\":\"U7\",\"access_token\":\"xoxp-7\"}}",
                Map.of()));
        api = SlackApi.open(slack.settings());
        file = new InstallationFile(folder.resolve("tokens.json"));
        InstallDoor door = new InstallDoor(file, WorkspaceTokensTest.settings(folder), api, slack.url(), clock);
        http = HttpServer.start(
                HttpSettings.from(Settings.parse(Map.of("HTTP_PORT", "0"), HttpSettings.ALL)), List.of(door));
    }

    @AfterEach
    void close() {
        http.close();
        api.close();
        slack.close();
    }

    @Test
    void aBrowserGoesToSlackAndComesBackWithAnInstallation() throws Exception {
        HttpResponse<String> start = get("/slack/install", "");
        String location = start.headers().firstValue("Location").orElseThrow();
        String cookie = cookie(start);

        assertThat(start.statusCode()).isEqualTo(302);
        assertThat(location)
                .startsWith(slack.url().resolve("../oauth/v2/authorize").toString())
                .contains("client_id=1.2", "scope=chat%3Awrite%2Cusers%3Aread")
                .doesNotContain("hush");
        assertThat(start.headers().firstValue("Set-Cookie").orElseThrow()).contains("HttpOnly", "SameSite=Lax");

        HttpResponse<String> end = get("/slack/oauth_redirect?code=c0de&state=" + state(location), cookie);

        assertThat(end.statusCode()).as(end.body()).isEqualTo(200);
        assertThat(end.body()).contains("is installed").doesNotContain("xox");
        assertThat(slack.calls("oauth.v2.access").get(0).arguments())
                .containsEntry("code", "c0de")
                .containsEntry("client_secret", "hush");
        Installation installed = file.find("T7").orElseThrow();
        assertThat(installed.bot().token()).isEqualTo("xoxb-7");
        assertThat(installed.userId()).isEqualTo("U7");
    }

    @Test
    void anInstallationThatThisBrowserHasNotBegunIsRefused() throws Exception {
        String state =
                state(get("/slack/install", "").headers().firstValue("Location").orElseThrow());
        HttpResponse<String> mine = get("/slack/install", "");
        String cookie = cookie(mine);
        String forged = "99999999999.AAAAAAAAAAAAAAAAAAAAAA.AAAA";

        assertThat(finish(state, "").statusCode()).as("no cookie").isEqualTo(400);
        assertThat(finish(state, cookie).statusCode()).as("another browser's").isEqualTo(400);
        assertThat(finish("", cookie).statusCode()).isEqualTo(400);
        assertThat(finish(forged, "slackline_install=" + forged).statusCode()).isEqualTo(400);
        clock.goOn(Duration.ofMinutes(11));
        assertThat(finish(state(mine.headers().firstValue("Location").orElseThrow()), cookie)
                        .statusCode())
                .as("too late")
                .isEqualTo(400);
        assertThat(slack.calls()).isEmpty();
        assertThat(file.teams()).isEmpty();
    }

    @Test
    void whoSaysNoInstallsNothingAndASlackThatFailsIsSaid() throws Exception {
        HttpResponse<String> start = get("/slack/install", "");
        String state = state(start.headers().firstValue("Location").orElseThrow());

        HttpResponse<String> denied = get("/slack/oauth_redirect?error=access_denied&state=" + state, cookie(start));
        assertThat(denied.body()).contains("not installed");
        slack.answer(call -> Reply.error("invalid_code"));
        assertThat(finish(state, cookie(start)).statusCode()).isEqualTo(502);
        assertThat(file.teams()).isEmpty();
        assertThat(get("/slack/other", "").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> finish(String state, String cookie) throws Exception {
        return get("/slack/oauth_redirect?code=c0de&state=" + state, cookie);
    }

    private HttpResponse<String> get(String path, String cookie) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path));
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String state(String location) {
        Matcher matcher = STATE.matcher(location);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static String cookie(HttpResponse<?> response) {
        return response.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    }
}
