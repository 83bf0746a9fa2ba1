package dev.slackline.app.wiring;

import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.slack.outbox.OutboxSettings;
import java.util.List;
import java.util.stream.Stream;

/** Which backend holds the outbox. */
final class OutboxBackend {

    static final Setting<String> BACKEND = Setting.text(
            "SLACK_OUTBOX_BACKEND", "", "The backend that holds the outbox; empty: that of QUEUE_BACKEND.");

    /** Every setting of the outbox, in the order in which they are shown. */
    static final List<Setting<?>> ALL = Stream.<Setting<?>>concat(OutboxSettings.ALL.stream(), Stream.of(BACKEND))
            .toList();

    private OutboxBackend() {}

    /** The backend's name; empty for that of the events. */
    static String from(Env env) {
        return Settings.parse(env, List.of(BACKEND)).get(BACKEND);
    }
}
