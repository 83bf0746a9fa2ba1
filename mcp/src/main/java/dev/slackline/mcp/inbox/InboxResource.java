package dev.slackline.mcp.inbox;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.NoSuchResourceException;
import dev.slackline.mcp.Resource;
import dev.slackline.mcp.ResourceContents;
import dev.slackline.mcp.ResourceTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code slackline://inbox/{group}}: how much waits in a group, and what this server has at hand of it. */
final class InboxResource {

    private static final String START = "slackline://inbox/";
    private static final String JSON = "application/json";
    private static final String DESCRIPTION =
            "How many Slack events wait in a group, how old the oldest is, and which are"
                    + " at hand just now. Subscribe to it to be told when an event comes.";

    private final Desk desk;
    private final GroupTools counts;

    InboxResource(Desk desk, GroupTools counts) {
        this.desk = desk;
        this.counts = counts;
    }

    static String uri(String group) {
        return START + group;
    }

    /** The group that is behind an address; none if it is not one of ours. */
    static String group(String uri) {
        return uri.startsWith(START) ? uri.substring(START.length()) : "";
    }

    /** One for each group. */
    List<Resource> all() {
        return desk.settings().groups().stream()
                .map(group ->
                        new Resource(uri(group), "inbox-" + group, "Inbox of " + group, DESCRIPTION, JSON, this::read))
                .toList();
    }

    ResourceTemplate template() {
        return new ResourceTemplate(START + "{group}", "inbox", "Inbox of a group", DESCRIPTION, JSON, this::read);
    }

    private CompletionStage<ResourceContents> read(String uri, Caller caller) {
        Tray tray = desk.trays().get(group(uri));
        if (tray == null) {
            return CompletableFuture.failedStage(new NoSuchResourceException("There is no such inbox; there is "
                    + String.join(
                            ", ",
                            desk.settings().groups().stream()
                                    .map(InboxResource::uri)
                                    .toList())));
        }
        return counts.counts(tray.group(), caller).thenApply(view -> {
            Map<String, Object> contents = new LinkedHashMap<>(view);
            contents.put(
                    "at_hand",
                    tray.atHand().stream()
                            .filter(held -> desk.visible().test(held.event()))
                            .map(held -> EventView.summary(held.event()))
                            .toList());
            return new ResourceContents(uri, JSON, EventView.json(contents), false);
        });
    }
}
