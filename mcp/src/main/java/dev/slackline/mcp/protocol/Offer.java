package dev.slackline.mcp.protocol;

import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.ResourceUpdates;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one server offers, to every client alike.
 *
 * @param catalog its tools, resources and prompts
 * @param updates brings word of changed resources
 * @param version its own, as clients show it
 * @param instructions how an agent uses it; empty for none
 */
public record Offer(Catalog catalog, ResourceUpdates updates, String version, String instructions) {

    /** What clients call this server. */
    public static final String NAME = "slackline";

    /** Who it is, as clients show it. */
    public Map<String, Object> info() {
        return Map.of("name", NAME, "title", "Slackline", "version", version);
    }

    /** What it can do, in every version of the protocol: its lists never change while it runs. */
    public Map<String, Object> capabilities() {
        Map<String, Object> capabilities = new LinkedHashMap<>();
        if (!catalog.tools().isEmpty()) {
            capabilities.put("tools", Map.of());
        }
        if (!catalog.resources().isEmpty() || !catalog.templates().isEmpty()) {
            capabilities.put("resources", Map.of("subscribe", true));
        }
        if (!catalog.prompts().isEmpty()) {
            capabilities.put("prompts", Map.of());
            capabilities.put("completions", Map.of());
        }
        capabilities.put("logging", Map.of());
        return capabilities;
    }
}
