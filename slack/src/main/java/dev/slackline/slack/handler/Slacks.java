package dev.slackline.slack.handler;

import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.event.SlackEvent;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Makes what handlers answer with. Thread-safe. */
final class Slacks {

    private final SlackApi api;
    private final @Nullable Posts posts;
    private final ResponseUrls urls = new ResponseUrls(InstantSource.system());

    Slacks(SlackApi api, @Nullable Posts posts) {
        this.api = api;
        this.posts = posts;
    }

    Slack on(SlackEvent event, String handler) {
        return new Slack(event, api, posts, urls, event.message().id() + "/" + handler);
    }
}
