package dev.slackline.mcp;

/**
 * Many resources of one form.
 *
 * @param uriTemplate {@code slack://channel/{id}/recent}, of level 1 of RFC 6570
 * @param name {@code recent}
 * @param title for people
 * @param description for the agent
 * @param mimeType of what comes back
 * @param reader reads one; gets its whole address
 */
public record ResourceTemplate(
        String uriTemplate, String name, String title, String description, String mimeType, Resource.Reader reader) {

    /** The same, read by something else. */
    public ResourceTemplate with(Resource.Reader other) {
        return new ResourceTemplate(uriTemplate, name, title, description, mimeType, other);
    }
}
