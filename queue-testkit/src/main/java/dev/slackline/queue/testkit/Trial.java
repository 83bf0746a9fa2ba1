package dev.slackline.queue.testkit;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Feature;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider.Opening;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Status;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.testkit.broker.FaultyProxy;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * One case tried on one backend: a private topic, what is opened on it, and the ledger of it. Test methods of the kit
 * take it as their parameter; it is checked and closed after them. Names are random (rule R3). Used by one thread.
 */
public final class Trial {

    private final BackendHarness harness;
    private final Map<String, String> settings = new HashMap<>();
    private final SettableClock clock = new SettableClock();
    private final Ledger ledger = new Ledger();
    private final Random random;
    private final List<Queue> opened = new ArrayList<>();
    private final List<RecordingBackend> backends = new ArrayList<>();
    private final List<CollectingSubscriber> members = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final AtomicInteger created = new AtomicInteger();
    private UnaryOperator<QueueBackend> disturbance = backend -> backend;
    private @Nullable Queue queue;
    private @Nullable Queue colleague;
    private @Nullable String group;
    private @Nullable FaultyProxy proxy;
    private boolean faulty;

    Trial(BackendHarness harness, long seed) {
        this.harness = harness;
        this.random = new Random(seed);
        this.settings.putAll(harness.newTopic());
        this.settings.put("QUEUE_RETRY_BACKOFF", "20ms");
    }

    /** Chooses a setting; before anything is opened. */
    public Trial set(Setting<?> setting, String value) {
        settings.put(setting.name(), value);
        return this;
    }

    /** Tries another topic than a usual new one; before anything is opened. */
    Trial on(Map<String, String> topic) {
        settings.putAll(topic);
        return this;
    }

    /** Puts something between the queue and the backend that is opened next; the ledger sees what the backend does. */
    Trial disturbedBy(UnaryOperator<QueueBackend> wrapper) {
        disturbance = wrapper;
        return this;
    }

    /** Every setting the topic is opened with, {@code QUEUE_BACKEND} too: what another process must be given. */
    public Map<String, String> settings() {
        Map<String, String> all = new HashMap<>(settings);
        all.put(QueueSettings.BACKEND.name(), harness.provider().name());
        return all;
    }

    /** What is told of the backend. */
    public BackendHarness harness() {
        return harness;
    }

    /** The clock of every backend that is opened here. */
    public SettableClock clock() {
        return clock;
    }

    /** What was promised and kept so far. */
    public Ledger ledger() {
        return ledger;
    }

    /** Chance, from the seed that the report names. */
    public Random random() {
        return random;
    }

    /** Whether the backend claims the ability. */
    public boolean has(Feature feature) {
        return harness.expected().has(feature);
    }

    /** Skips the case where the backend lacks the ability. */
    public void requires(Feature feature) {
        if (!has(feature)) {
            throw skipped("the backend lacks " + feature + ": " + feature.meaning());
        }
    }

    /**
     * The broker, for a case that ill-treats it. Skips where there is none. What is opened on the topic is closed before
     * the end check, and the broker runs again.
     */
    BrokerHarness broker() {
        faulty = true;
        ledger.ackedMayRepeat();
        return harness.broker()
                .orElseThrow(() -> skipped(
                        harness.isEmbedded()
                                ? "not applicable: embedded, no broker process"
                                : "not fault-tested: the harness controls no broker"));
    }

    /** Puts a proxy before the broker, for everything that is opened from here on. Skips where there is no broker. */
    FaultyProxy proxy() {
        FaultyProxy current = proxy;
        if (current == null) {
            BrokerHarness broker = broker();
            current = FaultyProxy.to(broker.control().address(), random.nextLong());
            settings.putAll(broker.at(current.address()));
            proxy = current;
        }
        return current;
    }

    /** Ends every fault that is left. */
    void heal() {
        if (proxy != null) {
            proxy.heal();
        }
        harness.broker().map(BrokerHarness::control).ifPresent(control -> {
            if (control.isRunning()) {
                control.unpause();
            }
            control.start();
        });
    }

    /** What a case throws that does not apply. */
    static TestAbortedException skipped(String why) {
        return new TestAbortedException(why);
    }

    /** Adds a remark to the report. */
    public void note(String remark) {
        notes.add(remark);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    /** The queue, opened on the first call. */
    public Queue queue() {
        Queue current = queue;
        if (current == null) {
            current = open();
            queue = current;
        }
        return current;
    }

    /** The backend under {@link #queue()}, with what it does written into the ledger. */
    public QueueBackend backend() {
        queue();
        return backends.get(0);
    }

    /** One more queue on the same topic, as another process would have it. Skips where the backend cannot. */
    public Queue another() {
        requires(Feature.MULTI_PROCESS);
        return open();
    }

    /** A queue for the other members of a group: on an instance of its own where the backend can, else the same. */
    public Queue colleague() {
        Queue current = colleague;
        if (current == null) {
            current = has(Feature.MULTI_PROCESS) ? open() : queue();
            colleague = current;
        }
        return current;
    }

    /** Closes the queue and opens the topic again. Skips where nothing would be left of it. */
    public Queue reopen() {
        requires(Feature.DURABLE);
        queue().close();
        Queue reopened = open();
        queue = reopened;
        return reopened;
    }

    /** Opens a backend of its own on the topic, not recorded and not closed at the end. */
    public QueueBackend openBackend() {
        return openBackend(clock);
    }

    /** A queue on the same topic with some other settings, not recorded; the caller closes it. */
    Queue openWith(Map<String, String> others) {
        return Queue.open(harness.provider(), parsed(others));
    }

    private QueueBackend openBackend(InstantSource by) {
        Settings parsed = parsed();
        return harness.provider().open(new Opening(parsed, QueueSettings.from(parsed), by));
    }

    /** What the provider says that it can do, with the settings of this trial. */
    Capabilities capabilities() {
        return harness.provider().capabilities(parsed());
    }

    /** The portable settings of what is opened here. */
    QueueSettings portable() {
        return QueueSettings.from(parsed());
    }

    /** A trial of another topic, to be closed by the caller. */
    Trial elsewhere() {
        return new Trial(harness, random.nextLong());
    }

    /** The group of the case; declared on the first call. */
    public String group() {
        String current = group;
        if (current == null) {
            current = newGroup();
            group = current;
        }
        return current;
    }

    /** Declares a group of a random name. */
    public String newGroup() {
        String name = "g" + Long.toString(random.nextLong() & Long.MAX_VALUE, 36);
        Await.result(queue().group(name).declare());
        return name;
    }

    /** A new member of the group, through {@link #queue()}; it asks for nothing yet. */
    public CollectingSubscriber join(String toGroup) {
        return join(queue(), toGroup, delivery -> {});
    }

    /** A new member of the group, through this queue, that does this with each delivery. */
    public CollectingSubscriber join(Queue through, String toGroup, Consumer<Delivery> action) {
        CollectingSubscriber member = CollectingSubscriber.to(through.consume(toGroup), action);
        members.add(member);
        return member;
    }

    /** A new member of the group at the backend itself. */
    public CollectingSubscriber joinBackend(String toGroup) {
        CollectingSubscriber member = CollectingSubscriber.to(backend().consume(toGroup));
        members.add(member);
        return member;
    }

    /** A message that was not published yet: a random id, no ordering key, a small payload with its number. */
    public Message newMessage() {
        return newMessage("{\"n\":" + created.incrementAndGet() + "}");
    }

    /** A message that was not published yet, with this payload. */
    public Message newMessage(String json) {
        return new Message(
                "m" + Long.toString(random.nextLong() & Long.MAX_VALUE, 36) + "-" + created.get(),
                "event.message",
                null,
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                Map.of(),
                Payload.parse(json));
    }

    /** Publishes and waits for the confirmation. The group of the case is declared before. */
    public Message publish(Message message) {
        group();
        return Await.result(queue().publish(message));
    }

    /** Publishes a {@link #newMessage()}. */
    public Message publish() {
        return publish(newMessage());
    }

    /** Publishes so many new messages at once, of one ordering key or none, and waits for every confirmation. */
    public List<Message> publish(int count, @Nullable String orderingKey) {
        group();
        List<CompletableFuture<Message>> publishes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            publishes.add(queue().publish(newMessage().withOrderingKey(orderingKey)));
            if (i >= 1000) {
                Await.result(publishes.get(i - 1000)); // at most 1,000 wait at once
            }
        }
        return publishes.stream().map(Await::result).toList();
    }

    /** How much waits in the group. */
    public GroupStats stats(String ofGroup) {
        return Await.result(queue().group(ofGroup).stats());
    }

    /** The end check of rule R2: whatever was confirmed is acknowledged, a dead letter, or still readable. */
    void check() {
        leaveAll();
        ledger.check();
        if (faulty) {
            heal();
            opened.forEach(Queue::close);
            backends.forEach(RecordingBackend::close);
        }
        @Nullable
        RecordingBackend reader = backends.stream()
                .filter(backend -> !backend.isClosed())
                .findFirst()
                .orElseGet(() -> has(Feature.DURABLE) && !backends.isEmpty() ? recorded(clock) : null);
        if (reader != null) {
            if (faulty) {
                awaitUp(reader);
            }
            new EndCheck(reader, ledger, clock).run();
            ledger.check();
        }
    }

    private static void awaitUp(QueueBackend backend) {
        Await.until(
                () -> "it is up again: " + backend.status(),
                Await.bound(),
                () -> backend.status().state() != Status.State.DOWN);
    }

    /** Closes everything that was opened. */
    void close() {
        leaveAll();
        opened.forEach(Queue::close);
        backends.forEach(RecordingBackend::close);
        if (proxy != null) {
            proxy.close();
        }
        if (faulty) {
            heal();
        }
    }

    private void leaveAll() {
        members.forEach(CollectingSubscriber::cancel);
        members.clear();
    }

    private Queue open() {
        return open(clock);
    }

    /** One more queue on the same topic, of a process that has another clock. Skips where the backend cannot. */
    Queue another(InstantSource otherClock) {
        requires(Feature.MULTI_PROCESS);
        return open(otherClock);
    }

    private Queue open(InstantSource by) {
        Queue fresh = Queue.of(disturbance.apply(recorded(by)), portable());
        opened.add(fresh);
        return fresh;
    }

    private RecordingBackend recorded(InstantSource by) {
        RecordingBackend recorded = new RecordingBackend(openBackend(by), ledger);
        backends.add(recorded);
        return recorded;
    }

    private Settings parsed() {
        return parsed(Map.of());
    }

    private Settings parsed(Map<String, String> others) {
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(harness.provider().settings());
        Map<String, String> all = settings();
        all.putAll(others);
        return Settings.parse(all, declared);
    }
}
