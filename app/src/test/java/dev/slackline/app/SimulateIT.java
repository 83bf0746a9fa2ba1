package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.slack.simulator.SlackSimulator;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code slackline simulate} as a process, beside {@code serve}, and its page in a browser. */
class SimulateIT {

    private static final Pattern READY =
            Pattern.compile("A Slack of your own is ready on (http://127\\.0\\.0\\.1:\\d+/)");

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatIsSaidInItReachesServeAndIsGenuine() throws Exception {
        try (SlacklineProcess serve = SlacklineProcess.serve(folder, Map.of());
                SlacklineProcess simulate = SlacklineProcess.start(
                        folder,
                        Map.of(),
                        "simulate",
                        "--port",
                        "0",
                        "--signing-secret",
                        SlacklineProcess.SECRET,
                        "--events-url",
                        "http://127.0.0.1:" + serve.port() + "/slack/events")) {
            String url = url(simulate);
            assertThat(simulate.out())
                    .contains("SLACK_API_URL=" + url + "api/", "SLACK_BOT_TOKEN=xoxb-")
                    .doesNotContain("SLACK_APP_TOKEN");

            post(url + "simulator/say", "text=hello");
            post(url + "simulator/command", "command=/deploy&text=prod");

            assertThat(new InProcess(folder)
                            .run("consume", "--max", "2", "--idle-timeout", "20s")
                            .out())
                    .contains("\"key\":\"event.message\"", "\"key\":\"command.deploy\"");
            simulate.terminate();
            assertThat(simulate.exitCode()).isZero();
        }
    }

    @Test
    void somebodyTypesInABrowserAndSeesTheBotAnswer() throws Exception {
        try (SlackSimulator slack = SlackSimulator.start();
                Browser browser = Browser.open(folder, slack.url() + "/")) {
            browser.await("document.querySelectorAll('#channels button').length > 2");
            browser.evaluate("(document.getElementById('text').value = 'hello @slackline',"
                    + " document.getElementById('say').requestSubmit())");
            browser.await("document.getElementById('messages').textContent.includes('hello @slackline')");
            assertThat(slack.messages("#general").get(0).text()).isEqualTo("hello " + slack.mention());

            post(
                    slack.apiUrl() + "chat.postMessage",
                    "token=" + slack.botToken() + "&channel=%23general&text=Go&blocks="
                            + "[{\"type\":\"actions\",\"elements\":[{\"type\":\"button\",\"action_id\":\"go\","
                            + "\"text\":{\"type\":\"plain_text\",\"text\":\"Go now\"}}]}]");
            browser.await("document.querySelector('.block button') !== null");
            browser.evaluate("document.querySelector('.block button').click()");
            SlacklineProcess.await(
                    "the app is told",
                    () -> slack.occurrences().stream()
                            .anyMatch(told -> told.type().equals("block_actions")));
            assertThat(browser.evaluate("document.querySelector('.block button').textContent"))
                    .isEqualTo("Go now");
        }
    }

    @Test
    void aModalIsFilledInAndWhatTheAppSaysOfItIsShown() throws Exception {
        try (SlackSimulator slack = SlackSimulator.start();
                Browser browser = Browser.open(folder, slack.url() + "/")) {
            browser.await("document.querySelectorAll('#channels button').length > 2");
            String trigger = slack.user("ada").shortcut("deploy").id();
            post(
                    slack.apiUrl() + "views.open",
                    "token=" + slack.botToken() + "&trigger_id=" + trigger
                            + "&view={\"type\":\"modal\",\"title\":{\"type\":\"plain_text\",\"text\":\"Deploy what?\"},"
                            + "\"blocks\":[{\"type\":\"input\",\"block_id\":\"b\","
                            + "\"label\":{\"type\":\"plain_text\",\"text\":\"Version\"},\"element\":{\"type\":\"plain_text_input\","
                            + "\"action_id\":\"version\"}}]}");
            browser.await("document.getElementById('modal').open");
            browser.evaluate("(document.querySelector('[data-action=version]').value = '1.4.2',"
                    + " document.getElementById('submit').click())");
            SlacklineProcess.await(
                    "the app is told",
                    () -> slack.occurrences().stream()
                            .anyMatch(told -> told.type().equals("view_submission")
                                    && told.payload()
                                            .at("/view/state/values/b/version/value")
                                            .asString("")
                                            .equals("1.4.2")));
            browser.await("document.getElementById('problem').textContent.includes('did not take it')");
        }
    }

    private static String url(SlacklineProcess simulate) {
        SlacklineProcess.await(
                "simulate is ready", () -> READY.matcher(simulate.err()).find());
        Matcher ready = READY.matcher(simulate.err());
        return ready.find() ? ready.group(1) : "";
    }

    private void post(String url, String form) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).startsWith("{\"").contains("\"ok\":true");
    }
}
