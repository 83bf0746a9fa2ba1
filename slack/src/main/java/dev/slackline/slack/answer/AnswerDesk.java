package dev.slackline.slack.answer;

import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.slack.event.KeyPattern;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Where handlers answer: those of this process directly, those of others through its address, which stands in the headers
 * of the stored message with a token for this message alone. Exactly one of two things happens: the answer is taken into
 * the acknowledgement, or the plain acknowledgement goes out and an answer is refused as too late.
 *
 * <p>An acknowledgement waits only for groups that are known to answer its key: those that are registered here, and those
 * of other processes that answered in the last ten minutes. When nothing is known of a key, one acknowledgement a minute
 * waits to find out. It waits no longer than until each of them has answered or passed. What is waited for has no ordering
 * key: it must not stand in line behind other work of the same channel or user. Thread-safe; never blocks.
 */
public final class AnswerDesk implements Answers, AutoCloseable {

    /** The header with the address to answer to; absent when only handlers of the same process can. */
    public static final String ADDRESS_HEADER = "answer-to";

    /** The header with the token that an answer to this message must show. */
    public static final String TOKEN_HEADER = "answer-token";

    /** The path under the address that answers are posted to. */
    public static final String PATH = "/slack/answers";

    private static final int MAX_PENDING = 10_000;
    /** When it is not known who there is, somebody else may have an answer where one passes. */
    private static final Duration GRACE = Duration.ofMillis(250);

    private final Duration timeout;
    private final List<KeyPattern> keys;
    private final Tokens tokens = new Tokens();
    private final Timer timer;
    private final Interest interest;
    private final List<Registration> registered = new CopyOnWriteArrayList<>();
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();
    private volatile @Nullable String address;

    /** A desk for handlers of this process; for others as well once {@link #listensAt} has said where. */
    public AnswerDesk(AnswerSettings settings) {
        this(settings, Timer.ofSystem());
    }

    AnswerDesk(AnswerSettings settings, Timer timer) {
        this.timeout = settings.timeout();
        this.keys = settings.keys().stream().map(KeyPattern::of).toList();
        this.timer = timer;
        this.interest = new Interest(settings.timeout());
    }

    /** Says where other processes reach this one: {@code http://10.0.0.7:3000}, under which {@value #PATH} is. */
    public void listensAt(URI base) {
        address = base.resolve(PATH).toString();
    }

    /** A group whose handlers run in this process and may answer keys; acknowledgements wait for it until it is closed. */
    public Registration register(String group, List<KeyPattern> patterns) {
        Registration registration = new Registration(Message.requireGroupName(group), List.copyOf(patterns));
        registered.add(registration);
        return registration;
    }

    @Override
    public Expectation expect(Message message) {
        String key = message.key();
        Set<String> groups = here(key);
        boolean reachable = address != null && keys.stream().anyMatch(pattern -> pattern.matches(key));
        if (!reachable && groups.isEmpty()) {
            return Expectation.nothing(message);
        }
        boolean waits = !groups.isEmpty();
        if (reachable) {
            synchronized (interest) {
                groups.addAll(interest.groups(key, timer.nanos()));
                waits = !groups.isEmpty() || interest.isProbeDue(key, timer.nanos());
            }
        }
        waits = waits && pending.size() < MAX_PENDING;
        Message addressed = addressed(groups.isEmpty() ? message : message.withOrderingKey(null), waits, reachable);
        return waits ? await(addressed, groups) : Expectation.nothing(addressed);
    }

    /**
     * A group answers a message, or passes. Handlers go through {@link AnswerSender}.
     *
     * @param answer what to put into the acknowledgement; empty to pass
     * @throws IllegalArgumentException if the token is not of this message, or of another process
     */
    public AnswerOutcome answer(String token, String id, String key, String group, Optional<Payload> answer) {
        if (!tokens.isOurs(token, id, key)) {
            throw new IllegalArgumentException("the token is not of this message and this process");
        }
        Pending waiting = pending.get(id);
        boolean waited = waiting != null && !waiting.hasEnded();
        if (waited || !Tokens.waited(token)) { // one that was too slow is not waited for again at once
            synchronized (interest) {
                interest.heard(key, group, timer.nanos());
            }
        }
        if (answer.isPresent()) {
            return waiting != null && waiting.answer(answer.get()) ? AnswerOutcome.TAKEN : AnswerOutcome.TOO_LATE;
        }
        if (waiting != null) {
            waiting.pass(group);
        }
        return AnswerOutcome.NOTED;
    }

    /** Whether a token was made here for this message. */
    boolean isOurs(String token, Message message) {
        return tokens.isOurs(token, message.id(), message.key());
    }

    /** Lets every acknowledgement that waits go out plain. */
    @Override
    public void close() {
        registered.clear();
        timer.close();
        pending.values().forEach(Pending::end);
    }

    private Set<String> here(String key) {
        Set<String> groups = new HashSet<>();
        for (Registration registration : registered) {
            if (registration.patterns.stream().anyMatch(pattern -> pattern.matches(key))) {
                groups.add(registration.group);
            }
        }
        return groups;
    }

    private Message addressed(Message message, boolean waits, boolean reachable) {
        Map<String, String> headers = new HashMap<>(message.headers());
        headers.put(TOKEN_HEADER, tokens.of(message.id(), message.key(), waits));
        String to = address;
        if (reachable && to != null) {
            headers.put(ADDRESS_HEADER, to);
        }
        return message.withHeaders(headers);
    }

    private Expectation await(Message message, Set<String> groups) {
        Pending fresh = new Pending(message, groups, this::everybodyPassed);
        Pending earlier = pending.putIfAbsent(message.id(), fresh);
        if (earlier != null) {
            earlier.hold();
            return earlier;
        }
        if (!after(timeout, () -> timeUp(fresh), fresh)) {
            fresh.end();
        }
        fresh.whenEnded(() -> pending.remove(message.id(), fresh));
        return fresh;
    }

    private void everybodyPassed(Pending waiting) {
        if (!waiting.isProbing() || !after(GRACE, waiting::end, waiting)) {
            waiting.end();
        }
    }

    private void timeUp(Pending waiting) {
        if (!waiting.hasEnded()) {
            synchronized (
                    interest) { // first: whoever sees the plain acknowledgement finds that they are not waited for
                interest.silent(waiting.message().key(), waiting.silent());
            }
        }
        waiting.end();
    }

    /** False if this desk is closed. */
    private boolean after(Duration delay, Runnable task, Pending waiting) {
        Runnable cancel = timer.after(delay, task);
        if (cancel == null) {
            return false;
        }
        waiting.whenEnded(cancel);
        return true;
    }

    /** A group of this process. Closing it stops the waiting for it. Thread-safe. */
    public final class Registration implements AutoCloseable {

        private final String group;
        private final List<KeyPattern> patterns;

        private Registration(String group, List<KeyPattern> patterns) {
            this.group = group;
            this.patterns = patterns;
        }

        @Override
        public void close() {
            registered.remove(this);
        }
    }
}
