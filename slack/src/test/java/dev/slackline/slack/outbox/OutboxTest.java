package dev.slackline.slack.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.memory.MemoryProvider;
import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.outbox.FakeWorkspace.Fault;
import dev.slackline.slack.outbox.FakeWorkspace.Stored;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Posts arrive once, in order, whatever happens on the way (rule 28). */
class OutboxTest implements OutboxListener {

    private static final OutboxSettings SETTINGS = new OutboxSettings(8, Duration.ofMillis(50));

    private final BlockingQueue<Posted> posted = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> refused = new LinkedBlockingQueue<>();
    private FakeWorkspace workspace;
    private SlackApi slack;
    private Queue queue;
    private Outbox outbox;
    private Postman postman;

    @BeforeEach
    void open() throws IOException {
        workspace = new FakeWorkspace();
        slack = SlackApi.open(workspace.slack.settings());
        queue = memoryQueue();
        queue.declareGroups().toCompletableFuture().join();
        outbox = new Outbox(queue);
        postman = Postman.start(queue, slack, SETTINGS, this);
    }

    @AfterEach
    void close() {
        postman.close();
        queue.close();
        slack.close();
        workspace.close();
    }

    @Override
    public void posted(Posted news) {
        posted.add(news);
    }

    @Override
    public void refused(String id, String reason) {
        refused.add(id + ": " + reason);
    }

    @Test
    void aPostArrivesWithItsArgumentsAndAMarkBesideMetadataOfItsOwn() throws InterruptedException {
        Post post = Post.of("T1", "C1", "hello")
                .inThread("99.1")
                .with("metadata", Map.of("event_type", "deploy", "event_payload", Map.of("stage", "live")));
        assertThat(outbox.post(post).join()).isEqualTo(post.id());

        Posted news = next();
        Stored stored = workspace.stored().get(0);
        assertThat(news).isEqualTo(new Posted(post.id(), "C1", stored.ts()));
        assertThat(stored.text()).isEqualTo("hello");
        assertThat(stored.thread()).isEqualTo("99.1");
        assertThat(stored.metadata())
                .isEqualTo(Map.of(
                        "event_type", "deploy", "event_payload", Map.of("stage", "live", "slackline_id", post.id())));
        assertThat(workspace.slack.calls()).hasSize(1);
    }

    @Test
    void onePostOfAnIdIsMade() throws InterruptedException {
        Post post = Post.of("T1", "C1", "once").withId("order-7");
        outbox.post(post).join();
        outbox.post(post).join();
        outbox.post(Post.of("T1", "C1", "after")).join();
        next();
        next();

        assertThat(workspace.texts("C1")).containsExactly("once", "after");
    }

    @Test
    void whatMayHaveArrivedIsLookedForBeforeItIsPostedAgain() throws InterruptedException {
        for (Fault fault : List.of(Fault.ERROR_BEFORE, Fault.ERROR_AFTER, Fault.CUT_BEFORE, Fault.CUT_AFTER)) {
            String channel = "C" + fault.name().replace("_", "");
            workspace.next(fault);
            outbox.post(Post.of("T1", channel, fault.name())).join();

            Posted news = next();
            assertThat(news.channel()).isEqualTo(channel);
            assertThat(workspace.texts(channel)).as(fault.name()).containsExactly(fault.name());
        }
        assertThat(workspace.slack.calls("conversations.history")).hasSize(4);
        assertThat(workspace.slack.calls("chat.postMessage")).hasSize(6);
    }

    @Test
    void anAnswerInAThreadIsLookedForInItAndADirectMessageInItsConversation() throws InterruptedException {
        workspace.next(Fault.CUT_AFTER);
        outbox.post(Post.of("T1", "C1", "reply").inThread("99.1")).join();
        next();
        workspace.next(Fault.CUT_AFTER);
        outbox.post(Post.of("T1", "U7", "direct")).join();

        assertThat(next().channel()).isEqualTo("D7");
        assertThat(workspace.stored()).hasSize(2);
        assertThat(workspace.slack.calls("conversations.replies").get(0).argument("ts"))
                .isEqualTo("99.1");
    }

    @Test
    void aPostIsFoundOnALaterPage() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            outbox.post(Post.of("T1", "C1", "m" + i)).join();
        }
        next();
        next();
        next();
        workspace.next(Fault.ERROR_AFTER);
        outbox.post(Post.of("T1", "C1", "last")).join();
        next();

        assertThat(workspace.texts("C1")).containsExactly("m0", "m1", "m2", "last");
        assertThat(workspace.slack.calls("conversations.history")).hasSize(2);
    }

    @Test
    void laterPostsOfAChannelWaitForTheOneThatFailsAndOtherChannelsDoNot() throws InterruptedException {
        workspace.next(Fault.ERROR_BEFORE, Fault.LIMITED);
        outbox.post(Post.of("T1", "C1", "first")).join();
        outbox.post(Post.of("T1", "C1", "second")).join();
        outbox.post(Post.of("T1", "C1", "third")).join();
        next();
        next();
        next();

        assertThat(workspace.texts("C1")).containsExactly("first", "second", "third");
    }

    @Test
    void aRefusalIsADeadLetterThatSaysWhyAndTheNextPostGoesOn() throws InterruptedException {
        workspace.refusePosts("channel_not_found");
        Post lost = Post.of("T1", "C1", "lost");
        outbox.post(lost).join();
        assertThat(refusal()).startsWith(lost.id() + ": chat.postMessage failed: channel_not_found; there is no such");
        workspace.refusePosts(null);
        outbox.post(Post.of("T1", "C1", "next")).join();
        next();

        DeadLetter letter = queue.group(Outbox.GROUP)
                .deadLetters()
                .show(lost.id())
                .toCompletableFuture()
                .join()
                .orElseThrow();
        assertThat(letter.last().reason()).contains("channel_not_found");
        queue.group(Outbox.GROUP)
                .deadLetters()
                .replay(List.of(lost.id()))
                .toCompletableFuture()
                .join();
        assertThat(next().id()).isEqualTo(lost.id());
        assertThat(workspace.texts("C1")).containsExactly("next", "lost");
        assertThat(workspace.slack.calls("conversations.history"))
                .as("a replay looks first")
                .hasSize(1);
    }

    @Test
    void whatCannotBeLookedForIsNotPostedAgain() throws InterruptedException {
        workspace.refuseHistory("missing_scope");
        workspace.next(Fault.CUT_AFTER);
        Post post = Post.of("T1", "C1", "once");
        outbox.post(post).join();

        assertThat(refusal())
                .contains("nobody knows whether it was posted")
                .contains("conversations.history failed: missing_scope");
        assertThat(workspace.texts("C1")).containsExactly("once");
        workspace.refuseHistory(null);
        queue.group(Outbox.GROUP)
                .deadLetters()
                .replayAll()
                .toCompletableFuture()
                .join();
        assertThat(next().id()).isEqualTo(post.id());
        assertThat(workspace.texts("C1")).containsExactly("once");
    }

    @Test
    void whatIsUnclearWhenAPostmanEndsIsLookedForByTheNext() throws InterruptedException {
        workspace.refuseHistory("service_unavailable");
        workspace.next(Fault.CUT_AFTER);
        outbox.post(Post.of("T1", "C1", "once")).join();
        outbox.post(Post.of("T1", "C1", "then")).join();
        while (workspace.slack.calls("conversations.history").isEmpty()) {
            assertThat(posted.poll(5, TimeUnit.MILLISECONDS)).isNull();
        }
        postman.close();
        workspace.refuseHistory(null);
        postman = Postman.start(queue, slack, SETTINGS, this);
        next();
        next();

        assertThat(workspace.texts("C1")).containsExactly("once", "then");
    }

    @Test
    void aNameIsNoChannel() {
        assertThatThrownBy(() -> Post.of("T1", "#general", "x")).hasMessageContaining("not a name");
        assertThatThrownBy(() -> Post.of("T 1", "C1", "x")).isInstanceOf(IllegalArgumentException.class);
    }

    private Posted next() throws InterruptedException {
        Posted news = posted.poll(30, TimeUnit.SECONDS);
        assertThat(news).as("refused: " + refused).isNotNull();
        return news;
    }

    private String refusal() throws InterruptedException {
        String news = refused.poll(30, TimeUnit.SECONDS);
        assertThat(news).isNotNull();
        return news;
    }

    private static Queue memoryQueue() {
        MemoryProvider provider = new MemoryProvider();
        List<Setting<?>> declared = new ArrayList<>(QueueSettings.ALL);
        declared.addAll(provider.settings());
        Settings settings = Settings.parse(Map.of("QUEUE_GROUPS", Outbox.GROUP), declared);
        QueueSettings portable = Outbox.suited(QueueSettings.from(settings), provider.capabilities(), SETTINGS);
        return Queue.of(
                provider.open(new QueueBackendProvider.Opening(settings, portable, InstantSource.system())), portable);
    }
}
