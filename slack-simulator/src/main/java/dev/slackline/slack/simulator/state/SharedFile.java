package dev.slackline.slack.simulator.state;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A file. Guarded by its workspace, but for the upload. */
public final class SharedFile {

    private final String id;
    private final Workspace workspace;
    private final User owner;
    private final String name;
    private long length;
    private final String url;
    private final long created;
    private final String secret = UUID.randomUUID().toString();
    private final Set<String> channels = new LinkedHashSet<>();
    private volatile byte @Nullable [] content;
    private String title;
    private boolean complete;

    SharedFile(Workspace workspace, User owner, String name, long length, String baseUrl) {
        this.id = workspace.ids().next("F");
        this.workspace = workspace;
        this.owner = owner;
        this.name = name;
        this.title = name;
        this.length = length;
        this.url = baseUrl + "/files/" + id;
        this.created = workspace.timestamps().seconds();
    }

    /** As {@code F…}. */
    public String id() {
        return id;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** What the address to upload to ends with. */
    public String secret() {
        return secret;
    }

    /** Where it is. */
    public Workspace workspace() {
        return workspace;
    }

    /** Whether its content is there. */
    public boolean isUploaded() {
        return content != null;
    }

    /** Whether the upload was completed. */
    boolean isComplete() {
        return complete;
    }

    /** Gives it its content. Answers whether it is as long as was announced. */
    public boolean upload(byte[] uploaded) {
        if (uploaded.length != length) {
            return false;
        }
        content = uploaded.clone();
        return true;
    }

    /** Gives it other content, of any length. */
    public void rewrite(byte[] other) {
        content = other.clone();
        length = other.length;
    }

    /** Its content, empty while there is none. */
    public byte[] content() {
        byte[] now = content;
        return now == null ? new byte[0] : now.clone();
    }

    /** Ends the upload. */
    public void complete(String shown) {
        title = shown;
        complete = true;
    }

    /** Notes where it is shared. */
    public void shareTo(Channel channel) {
        channels.add(channel.id());
    }

    /** As {@code files.info} shows it. */
    public ObjectNode json() {
        int dot = name.lastIndexOf('.');
        ObjectNode json = Json.object()
                .put("id", id)
                .put("created", created)
                .put("timestamp", created)
                .put("name", name)
                .put("title", title)
                .put("mimetype", mimetype())
                .put("filetype", dot < 0 ? "" : name.substring(dot + 1))
                .put("user", owner.id())
                .put("size", length)
                .put("mode", "hosted")
                .put("is_external", false)
                .put("is_public", !channels.isEmpty())
                .put("url_private", url)
                .put("url_private_download", url)
                .put("permalink", url);
        json.set("channels", Json.array(channels));
        return json;
    }

    private String mimetype() {
        String guessed = java.net.URLConnection.guessContentTypeFromName(name);
        return guessed == null ? "application/octet-stream" : guessed;
    }
}
