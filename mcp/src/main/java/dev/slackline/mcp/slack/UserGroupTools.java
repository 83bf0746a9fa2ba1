package dev.slackline.mcp.slack;

import static dev.slackline.mcp.Tool.Effect.ADDS;
import static dev.slackline.mcp.Tool.Effect.DESTROYS;
import static dev.slackline.mcp.Tool.Effect.READS;
import static dev.slackline.mcp.slack.Shape.list;
import static dev.slackline.mcp.slack.Shape.number;
import static dev.slackline.mcp.slack.Shape.object;
import static dev.slackline.mcp.slack.Shape.text;
import static dev.slackline.mcp.slack.Shape.texts;
import static dev.slackline.mcp.slack.SlackTool.named;

import java.util.List;

/** Groups of people who are mentioned together. */
final class UserGroupTools {

    private static final Field GROUP = Field.text("usergroup", 50, "S…, from slack_list_user_groups.");
    private static final Field NAME = Field.text("name", 200, "What people see.");
    private static final Field HANDLE = Field.text("handle", 80, "What it is mentioned by, without @.");
    private static final Field DESCRIPTION =
            Field.text("description", 500, "What it is for.").optional();

    private static final Shape A_GROUP = Shape.of(
            text("usergroup").from("id").must(),
            text("name"),
            text("handle"),
            text("description"),
            number("user_count"),
            texts("users").inDetail());

    private UserGroupTools() {}

    static List<SlackTool> all() {
        return List.of(groups(), members(), create(), update(), setMembers());
    }

    private static SlackTool groups() {
        return named("slack_list_user_groups", READS, "List user groups", "The groups that can be mentioned.")
                .takes(Field.flag("include_disabled", "Whether those that are switched off are listed too."))
                .calls("usergroups.list", "include_users", true, "include_count", true)
                .returns(list("usergroups", A_GROUP))
                .formatted();
    }

    private static SlackTool members() {
        return named("slack_user_group_members", READS, "List a user group", "The ids of those in a group.")
                .takes(GROUP)
                .calls("usergroups.users.list")
                .returns(
                        text("usergroup").from("given.usergroup").must(),
                        texts("users").must());
    }

    private static SlackTool create() {
        return named("slack_create_user_group", ADDS, "Create a user group", "Creates a group that can be mentioned.")
                .takes(NAME, HANDLE, DESCRIPTION)
                .calls("usergroups.create")
                .returns(object("group", A_GROUP).from("usergroup").must());
    }

    private static SlackTool update() {
        return named("slack_update_user_group", DESTROYS, "Change a user group", "Renames or describes a group anew.")
                .takes(GROUP, NAME.optional(), HANDLE.optional(), DESCRIPTION)
                .calls("usergroups.update")
                .returns(object("group", A_GROUP).from("usergroup").must());
    }

    private static SlackTool setMembers() {
        return named(
                        "slack_set_user_group_members",
                        DESTROYS,
                        "Set who is in a user group",
                        "Replaces all members of a group by these.")
                .takes(GROUP, Field.users("users", 500, "All who shall be in it: @name, id or mention."))
                .calls("usergroups.users.update")
                .returns(
                        text("usergroup").from("given.usergroup").must(),
                        texts("users").from("given.users").must());
    }
}
