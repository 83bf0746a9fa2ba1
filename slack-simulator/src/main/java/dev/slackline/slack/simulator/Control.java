package dev.slackline.slack.simulator;

import dev.slackline.slack.simulator.delivery.Occurrence;
import dev.slackline.slack.simulator.state.Json;
import dev.slackline.slack.simulator.state.Posted;
import dev.slackline.slack.simulator.state.View;
import dev.slackline.slack.simulator.web.RequestFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What people do, over HTTP: {@code POST /simulator/say}, {@code command}, {@code click}, {@code submit}, {@code fault} …
 * with a form or JSON, and {@code GET /simulator/state} and {@code wait}. The page and scripts use it.
 */
final class Control extends Handler.Abstract {

    private static final String PREFIX = "/simulator/";
    private static final int MAX_WAIT_SECONDS = 60;
    private static final Pattern NAME = Pattern.compile("(?<![<\\w])@([\\w.-]*\\w)");

    private final SlackSimulator slack;
    private final FaultSwitch faults;
    private final Map<String, Function<ObjectNode, ObjectNode>> actions = new LinkedHashMap<>();
    private final Map<String, Function<ObjectNode, ObjectNode>> questions = new LinkedHashMap<>();

    Control(SlackSimulator slack) {
        this.slack = slack;
        this.faults = new FaultSwitch(slack);
        actions.put("say", this::say);
        actions.put("command", this::command);
        actions.put("click", this::click);
        actions.put("submit", this::submit);
        actions.put("close", this::close);
        actions.put("react", this::react);
        actions.put("shortcut", this::shortcut);
        actions.put("home", this::home);
        actions.put("fault", faults::turn);
        questions.put("state", fields -> Snapshot.of(slack, user(fields), text(fields, "channel", "#general")));
        questions.put("wait", this::await);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        String path = Request.getPathInContext(request);
        if (!path.startsWith(PREFIX)) {
            return false;
        }
        boolean post = request.getMethod().equals("POST");
        var work = (post ? actions : questions).get(path.substring(PREFIX.length()));
        if (work == null) {
            write(
                    response,
                    callback,
                    404,
                    refusal("POST one of " + actions.keySet() + " or GET " + questions.keySet()));
        } else if (isForeign(request)) {
            write(response, callback, 403, refusal("another site may not do that"));
        } else {
            answer(work, RequestFields.of(request), response, callback);
        }
        return true;
    }

    private static void answer(
            Function<ObjectNode, ObjectNode> work, ObjectNode fields, Response response, Callback callback) {
        try {
            write(response, callback, 200, work.apply(fields).put("ok", true));
        } catch (IllegalArgumentException | IllegalStateException e) {
            write(response, callback, 400, refusal(String.valueOf(e.getMessage())));
        }
    }

    /** Whether a page of another site sends it, through the browser of somebody here. */
    private static boolean isForeign(Request request) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        return origin != null && !origin.equals("http://" + request.getHeaders().get(HttpHeader.HOST));
    }

    private ObjectNode say(ObjectNode fields) {
        Posted posted = user(fields)
                .says(
                        text(fields, "channel", "#general"),
                        mentioning(required(fields, "text")),
                        Json.textOrNull(fields, "thread_ts"));
        return told(posted.occurrences()).put("channel", posted.channel().id()).put("ts", posted.ts());
    }

    /** With whoever is called by {@code @name} as Slack writes it. */
    private String mentioning(String text) {
        return NAME.matcher(text)
                .replaceAll(called -> slack.workspace()
                        .user(called.group(1))
                        .map(user -> Matcher.quoteReplacement("<@" + user.id() + ">"))
                        .orElse(Matcher.quoteReplacement(called.group())));
    }

    private ObjectNode command(ObjectNode fields) {
        String command = required(fields, "command");
        String slashed = command.startsWith("/") ? command : "/" + command;
        return told(
                List.of(user(fields).command(slashed, Json.text(fields, "text"), text(fields, "channel", "#general"))));
    }

    private ObjectNode click(ObjectNode fields) {
        SimulatedUser user = user(fields);
        String action = required(fields, "action_id");
        String value = Json.textOrNull(fields, "value");
        return told(List.of(
                fields.has("view_id")
                        ? user.chooses(view(user, fields), action, value)
                        : user.chooses(text(fields, "channel", "#general"), required(fields, "ts"), action, value)));
    }

    private ObjectNode submit(ObjectNode fields) {
        SimulatedUser user = user(fields);
        JsonNode values = fields.path("values");
        Map<String, String> filled = new LinkedHashMap<>();
        (values.isString() ? Json.parse(values.asString("")) : values)
                .properties()
                .forEach(value -> filled.put(value.getKey(), value.getValue().asString("")));
        Occurrence submitted = user.submits(view(user, fields), filled);
        ObjectNode answer = told(List.of(submitted));
        // what was typed wrong is in the app's answer, which the page waits for as Slack does
        var attempt = submitted.awaitOutcome(Duration.ofSeconds(5));
        answer.set("answer", attempt.answer().isMissingNode() ? Json.object() : attempt.answer());
        if (!attempt.acknowledged()) {
            answer.put("error", "the app did not take it (" + attempt.failure() + ")");
        }
        return answer;
    }

    private ObjectNode close(ObjectNode fields) {
        SimulatedUser user = user(fields);
        return told(user.closes(view(user, fields)).stream().toList());
    }

    private ObjectNode react(ObjectNode fields) {
        user(fields).reacts(text(fields, "channel", "#general"), required(fields, "ts"), required(fields, "name"));
        return Json.object();
    }

    private ObjectNode shortcut(ObjectNode fields) {
        return told(List.of(user(fields).shortcut(required(fields, "callback_id"))));
    }

    private ObjectNode home(ObjectNode fields) {
        return told(user(fields).opensHome());
    }

    private ObjectNode await(ObjectNode fields) {
        int seconds = Math.min(MAX_WAIT_SECONDS, Integer.parseInt(text(fields, "timeout", "10")));
        String wanted = Json.text(fields, "text");
        String after = Json.text(fields, "after");
        ChannelMessage found = slack.awaitBotMessage(
                text(fields, "channel", "#general"),
                message -> message.text().contains(wanted) && message.ts().compareTo(after) > 0,
                Duration.ofSeconds(seconds));
        ObjectNode answer = Json.object();
        answer.set("message", found.json());
        return answer;
    }

    private SimulatedUser user(ObjectNode fields) {
        return slack.user(text(fields, "user", "ada"));
    }

    private static View view(SimulatedUser user, ObjectNode fields) {
        String id = required(fields, "view_id");
        return user.views().stream()
                .filter(view -> view.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no view " + id + " is open before " + user.name()));
    }

    private static ObjectNode told(List<Occurrence> occurrences) {
        ObjectNode answer = Json.object();
        answer.set(
                "occurrences",
                Json.array(occurrences.stream().map(Occurrence::id).toList()));
        return answer;
    }

    static String text(ObjectNode fields, String name, String otherwise) {
        String found = Json.text(fields, name);
        return found.isEmpty() ? otherwise : found;
    }

    static String required(ObjectNode fields, String name) {
        String found = Json.text(fields, name);
        if (found.isEmpty()) {
            throw new IllegalArgumentException("the field " + name + " is missing");
        }
        return found;
    }

    private static ObjectNode refusal(String why) {
        return Json.object().put("ok", false).put("error", why);
    }

    private static void write(Response response, Callback callback, int status, ObjectNode json) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        byte[] body = (Json.text(json) + "\n").getBytes(StandardCharsets.UTF_8);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
