package dev.slackline.mcp.slack;

import static dev.slackline.mcp.Tool.Effect.READS;
import static dev.slackline.mcp.slack.Shape.flag;
import static dev.slackline.mcp.slack.Shape.list;
import static dev.slackline.mcp.slack.Shape.object;
import static dev.slackline.mcp.slack.Shape.text;
import static dev.slackline.mcp.slack.Shapes.PERSON;
import static dev.slackline.mcp.slack.SlackTool.named;

import java.util.List;

/** People, and the workspace that they are in. */
final class UserTools {

    private UserTools() {}

    static List<SlackTool> all() {
        return List.of(users(), profile(), byEmail(), presence(), team(), self());
    }

    private static SlackTool users() {
        return named(
                        "slack_list_users",
                        READS,
                        "List people",
                        "Everybody in the workspace. For one by name, slack_search_users is quicker.")
                .calls("users.list")
                .returns(list("users", PERSON).from("members"))
                .paged(500, 100)
                .formatted();
    }

    private static SlackTool profile() {
        return named(
                        "slack_user_profile",
                        READS,
                        "Look at a person",
                        "Who somebody is: names, title, time zone, status.")
                .takes(Fields.USER)
                .calls("users.info")
                .returns(object("profile", PERSON).from("user").must())
                .formatted();
    }

    private static SlackTool byEmail() {
        return named("slack_find_user_by_email", READS, "Find a person by e-mail", "Who has an e-mail address.")
                .takes(Field.text("email", 250, "The whole address."))
                .calls("users.lookupByEmail")
                .returns(object("profile", PERSON).from("user").must())
                .formatted();
    }

    private static SlackTool presence() {
        return named("slack_user_presence", READS, "Presence of a person", "Whether somebody is active or away.")
                .takes(Fields.USER)
                .calls("users.getPresence")
                .returns(
                        text("user").from("given.user").must(), text("presence").must(), flag("online"));
    }

    private static SlackTool team() {
        return named("slack_team_info", READS, "Look at the workspace", "Name and address of the workspace.")
                .calls("team.info")
                .returns(
                        text("team").from("team.id").must(),
                        text("name").from("team.name"),
                        text("domain").from("team.domain"),
                        text("url").from("team.url"));
    }

    private static SlackTool self() {
        return named("slack_who_am_i", READS, "Who the app is", "As whom the tools read and write, and where.")
                .calls("auth.test")
                .returns(
                        text("user").from("user_id").must(),
                        text("name").from("user"),
                        text("bot_id"),
                        text("team").from("team_id").must(),
                        text("team_name").from("team"),
                        text("url"));
    }
}
