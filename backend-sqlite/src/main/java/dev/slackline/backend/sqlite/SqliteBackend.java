package dev.slackline.backend.sqlite;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.Status;
import dev.slackline.queue.spi.PullPublisher;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/** A topic in a file: hands each call to the writer or the reader, and closes them in order. */
final class SqliteBackend implements QueueBackend {

    private static final Duration LEAVING = Duration.ofMillis(1_500);
    private static final Duration WRITING = Duration.ofSeconds(2);
    private static final Duration TELLING = Duration.ofSeconds(1);

    private final Capabilities capabilities;
    private final SqliteSettings settings;
    private final Failures failures;
    private final Completions completions = new Completions();
    private final Checkpoints checkpoints;
    private final Writer writer;
    private final Reader reader;
    private final AtomicBoolean closed = new AtomicBoolean();

    SqliteBackend(Capabilities capabilities, SqliteSettings settings, QueueSettings queue, InstantSource clock) {
        this.capabilities = capabilities;
        this.settings = settings;
        this.failures = new Failures(settings.path());
        DatabaseFile file = DatabaseFile.prepare(settings.path(), failures);
        try {
            this.checkpoints = new Checkpoints(file.open(), completions.threads());
            this.writer = new Writer(file.open(), queue, settings, clock, failures, completions, checkpoints);
            this.reader = new Reader(file.open(), writer.members(), clock, failures, completions.threads());
            writer.start();
        } catch (SQLException e) {
            throw failures.connection(
                    "the database cannot be opened: " + failures.describe(e), Failures.retryable(e), e);
        }
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
        if (closed.get()) {
            return CompletableFuture.failedStage(failures.closed());
        }
        if (writer.isOverloaded()) {
            return CompletableFuture.failedStage(failures.publish(
                    "not stored: more waits to be written than the disk takes; publish slower", true, null));
        }
        return writer.submit(new PublishWrite(message, failures));
    }

    @Override
    public Flow.Publisher<Delivery> consume(String group) {
        return new PullPublisher(
                signals -> {
                    if (closed.get()) {
                        throw failures.closed();
                    }
                    SqliteMember member = new SqliteMember(group, signals, writer);
                    writer.join(member);
                    return member;
                },
                completions.threads());
    }

    @Override
    public Group group(String name) {
        return new SqliteGroup(name, writer, reader);
    }

    @Override
    public CompletionStage<List<String>> groups() {
        return reader.groups();
    }

    @Override
    public Status status() {
        Throwable trouble = writer.trouble();
        if (closed.get()) {
            return Status.down("closed");
        }
        return trouble == null
                ? Status.up("file " + settings.path())
                : Status.down("the file " + settings.path() + " cannot be written: " + failures.describe(trouble));
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public String topic() {
        return SqliteProvider.TOPIC;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            writer.members().all().forEach(member -> member.end(failures.closed()));
            writer.members().awaitNobody(LEAVING);
            writer.stop(WRITING);
            completions.close(TELLING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            checkpoints.close();
            reader.close();
        }
    }
}
