package dev.slackline.slack;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.SerializationException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What each of Slack's requests becomes in the queue: id, key, ordering key, headers, and Slack's own bytes as the
 * payload; the same over HTTP and over a socket, so that what comes both ways is one message. The kind of an HTTP body is
 * told by its bytes alone, because the signature covers nothing else. Stateless.
 */
public final class SlackMapping {

    static final String COMMAND = "command.";
    static final String INTERACTION = "interaction.";

    private static final String UNKNOWN = "unknown";
    private static final int TRACE_LENGTH = 55;

    private static final JsonFields EVENT_FIELDS = new JsonFields(List.of(
            "type",
            "challenge",
            "team_id",
            "enterprise_id",
            "api_app_id",
            "minute_rate_limited",
            "event_id",
            "event.type",
            "event.subtype",
            "event.channel",
            "event.channel.id",
            "event.channel_id",
            "event.item.channel",
            "event.assistant_thread.channel_id"));
    private static final JsonFields COMMAND_FIELDS =
            new JsonFields(List.of("command", "team_id", "enterprise_id", "channel_id", "trigger_id"));
    private static final JsonFields INTERACTION_FIELDS = new JsonFields(List.of(
            "type",
            "trigger_id",
            "action_ts",
            "team.id",
            "enterprise.id",
            "channel.id",
            "container.channel_id",
            "user.id",
            "user.team_id"));

    private SlackMapping() {}

    /** Tells what the genuine body of an HTTP request wants. */
    public static Incoming map(byte[] body, Arrival arrival) {
        if (startsWithBrace(body)) {
            return event(body, arrival);
        }
        Optional<FormFields> form = FormFields.parse(body);
        return form.isPresent()
                ? form(form.get(), body, arrival)
                : new Incoming.Malformed("the body is neither a JSON object nor a form");
    }

    /** Tells what a JSON object of the Events API wants. */
    public static Incoming event(byte[] body, Arrival arrival) {
        Payload payload;
        try {
            payload = Payload.parse(body);
        } catch (SerializationException e) {
            return new Incoming.Malformed(String.valueOf(e.getMessage()));
        }
        Map<String, String> fields = EVENT_FIELDS.read(body);
        String type = fields.getOrDefault("type", "");
        String challenge = fields.get("challenge");
        if (type.equals("url_verification") && challenge != null) {
            return new Incoming.Challenge(challenge);
        }
        Draft draft = new Draft(payload, arrival, type, first(fields, "team_id", "enterprise_id"));
        return switch (type) {
            case "event_callback" -> event(draft, fields, body);
            case "app_rate_limited" -> rateLimited(draft, fields, body);
            default -> draft.park(Names.hash(body));
        };
    }

    private static Incoming event(Draft draft, Map<String, String> fields, byte[] body) {
        String type = fields.getOrDefault("event.type", "");
        String subtype = fields.getOrDefault("event.subtype", "");
        String eventId = fields.getOrDefault("event_id", "");
        String id = eventId.isEmpty() ? Names.hash(Names.chars(draft.team()), body) : Names.name(eventId);
        if (type.isEmpty()) {
            return draft.park(id);
        }
        String channel = first(
                fields,
                "event.channel",
                "event.channel.id",
                "event.channel_id",
                "event.item.channel",
                "event.assistant_thread.channel_id");
        String key = Names.name("event.", subtype.isEmpty() ? type : type + "." + subtype);
        return draft.store(id, key, channel, IntakeAnswer.DURABLE);
    }

    /** One notice a minute for a team and an app; Slack's retries of it are the same notice. */
    private static Incoming rateLimited(Draft draft, Map<String, String> fields, byte[] body) {
        String minute = fields.getOrDefault("minute_rate_limited", "");
        String app = fields.getOrDefault("api_app_id", "");
        String id = minute.isEmpty() || draft.team().isEmpty()
                ? Names.hash(body)
                : Names.name("app_rate_limited/", draft.team() + "/" + minute + (app.isEmpty() ? "" : "/" + app));
        return draft.store(id, "app_rate_limited", "", IntakeAnswer.RATE_LIMIT_NOTICE);
    }

    private static Incoming form(FormFields form, byte[] body, Arrival arrival) {
        String interaction = form.get("payload");
        String command = form.get("command");
        if (interaction != null) {
            return interaction(interaction.getBytes(StandardCharsets.UTF_8), arrival);
        }
        if (command == null && "1".equals(form.get("ssl_check"))) {
            return new Incoming.SslCheck();
        }
        return command(Payload.of(form.asMap()), form::get, body, arrival);
    }

    /** Tells what the fields of a slash command, as a JSON object, want. */
    public static Incoming command(byte[] json, Arrival arrival) {
        Payload payload;
        try {
            payload = Payload.parse(json);
        } catch (SerializationException e) {
            return new Incoming.Malformed(String.valueOf(e.getMessage()));
        }
        return command(payload, COMMAND_FIELDS.read(json)::get, json, arrival);
    }

    private static Incoming command(
            Payload payload, Function<String, @Nullable String> fields, byte[] body, Arrival arrival) {
        String command = first(fields.apply("command"));
        String team = first(fields.apply("team_id"), fields.apply("enterprise_id"));
        if (command.isEmpty() || command.equals("/")) {
            return new Draft(payload, arrival, "", team).park(Names.hash(body));
        }
        String trigger = first(fields.apply("trigger_id"));
        String name = command.startsWith("/") ? command.substring(1) : command;
        return new Draft(payload, arrival, "slash_command", team)
                .store(
                        trigger.isEmpty() ? onceHash(arrival, body) : Names.name(trigger),
                        Names.name(COMMAND, name),
                        first(fields.apply("channel_id")),
                        IntakeAnswer.DURABLE);
    }

    /** Tells what the JSON object of an interaction wants. */
    public static Incoming interaction(byte[] json, Arrival arrival) {
        Payload payload;
        try {
            payload = Payload.parse(json);
        } catch (SerializationException e) {
            return new Incoming.Malformed("the payload field: " + e.getMessage());
        }
        Map<String, String> fields = INTERACTION_FIELDS.read(json);
        String type = fields.getOrDefault("type", "");
        Draft draft = new Draft(payload, arrival, type, first(fields, "team.id", "user.team_id", "enterprise.id"));
        String moment = first(fields, "trigger_id", "action_ts");
        String id = moment.isEmpty() ? onceHash(arrival, json) : Names.hash(Names.chars(type), Names.chars(moment));
        if (type.isEmpty()) {
            return draft.park(id);
        }
        String place = first(fields, "channel.id", "container.channel_id", "user.id");
        return draft.store(id, Names.name(INTERACTION, type), place, IntakeAnswer.DURABLE);
    }

    /**
     * Keeps a JSON object of no known kind, under the key {@code unknown} or {@code unknown.<type>}, for a handler or a person
     * to look at.
     *
     * @param type what Slack calls it; may be empty
     */
    public static Incoming unknown(String type, byte[] json, Arrival arrival) {
        Payload payload;
        try {
            payload = Payload.parse(json);
        } catch (SerializationException e) {
            return new Incoming.Malformed(String.valueOf(e.getMessage()));
        }
        return new Draft(payload, arrival, type, "").park(Names.hash(json));
    }

    /**
     * An id for what carries none of its own and is never sent again by Slack: the same body at another time is another
     * message, as when a user does the same thing twice.
     */
    private static String onceHash(Arrival arrival, byte[] body) {
        return Names.hash(Names.chars(arrival.occasion()), body);
    }

    private static boolean startsWithBrace(byte[] body) {
        for (byte b : body) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == '{';
            }
        }
        return false;
    }

    private static String first(Map<String, String> fields, String... paths) {
        for (String path : paths) {
            String value = fields.get(path);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    private static String first(@Nullable String... values) {
        for (String value : values) {
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    /** A message in the making; an empty type or team is one that Slack did not name. */
    private record Draft(Payload payload, Arrival arrival, String type, String team) {

        Incoming store(String id, String key, String place, IntakeAnswer answer) {
            String order = team.isEmpty() || place.isEmpty() ? team : team + "/" + place;
            return new Incoming.Storable(
                    new Message(
                            id,
                            key,
                            order.isEmpty() ? null : Names.name(order),
                            arrival.receivedAt(),
                            headers(),
                            payload),
                    answer);
        }

        Incoming park(String id) {
            return store(id, type.isEmpty() ? UNKNOWN : Names.name(UNKNOWN + ".", type), "", IntakeAnswer.PARKED);
        }

        private Map<String, String> headers() {
            Map<String, String> headers = new HashMap<>();
            put(headers, "slack-team", team);
            put(headers, "slack-type", type);
            put(headers, "slack-retry-num", arrival.retryNum());
            put(headers, "slack-retry-reason", arrival.retryReason());
            String trace = arrival.traceparent();
            if (trace != null && isTrace(trace)) {
                headers.put("traceparent", trace);
            }
            headers.put("received-at", arrival.receivedAt().toString());
            return headers;
        }

        /** A broken one would break the consumer's trace; W3C says to leave it out. */
        private static boolean isTrace(String trace) {
            return trace.length() == TRACE_LENGTH
                    && trace.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        }

        private static void put(Map<String, String> headers, String name, @Nullable String value) {
            if (value != null && !value.isEmpty()) {
                headers.put(name, Names.name(value));
            }
        }
    }
}
