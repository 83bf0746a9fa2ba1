package dev.slackline.slack.simulator.state;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The modals and home tabs that are open. Thread-safe. */
public final class Views {

    private final Map<String, View> views = new LinkedHashMap<>();
    private final Ids ids;

    Views(Ids ids) {
        this.ids = ids;
    }

    /** Opens one, upon another or as the first. */
    public synchronized View open(Workspace workspace, User viewer, @Nullable View below, ObjectNode content) {
        View view = new View(ids.next("V"), workspace, viewer, below, content);
        views.put(view.id(), view);
        return view;
    }

    /** Gives one another content. */
    public synchronized void update(View view, ObjectNode content) {
        view.content(content);
    }

    /** Finds one by its id, or by the id that the app gave it. */
    public synchronized Optional<View> find(String id, String externalId) {
        View found = views.get(id);
        return found != null || externalId.isEmpty()
                ? Optional.ofNullable(found)
                : views.values().stream()
                        .filter(view -> Json.text(view.content(), "external_id").equals(externalId))
                        .findFirst();
    }

    /** Closes one. */
    public synchronized void close(View view) {
        views.remove(view.id());
    }

    /** Closes one and those below it. */
    public synchronized void closeAll(View view) {
        for (View each = view; each != null; each = each.below()) {
            views.remove(each.id());
        }
    }

    /** What somebody has open, the uppermost last. */
    public synchronized List<View> of(User viewer) {
        return views.values().stream().filter(view -> view.viewer() == viewer).toList();
    }
}
