package dev.slackline.slack.simulator.state;

import dev.slackline.slack.simulator.delivery.Kind;
import dev.slackline.slack.simulator.delivery.Occurrence;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Wraps what happens into the outer event that an app is sent, if it subscribed to it. Thread-safe. */
public final class AppEvents {

    private final App app;
    private final Set<String> subscribed;
    private final Ids ids;
    private final Consumer<Occurrence> sink;

    /**
     * Hands occurrences to a sink, which must not block.
     *
     * @param subscribed types of events; empty for all
     */
    public AppEvents(App app, Set<String> subscribed, Ids ids, Consumer<Occurrence> sink) {
        this.app = app;
        this.subscribed = subscribed;
        this.ids = ids;
        this.sink = sink;
    }

    /** Whether the app wants events of a type. */
    boolean wants(String type) {
        return subscribed.isEmpty() || subscribed.contains(type);
    }

    /** Tells the app of an event. */
    Occurrence happened(Workspace workspace, ObjectNode event, long seconds) {
        String id = ids.next("Ev");
        ObjectNode outer = Json.object()
                .put("token", app.verificationToken())
                .put("team_id", workspace.id())
                .put("context_team_id", workspace.id())
                .putNull("context_enterprise_id")
                .put("api_app_id", app.id());
        outer.set("event", event);
        outer.put("type", "event_callback").put("event_id", id).put("event_time", seconds);
        outer.putArray("authorizations")
                .addObject()
                .putNull("enterprise_id")
                .put("team_id", workspace.id())
                .put("user_id", workspace.bot().id())
                .put("is_bot", true)
                .put("is_enterprise_install", false);
        outer.put("is_ext_shared_channel", false).put("event_context", "4-" + id);
        Occurrence occurrence = new Occurrence(id, Kind.EVENT, outer);
        sink.accept(occurrence);
        return occurrence;
    }
}
