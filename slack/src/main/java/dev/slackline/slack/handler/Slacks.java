package dev.slackline.slack.handler;

import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.event.SlackEvent;
import java.time.InstantSource;

/** Makes what handlers answer with. Thread-safe. */
final class Slacks {

    private final SlackApi api;
    private final ResponseUrls urls = new ResponseUrls(InstantSource.system());

    Slacks(SlackApi api) {
        this.api = api;
    }

    Slack on(SlackEvent event, String handler) {
        return new Slack(event, api, urls);
    }
}
