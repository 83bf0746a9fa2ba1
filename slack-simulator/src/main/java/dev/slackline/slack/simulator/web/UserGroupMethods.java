package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Making and changing user groups. */
final class UserGroupMethods implements Family {

    private static final String WRITE = "usergroups:write";

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("usergroups.create", new Method(Method.TIER_2, WRITE, UserGroupMethods::create));
        methods.put("usergroups.update", new Method(Method.TIER_2, WRITE, UserGroupMethods::update));
        methods.put("usergroups.users.update", new Method(Method.TIER_2, WRITE, UserGroupMethods::members));
    }

    private static ObjectNode create(Call call) {
        String name = call.arguments().required("name");
        requireFree(call, "name", name);
        requireFree(call, "handle", call.arguments().text("handle"));
        ObjectNode group = Json.object()
                .put("id", call.workspace().ids().next("S"))
                .put("team_id", call.workspace().id())
                .put("name", name)
                .put("handle", call.arguments().text("handle"))
                .put("description", call.arguments().text("description"))
                .put("date_create", call.workspace().timestamps().seconds())
                .put("user_count", 0);
        group.putArray("users");
        call.workspace().items(Workspace.USER_GROUPS).add(group);
        return answer(group);
    }

    private static ObjectNode update(Call call) {
        ObjectNode group = find(call);
        for (String field : List.of("name", "handle", "description")) {
            if (call.arguments().has(field)) {
                group.put(field, call.arguments().text(field));
            }
        }
        return answer(group);
    }

    private static ObjectNode members(Call call) {
        ObjectNode group = find(call);
        List<String> users = new ArrayList<>();
        for (String id : call.arguments().required("users").split(",", -1)) {
            users.add(call.workspace()
                    .user(id.strip())
                    .orElseThrow(() -> new SlackError("invalid_users"))
                    .id());
        }
        group.set("users", Json.array(users));
        return answer(group.put("user_count", users.size()));
    }

    private static void requireFree(Call call, String field, String value) {
        boolean taken = !value.isEmpty()
                && call.workspace().items(Workspace.USER_GROUPS).stream()
                        .anyMatch(group -> Json.text(group, field).equals(value));
        if (taken) {
            throw new SlackError(field + "_already_exists");
        }
    }

    private static ObjectNode find(Call call) {
        String id = call.arguments().required("usergroup");
        return call.workspace().items(Workspace.USER_GROUPS).stream()
                .filter(group -> Json.text(group, "id").equals(id))
                .findFirst()
                .orElseThrow(() -> new SlackError("no_such_subteam"));
    }

    private static ObjectNode answer(ObjectNode group) {
        ObjectNode answer = Call.ok();
        answer.set("usergroup", group.deepCopy());
        return answer;
    }
}
