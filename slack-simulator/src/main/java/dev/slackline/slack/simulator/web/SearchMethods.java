package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Channel;
import dev.slackline.slack.simulator.state.Grant;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.SharedFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Finding what was written, for people: a bot's token may not search. */
final class SearchMethods implements Family {

    @Override
    public void register(Map<String, Method> methods) {
        methods.put("search.messages", new Method(Method.TIER_2, "search:read", SearchMethods::messages));
        methods.put("search.files", new Method(Method.TIER_2, "search:read", SearchMethods::files));
    }

    private static ObjectNode messages(Call call) {
        Query query = query(call);
        List<ObjectNode> matches = new ArrayList<>();
        for (Channel channel : call.workspace().channels()) {
            if (channel.has(call.actor()) && query.isIn(channel.name())) {
                channel.messages().values().stream()
                        .filter(message -> query.matches(Json.text(message, "text")))
                        .map(message -> match(call, channel, message))
                        .forEach(matches::add);
            }
        }
        Comparator<ObjectNode> byTime = Comparator.comparing(message -> Json.text(message, "ts"));
        matches.sort(call.arguments().text("sort_dir").equals("asc") ? byTime : byTime.reversed());
        return found(call, "messages", matches);
    }

    private static ObjectNode files(Call call) {
        Query query = query(call);
        List<ObjectNode> matches = call.world().files().of(call.workspace()).stream()
                .map(SharedFile::json)
                .filter(file -> query.matches(Json.text(file, "name") + " " + Json.text(file, "title")))
                .toList();
        return found(call, "files", matches);
    }

    private static ObjectNode found(Call call, String field, List<ObjectNode> matches) {
        ObjectNode answer = Call.ok().put("query", call.arguments().text("query"));
        Numbered.add(answer.putObject(field).put("total", matches.size()), "matches", matches, call.arguments());
        return answer;
    }

    private static ObjectNode match(Call call, Channel channel, ObjectNode message) {
        ObjectNode match = message.deepCopy();
        String ts = Json.text(message, "ts");
        match.putObject("channel").put("id", channel.id()).put("name", channel.name());
        String user = Json.text(message, "user");
        match.put(
                "username",
                call.workspace().user(user).map(found -> found.name()).orElse(""));
        return match.put(
                "permalink",
                "https://" + call.workspace().name() + ".slack.com/archives/" + channel.id() + "/p"
                        + ts.replace(".", ""));
    }

    private static Query query(Call call) {
        if (call.grant().kind() == Grant.Kind.BOT) {
            throw new SlackError("not_allowed_token_type");
        }
        String text = call.arguments().text("query");
        if (text.isBlank()) {
            throw new SlackError("No query passed");
        }
        return Query.parse(text);
    }

    /** Words that all must be there, and perhaps the channel. */
    private record Query(List<String> words, String channel) {

        static Query parse(String text) {
            List<String> words = new ArrayList<>();
            String channel = "";
            for (String word : text.toLowerCase(Locale.ROOT).replace("\"", "").split("\\s+", -1)) {
                if (word.startsWith("in:")) {
                    channel = word.substring("in:".length()).replace("#", "");
                } else if (!word.isEmpty()) {
                    words.add(word);
                }
            }
            return new Query(words, channel);
        }

        boolean isIn(String name) {
            return channel.isEmpty() || channel.equals(name);
        }

        boolean matches(String text) {
            String lower = text.toLowerCase(Locale.ROOT);
            return words.stream().allMatch(lower::contains);
        }
    }
}
