package dev.slackline.slack.install;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Where installations are kept. Thread-safe; several processes may share one. What it keeps survives a crash. */
public interface Installations {

    /** The installation of a workspace. Must be quick: it is asked for every call. */
    Optional<Installation> find(String team);

    /** The workspaces' ids. */
    Set<String> teams();

    /** Keeps an installation, instead of what was there for its workspace. */
    void save(Installation installation);

    /** Changes the installation of a workspace, if there is one, as one step; to nothing forgets it. */
    void change(String team, UnaryOperator<Optional<Installation>> change);

    /** Runs something that no other thread and no other process does for this workspace at the same time. */
    <T> T alone(String team, Supplier<T> work);
}
