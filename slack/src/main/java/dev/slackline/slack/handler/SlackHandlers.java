package dev.slackline.slack.handler;

import dev.slackline.queue.Queue;
import dev.slackline.queue.Worker;
import dev.slackline.slack.answer.AnswerDesk;
import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.event.EventType;
import dev.slackline.slack.event.InteractionType;
import dev.slackline.slack.event.KeyPattern;
import dev.slackline.slack.event.SlackEvent;
import dev.slackline.slack.outbox.Outbox;
import dev.slackline.slack.outbox.Post;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which handler takes what. Register handlers, then {@link #start} them over a group of the queue:
 *
 * <pre>{@code
 * SlackHandlers.create()
 *     .on("app_mention", (event, slack) -> slack.reply("Hello <@" + event.user() + ">"))
 *     .onCommand("/deploy", (event, slack) -> deploy(event.text()))
 *     .start(queue, "bots", api);
 * }</pre>
 *
 * <p>Every handler that takes an event is called, in the order of registration. Each has its own fate: one that fails is
 * called again, with backoff, without those that succeeded, and becomes a dead letter of its own. What no handler takes is
 * acknowledged. The app's own messages are ignored ({@link SlackEvent#isOwn}, rule 14). Not thread-safe; what is started is.
 */
public final class SlackHandlers {

    private static final int CONCURRENCY = 16;
    private static final List<String> ROOTS = List.of("event.", "command.", "interaction.");

    private final List<Route> routes = new ArrayList<>();
    private final List<Middleware> middleware = new ArrayList<>();
    private boolean ownToo;
    private int concurrency = CONCURRENCY;
    private @Nullable AnswerDesk desk;
    private @Nullable Posts posts;

    private SlackHandlers() {}

    /** No handlers yet. */
    public static SlackHandlers create() {
        return new SlackHandlers();
    }

    /**
     * Takes events by type ({@code app_mention}, with any subtype or none), by type and subtype ({@code
     * message.channel_join}), or anything by its key, {@code *} for any characters: {@code message.*}, {@code
     * interaction.view_closed}, {@code command.*}, {@code *}.
     */
    public SlackHandlers on(String pattern, SlackHandler handler) {
        boolean whole = pattern.startsWith("*") || ROOTS.stream().anyMatch(pattern::startsWith) || isOuter(pattern);
        String key = whole ? pattern : "event." + pattern;
        return add(pattern, List.of(KeyPattern.of(key), KeyPattern.of(key + ".*")), event -> true, handler);
    }

    /** Takes events of a type, with any subtype or none. */
    public SlackHandlers on(EventType type, SlackHandler handler) {
        return on(type.type(), handler);
    }

    /** Takes what people write, wherever the app sees it. */
    public SlackHandlers onMessage(SlackHandler handler) {
        return onMessage(MessageFilter.written(), handler);
    }

    /** Takes messages that pass a filter. */
    public SlackHandlers onMessage(MessageFilter filter, SlackHandler handler) {
        String key = EventType.MESSAGE.key();
        return add("message", List.of(KeyPattern.of(key), KeyPattern.of(key + ".*")), filter::matches, handler);
    }

    /**
     * Takes a slash command.
     *
     * @param command {@code /deploy}
     */
    public SlackHandlers onCommand(String command, SlackHandler handler) {
        return add(command, List.of(commandKey(command)), event -> true, handler);
    }

    /**
     * Takes the use of a button, a menu or another element.
     *
     * @param actionId its {@code action_id}, or a pattern with *
     */
    public SlackHandlers onAction(String actionId, SlackHandler handler) {
        return add("action " + actionId, List.of(key(InteractionType.BLOCK_ACTIONS)), hasAction(actionId), handler);
    }

    /**
     * Takes submitted forms. With an {@link #answerView} for the same form it is called when that did not refuse it.
     *
     * @param callbackId the form's {@code callback_id}, or a pattern with *
     */
    public SlackHandlers onView(String callbackId, SlackHandler handler) {
        return add("view " + callbackId, List.of(key(InteractionType.VIEW_SUBMISSION)), isCalled(callbackId), handler);
    }

    /** Takes forms that were closed, of those that ask to be told. */
    public SlackHandlers onViewClosed(String callbackId, SlackHandler handler) {
        return add("closed " + callbackId, List.of(key(InteractionType.VIEW_CLOSED)), isCalled(callbackId), handler);
    }

    /**
     * Takes shortcuts, global ones and those on messages.
     *
     * @param callbackId theirs, or a pattern with *
     */
    public SlackHandlers onShortcut(String callbackId, SlackHandler handler) {
        List<KeyPattern> keys = List.of(key(InteractionType.SHORTCUT), key(InteractionType.MESSAGE_ACTION));
        return add("shortcut " + callbackId, keys, isCalled(callbackId), handler);
    }

    /**
     * Answers a slash command in Slack's acknowledgement. The command's key must be among {@code SLACK_ANSWER_KEYS} of the
     * intake if that is another process. Too late, the text goes to the {@code response_url}.
     */
    public SlackHandlers answerCommand(String command, AnsweringHandler handler) {
        return answer("answer " + command, commandKey(command), event -> true, handler);
    }

    /** Answers a submitted form in Slack's acknowledgement: {@link Answer#errors}, {@link Answer#update}, nothing. */
    public SlackHandlers answerView(String callbackId, AnsweringHandler handler) {
        return answer("answer " + callbackId, key(InteractionType.VIEW_SUBMISSION), isCalled(callbackId), handler);
    }

    /**
     * Answers a menu that wants its options.
     *
     * @param actionId the menu's {@code action_id}, or a pattern with *
     */
    public SlackHandlers answerOptions(String actionId, AnsweringHandler handler) {
        return answer("options " + actionId, key(InteractionType.BLOCK_SUGGESTION), hasAction(actionId), handler);
    }

    /**
     * Gives the handler that was registered last a name of its own. A handler that failed is called again by its name, also
     * by the next version of the program; without this, the name comes from what it takes, with a number for the second
     * handler that takes the same.
     *
     * @throws IllegalArgumentException if the name is taken
     * @throws IllegalStateException if there is no handler yet
     */
    public SlackHandlers named(String name) {
        if (routes.isEmpty()) {
            throw new IllegalStateException("there is no handler to be named '" + name + "' yet");
        }
        Route last = routes.remove(routes.size() - 1);
        if (isTaken(name)) {
            throw new IllegalArgumentException("there is a handler named '" + name + "' already");
        }
        routes.add(new Route(name, last.keys(), last.condition(), last.answers(), last.handler()));
        return this;
    }

    /** Runs around every call of every handler; what was added first is outermost. */
    public SlackHandlers around(Middleware newMiddleware) {
        middleware.add(newMiddleware);
        return this;
    }

    /** Runs before every call of a handler; when it throws, that is as if the handler had. */
    public SlackHandlers before(SlackHandler task) {
        return around((event, slack, next) -> {
            task.handle(event, slack);
            next.run();
        });
    }

    /** Runs after every call of a handler that succeeded. */
    public SlackHandlers after(SlackHandler task) {
        return around((event, slack, next) -> {
            next.run();
            task.handle(event, slack);
        });
    }

    /** Takes the app's own messages too. */
    public SlackHandlers withOwn() {
        ownToo = true;
        return this;
    }

    /** How many events are handled at once; 16 otherwise. */
    public SlackHandlers concurrency(int newConcurrency) {
        concurrency = newConcurrency;
        return this;
    }

    /** Answers at the desk of an intake in this process, rather than over HTTP. */
    public SlackHandlers answeringAt(AnswerDesk newDesk) {
        desk = newDesk;
        return this;
    }

    /**
     * Posts through an outbox: {@link Slack#say} and {@link Slack#reply} are then durable, and a handler that is called again
     * does not post again what it has posted.
     */
    public SlackHandlers postingThrough(Outbox outbox) {
        return postingThrough((id, team, channel, arguments) -> outbox.post(new Post(id, team, channel, arguments)));
    }

    /** {@link #postingThrough(Outbox)}, unless these handlers have been given an outbox already. */
    public SlackHandlers postingThroughUnlessTold(Outbox outbox) {
        return posts == null ? postingThrough(outbox) : this;
    }

    /** {@link #postingThrough(Outbox)} with an outbox of another kind. */
    public SlackHandlers postingThrough(Posts newPosts) {
        posts = newPosts;
        return this;
    }

    /**
     * Starts to handle what a group of the queue gets; the group is declared if it is not yet. Handlers that are registered
     * later are not taken in.
     *
     * @param api for {@link Slack}; not closed with the handlers
     */
    public RunningHandlers start(Queue queue, String group, SlackApi api) {
        Dispatcher dispatcher = new Dispatcher(
                List.copyOf(routes),
                List.copyOf(middleware),
                ownToo,
                new Answering(group, desk),
                new Slacks(api, posts),
                new Parts(queue, group));
        List<KeyPattern> answered = routes.stream()
                .filter(Route::answers)
                .flatMap(route -> route.keys().stream())
                .toList();
        AnswerDesk.Registration registration =
                desk == null || answered.isEmpty() ? null : desk.register(group, answered);
        return new RunningHandlers(Worker.start(queue, group, concurrency, dispatcher), registration);
    }

    private SlackHandlers add(
            String name, List<KeyPattern> keys, Predicate<SlackEvent> condition, SlackHandler handler) {
        routes.add(new Route(freeName(name), keys, condition, false, (event, slack) -> {
            handler.handle(event, slack);
            return Answer.nothing();
        }));
        return this;
    }

    private SlackHandlers answer(
            String name, KeyPattern key, Predicate<SlackEvent> condition, AnsweringHandler handler) {
        routes.add(new Route(freeName(name), List.of(key), condition, true, handler));
        return this;
    }

    private String freeName(String name) {
        String free = name;
        for (int number = 2; isTaken(free); number++) {
            free = name + " " + number;
        }
        return free;
    }

    private boolean isTaken(String name) {
        return routes.stream().anyMatch(route -> route.name().equals(name));
    }

    private static boolean isOuter(String pattern) {
        return pattern.equals("app_rate_limited") || pattern.equals("unknown") || pattern.startsWith("unknown.");
    }

    private static KeyPattern key(InteractionType type) {
        return KeyPattern.of(type.key());
    }

    private static KeyPattern commandKey(String command) {
        return KeyPattern.of("command." + (command.startsWith("/") ? command.substring(1) : command));
    }

    private static Predicate<SlackEvent> hasAction(String actionId) {
        KeyPattern pattern = KeyPattern.of(actionId);
        return event -> event.actions().stream().anyMatch(action -> pattern.matches(action.id()));
    }

    private static Predicate<SlackEvent> isCalled(String callbackId) {
        KeyPattern pattern = KeyPattern.of(callbackId);
        return event -> {
            String actual = event.callbackId();
            return actual != null && pattern.matches(actual);
        };
    }
}
