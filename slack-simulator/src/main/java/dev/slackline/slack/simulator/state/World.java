package dev.slackline.slack.simulator.state;

import dev.slackline.slack.simulator.delivery.Occurrence;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.node.ObjectNode;

/** Everything that is there: the app, its workspaces, tokens, triggers, open views. Thread-safe. */
public final class World {

    private final App app;
    private final AppEvents events;
    private final Ids ids;
    private final Timestamps timestamps;
    private final Grants grants;
    private final Triggers triggers;
    private final Views views;
    private final SharedFiles files = new SharedFiles();
    private final Installations installations;
    private final List<Workspace> workspaces = new CopyOnWriteArrayList<>();

    /** A world with the app and no workspace. */
    public World(App app, AppEvents events, Ids ids, InstantSource clock) {
        this.app = app;
        this.events = events;
        this.ids = ids;
        this.timestamps = new Timestamps(clock);
        this.grants = new Grants(clock);
        this.installations = new Installations(this, clock);
        this.triggers = new Triggers(clock);
        this.views = new Views(ids);
    }

    /** Adds a workspace with the bot in it. */
    public Workspace addWorkspace(String name) {
        Workspace workspace = new Workspace(ids.next("T"), name, app.botName(), ids, timestamps, events);
        workspaces.add(workspace);
        return workspace;
    }

    /** Tells the app of an event, whether it subscribed to it or not. */
    public Occurrence tell(Workspace workspace, ObjectNode event) {
        synchronized (workspace) {
            return events.happened(workspace, event, timestamps.seconds());
        }
    }

    /** Finds a workspace by id or name. */
    public Optional<Workspace> workspace(String reference) {
        return workspaces.stream()
                .filter(each -> each.id().equals(reference) || each.name().equals(reference))
                .findFirst();
    }

    /** All workspaces. */
    public List<Workspace> workspaces() {
        return List.copyOf(workspaces);
    }

    /** The one app. */
    public App app() {
        return app;
    }

    /** The tokens that are good. */
    public Grants grants() {
        return grants;
    }

    /** The trigger ids that were given out. */
    public Triggers triggers() {
        return triggers;
    }

    /** The files of all workspaces. */
    public SharedFiles files() {
        return files;
    }

    /** How the app comes to its tokens. */
    public Installations installations() {
        return installations;
    }

    /** What is open before people. */
    public Views views() {
        return views;
    }
}
