package dev.slackline.slack.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.slack.api.FakeSlack.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The content of files comes from Slack and goes there, and the token goes nowhere else. */
class FileTransferTest {

    private FakeSlack slack;
    private FakeSlack stranger;
    private SlackApi api;

    @BeforeEach
    void open() throws IOException {
        slack = new FakeSlack();
        stranger = new FakeSlack();
        api = SlackApi.open(slack.settings());
    }

    @AfterEach
    void close() {
        api.close();
        stranger.close();
        slack.close();
    }

    @Test
    void whatIsNotAtSlackIsNeitherFetchedNorSent() {
        for (String address : List.of(
                stranger.url() + "file",
                "https://evil.example/file",
                "https://slack.com.evil.example/file",
                "https://evilslack.com/file",
                "https://files.slack.com@evil.example/file",
                "https://evil.example/files.slack.com",
                "http://files.slack.com/file",
                "ftp://files.slack.com/file",
                "file:///etc/passwd",
                "//evil.example/file",
                "file")) {
            CompletableFuture<byte[]> download = api.download("T1", address, 100);

            assertThatThrownBy(download::join)
                    .as(address)
                    .hasRootCauseInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at Slack or nowhere")
                    .hasMessageNotContaining("xoxb");
            assertThatThrownBy(() -> api.upload(address, new byte[] {1}).join())
                    .as(address)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at Slack or nowhere");
        }
        assertThat(stranger.calls()).isEmpty();
        assertThat(slack.calls()).isEmpty();
    }

    @Test
    void whereSlackSendsOnIsNotFollowedWithTheToken() {
        slack.answer(call -> new Reply(302, "", Map.of("Location", stranger.url() + "file")));

        assertThatThrownBy(() -> api.download("T1", slack.url() + "file", 100).join())
                .hasRootCauseInstanceOf(SlackApiException.class)
                .hasMessageContaining("http_302");
        assertThat(slack.calls()).hasSize(1);
        assertThat(stranger.calls()).isEmpty();
    }

    @Test
    void whatIsThereComesWithTheTokenAndNoLargerThanIsWanted() {
        slack.answer(call -> new Reply(200, "0123456789", Map.of()));

        assertThat(api.download("T1", slack.url() + "file", 10).join()).hasSize(10);
        assertThatThrownBy(() -> api.download("T1", slack.url() + "file", 9).join())
                .hasMessageContaining(SlackApiException.TOO_LARGE);
        assertThat(slack.calls().get(0).headers()).containsEntry("Authorization", "Bearer xoxb-bot");
    }
}
