package dev.slackline.slack.simulator.state;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The files of all workspaces. Thread-safe. */
public final class SharedFiles {

    private final Map<String, SharedFile> files = new ConcurrentSkipListMap<>();

    /** A file that will be uploaded. */
    public SharedFile expect(Workspace workspace, User owner, String name, long length, String baseUrl) {
        SharedFile file = new SharedFile(workspace, owner, name, length, baseUrl);
        files.put(file.id(), file);
        return file;
    }

    /** The files of a workspace that are there, oldest first. */
    public List<SharedFile> of(Workspace workspace) {
        return files.values().stream()
                .filter(file -> file.workspace() == workspace && file.isComplete())
                .toList();
    }

    /** Finds one by id. */
    public Optional<SharedFile> find(Workspace workspace, String id) {
        return Optional.ofNullable(files.get(id)).filter(file -> file.workspace() == workspace);
    }

    /** Finds the one that an address to upload to belongs to. */
    public Optional<SharedFile> bySecret(String secret) {
        return files.values().stream()
                .filter(file -> file.secret().equals(secret))
                .findFirst();
    }

    /** Deletes one. */
    public void remove(SharedFile file) {
        files.remove(file.id());
    }
}
