package dev.slackline.example.folder;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.config.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

// [provider]
/** Opens folder backends: {@code QUEUE_BACKEND=folder}, {@code FOLDER_PATH=/var/spool/slackline}. */
public final class FolderProvider implements QueueBackendProvider {

    static final Setting<String> PATH = Setting.text("FOLDER_PATH", null, "The folder; it is made if need be.");

    static final Capabilities CAPABILITIES = new Capabilities(
            "folder",
            Set.of(Feature.DURABLE, Feature.MULTI_PROCESS, Feature.FENCED, Feature.COUNTS_CRASHES),
            "in the file system, not synced: survives kill -9, not a power cut");

    @Override
    public String name() {
        return CAPABILITIES.backend();
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(PATH);
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public QueueBackend open(Opening opening) {
        Path root = Path.of(opening.settings().get(PATH));
        try {
            return new FolderBackend(Folders.make(root), opening.queue(), opening.clock());
        } catch (IOException e) {
            throw new QueueConnectionException(
                    root + " cannot be used as a folder: " + e, "folder", root.toString(), false, e);
        }
    }
}
// [/provider]
