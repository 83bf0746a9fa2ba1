package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.Workspace;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** What is kept at hand: pins, bookmarks, emoji, user groups, and the workspace itself. */
final class ShelfMethods implements Family {

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("pins.add", new Method(Method.TIER_2, "pins:write", ShelfMethods::pin));
        methods.put("pins.remove", new Method(Method.TIER_2, "pins:write", ShelfMethods::unpin));
        methods.put("pins.list", new Method(Method.TIER_2, "pins:read", ShelfMethods::pins));
        methods.put("bookmarks.add", new Method(Method.TIER_2, "bookmarks:write", ShelfMethods::bookmark));
        methods.put("bookmarks.edit", new Method(Method.TIER_2, "bookmarks:write", ShelfMethods::editBookmark));
        methods.put("bookmarks.remove", new Method(Method.TIER_2, "bookmarks:write", ShelfMethods::removeBookmark));
        methods.put("bookmarks.list", new Method(Method.TIER_3, "bookmarks:read", ShelfMethods::bookmarks));
        methods.put("emoji.list", new Method(Method.TIER_2, "emoji:read", ShelfMethods::emoji));
        methods.put("usergroups.list", new Method(Method.TIER_2, "usergroups:read", ShelfMethods::groups));
        methods.put("usergroups.users.list", new Method(Method.TIER_2, "usergroups:read", ShelfMethods::groupUsers));
        methods.put("team.info", new Method(Method.TIER_3, "team:read", ShelfMethods::team));
    }

    private static ObjectNode pin(Call call) {
        Channel channel = call.joined();
        String ts = Json.text(call.message(channel, "timestamp"), "ts");
        if (!channel.pins().add(ts)) {
            throw new SlackError("already_pinned");
        }
        return Call.ok();
    }

    private static ObjectNode unpin(Call call) {
        if (!call.joined().pins().remove(call.arguments().required("timestamp"))) {
            throw new SlackError("no_pin");
        }
        return Call.ok();
    }

    private static ObjectNode pins(Call call) {
        Channel channel = call.joined();
        ObjectNode answer = Call.ok();
        var items = answer.putArray("items");
        channel.pins().forEach(ts -> {
            ObjectNode message = channel.messages().get(ts);
            if (message != null) {
                items.addObject()
                        .put("type", "message")
                        .put("channel", channel.id())
                        .set("message", message.deepCopy());
            }
        });
        return answer;
    }

    private static ObjectNode bookmark(Call call) {
        Channel channel = call.channel("channel_id", true);
        ObjectNode bookmark = Json.object()
                .put("id", call.workspace().ids().next("Bk"))
                .put("channel_id", channel.id())
                .put("title", call.arguments().required("title"))
                .put("type", call.arguments().required("type"))
                .put("link", call.arguments().text("link"))
                .put("emoji", call.arguments().text("emoji"))
                .put("date_created", call.workspace().timestamps().seconds());
        channel.bookmarks().add(bookmark);
        return bookmarkAnswer(bookmark);
    }

    private static ObjectNode editBookmark(Call call) {
        ObjectNode bookmark = findBookmark(call);
        for (String field : new String[] {"title", "link", "emoji"}) {
            if (call.arguments().has(field)) {
                bookmark.put(field, call.arguments().text(field));
            }
        }
        return bookmarkAnswer(bookmark);
    }

    private static ObjectNode removeBookmark(Call call) {
        call.channel("channel_id", true).bookmarks().remove(findBookmark(call));
        return Call.ok();
    }

    private static ObjectNode bookmarks(Call call) {
        ObjectNode answer = Call.ok();
        var list = answer.putArray("bookmarks");
        call.channel("channel_id", true).bookmarks().forEach(bookmark -> list.add(bookmark.deepCopy()));
        return answer;
    }

    private static ObjectNode findBookmark(Call call) {
        String id = call.arguments().required("bookmark_id");
        return call.channel("channel_id", true).bookmarks().stream()
                .filter(bookmark -> Json.text(bookmark, "id").equals(id))
                .findFirst()
                .orElseThrow(() -> new SlackError("not_found"));
    }

    private static ObjectNode bookmarkAnswer(ObjectNode bookmark) {
        ObjectNode answer = Call.ok();
        answer.set("bookmark", bookmark.deepCopy());
        return answer;
    }

    private static ObjectNode emoji(Call call) {
        ObjectNode answer = Call.ok();
        answer.putObject("emoji")
                .put("slackline", "https://emoji.example.com/slackline.png")
                .put("shipit", "alias:squirrel");
        return answer.put(
                "cache_ts", Long.toString(call.workspace().timestamps().seconds()));
    }

    private static ObjectNode groups(Call call) {
        ObjectNode answer = Call.ok();
        var list = answer.putArray("usergroups");
        call.workspace().items(Workspace.USER_GROUPS).forEach(group -> list.add(group.deepCopy()));
        return answer;
    }

    private static ObjectNode groupUsers(Call call) {
        String id = call.arguments().required("usergroup");
        ObjectNode answer = Call.ok();
        answer.set(
                "users",
                call.workspace().items(Workspace.USER_GROUPS).stream()
                        .filter(group -> Json.text(group, "id").equals(id))
                        .findFirst()
                        .orElseThrow(() -> new SlackError("no_such_subteam"))
                        .path("users"));
        return answer;
    }

    private static ObjectNode team(Call call) {
        ObjectNode answer = Call.ok();
        answer.putObject("team")
                .put("id", call.workspace().id())
                .put("name", call.workspace().name())
                .put("domain", call.workspace().name())
                .put("url", "https://" + call.workspace().name() + ".slack.com/")
                .put("email_domain", "example.com")
                .putObject("icon")
                .put("image_default", true);
        return answer;
    }
}
