package dev.slackline.slack.handler;

import dev.slackline.queue.Payload;
import dev.slackline.slack.event.InteractionType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a handler says in Slack's acknowledgement, and what is to be done when that has gone out already. Immutable.
 *
 * <p>An answer that comes too late is never dropped in silence: the handler given to {@link #ifTooLate} is called; without
 * one, the text for a slash command goes to its {@code response_url}, options are left out of the menu with a line in the
 * log, and anything else makes the message a dead letter that says so.
 */
public final class Answer {

    private static final Answer NOTHING = new Answer(null, false, null);

    private final @Nullable Map<String, Object> content;
    private final boolean refusal;
    private final @Nullable SlackHandler late;

    private Answer(@Nullable Map<String, Object> content, boolean refusal, @Nullable SlackHandler late) {
        this.content = content;
        this.refusal = refusal;
        this.late = late;
    }

    /** Nothing to say: the plain acknowledgement, at once. A form closes. */
    public static Answer nothing() {
        return NOTHING;
    }

    /**
     * Refuses a form.
     *
     * @param errors what is wrong, by the {@code block_id} of the block it is wrong in
     */
    public static Answer errors(Map<String, String> errors) {
        return new Answer(Map.of("response_action", "errors", "errors", Map.copyOf(errors)), true, null);
    }

    /** {@link #errors(Map)} for one block. */
    public static Answer error(String block, String text) {
        return errors(Map.of(block, text));
    }

    /** Closes every form of the stack. */
    public static Answer clear() {
        return new Answer(Map.of("response_action", "clear"), false, null);
    }

    /** Shows another form in place of this one. */
    public static Answer update(Map<String, ?> view) {
        return new Answer(Map.of("response_action", "update", "view", view), false, null);
    }

    /** Shows another form on top of this one. */
    public static Answer push(Map<String, ?> view) {
        return new Answer(Map.of("response_action", "push", "view", view), false, null);
    }

    /** The options of a menu: at most 100, the text that is shown to the value that is chosen, in their order. */
    public static Answer options(Map<String, String> valuesByText) {
        List<Map<String, Object>> options = valuesByText.entrySet().stream()
                .map(each -> Map.of(
                        "text", Map.of("type", "plain_text", "text", each.getKey()), "value", (Object) each.getValue()))
                .toList();
        return new Answer(Map.of("options", options), false, null);
    }

    /** A text for who typed the slash command, which nobody else sees. */
    public static Answer text(String text) {
        return new Answer(Map.of("response_type", "ephemeral", "text", text), false, null);
    }

    /** A text for the channel in which the slash command was typed. */
    public static Answer inChannel(String text) {
        return new Answer(Map.of("response_type", "in_channel", "text", text), false, null);
    }

    /** Any other JSON object that Slack takes. */
    public static Answer of(Map<String, ?> content) {
        return new Answer(new LinkedHashMap<>(content), "errors".equals(content.get("response_action")), null);
    }

    /** What to do when the acknowledgement has gone out without this answer. */
    public Answer ifTooLate(SlackHandler handler) {
        return new Answer(content, refusal, handler);
    }

    Optional<Payload> payload() {
        return Optional.ofNullable(content).map(Payload::of);
    }

    /** Whether it refuses a form: what was to be done with that is not done. */
    boolean isRefusal() {
        return refusal;
    }

    /** What to do when it was too late; null when there is nothing that anybody would miss. */
    @Nullable
    SlackHandler whenTooLate() {
        Map<String, Object> unsaid = content;
        if (late != null || unsaid == null) {
            return late;
        }
        if (unsaid.containsKey("text") || unsaid.containsKey("blocks")) {
            return (event, slack) -> slack.respond(unsaid);
        }
        return (event, slack) -> {
            if (!event.type().equals(InteractionType.BLOCK_SUGGESTION.type())) {
                throw new TooLateException();
            }
            Dispatcher.log.warn(
                    "options came too late for their menu message_id={}",
                    event.message().id());
        };
    }
}
