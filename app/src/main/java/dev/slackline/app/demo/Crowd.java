package dev.slackline.app.demo;

import dev.slackline.slack.simulator.SlackSimulator;
import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.state.Posted;
import dev.slackline.slack.simulator.state.Workspace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The people of as many workspaces as it takes to ask the bot much at once: Slack counts its limits by workspace and channel.
 * Not thread-safe.
 */
final class Crowd {

    /** A broker without deduplication costs the outbox a look for each answer, and Slack allows fifty a minute. */
    private static final int MENTIONS_EACH = 25;

    private static final int CHANNELS_EACH = 20;

    private record Mention(String event, Workspace workspace, String channel, String ts) {}

    private final SlackSimulator slack;
    private final List<Mention> mentions = new ArrayList<>();
    private Workspace workspace;

    Crowd(SlackSimulator slack) {
        this.slack = slack;
        this.workspace = slack.workspace();
        channels().forEach(slack::addChannel);
    }

    /** How many workspaces there are. */
    int workspaces() {
        return slack.workspaces().size();
    }

    /** What the question of this number ends with. */
    static String question(int number) {
        return "question " + number;
    }

    /** Lets somebody mention the bot. Answers the event that Slack tells of it. */
    Occurrence mention() {
        int number = mentions.size();
        if (number > 0 && number % MENTIONS_EACH == 0) {
            workspace =
                    slack.addWorkspace("demo-" + (workspaces() + 1), channels().toArray(String[]::new));
        }
        String channel = channel(number % CHANNELS_EACH);
        String text = "<@" + workspace.bot().id() + "> " + question(number);
        Posted posted = slack.user(workspace, "ada").says(channel, text);
        Occurrence event = posted.occurrences().get(0);
        mentions.add(new Mention(event.id(), workspace, channel, posted.ts()));
        return event;
    }

    /** How many answers of the bot stand in the thread of each mention, by the id of its event. */
    Map<String, Integer> answers() {
        Map<String, Integer> byThread = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (Mention mention : mentions) {
            if (seen.add(mention.workspace.id() + mention.channel)) {
                slack.messages(mention.workspace, mention.channel).stream()
                        .filter(message -> message.isFromBot() && message.threadTs() != null)
                        .forEach(message ->
                                byThread.merge(mention.workspace.id() + message.threadTs(), 1, Integer::sum));
            }
        }
        Map<String, Integer> answers = new HashMap<>();
        mentions.forEach(
                mention -> answers.put(mention.event, byThread.getOrDefault(mention.workspace.id() + mention.ts, 0)));
        return answers;
    }

    private static List<String> channels() {
        return IntStream.range(0, CHANNELS_EACH).mapToObj(Crowd::channel).toList();
    }

    private static String channel(int number) {
        return "team-" + number;
    }
}
