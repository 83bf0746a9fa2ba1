package dev.slackline.app;

import dev.slackline.queue.Capabilities;
import dev.slackline.queue.DeadLetters;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Group;
import dev.slackline.queue.GroupStats;
import dev.slackline.queue.Message;
import dev.slackline.queue.QueueBackend;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueConnectionException;
import dev.slackline.queue.Status;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.config.Settings;
import dev.slackline.queue.memory.MemoryProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/** The memory backend behind a broker whose state a test sets. Opening it never fails, as of any that may come up yet. */
public final class ScriptedProvider implements QueueBackendProvider {

    /** What the broker does with whatever it is asked. */
    enum Broker {
        ANSWERS,
        UNREACHABLE,
        SILENT,
        REFUSES
    }

    static volatile Broker broker = Broker.ANSWERS;

    /** For the service loader. */
    public ScriptedProvider() {}

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of();
    }

    @Override
    public Capabilities capabilities() {
        return new MemoryProvider().capabilities();
    }

    @Override
    public QueueBackend open(Opening opening) {
        MemoryProvider memory = new MemoryProvider();
        return new Scripted(memory.open(
                new Opening(Settings.parse(Map.of(), memory.settings()), opening.queue(), opening.clock())));
    }

    private static <T> CompletionStage<T> asked(Supplier<CompletionStage<T>> answer) {
        return switch (broker) {
            case ANSWERS -> answer.get();
            case SILENT -> new CompletableFuture<>();
            case UNREACHABLE ->
                CompletableFuture.failedStage(new QueueConnectionException(
                        "the broker cannot be reached at 10.0.0.7:1234; is it running?", "scripted", "t", true, null));
            case REFUSES ->
                CompletableFuture.failedStage(new QueueConnectionException(
                        "the broker refuses the user guest; check the password", "scripted", "t", false, null));
        };
    }

    private record Scripted(QueueBackend memory) implements QueueBackend {

        @Override
        public CompletionStage<Void> publish(Message message) {
            return asked(() -> memory.publish(message));
        }

        @Override
        public Flow.Publisher<Delivery> consume(String group) {
            return memory.consume(group);
        }

        @Override
        public Group group(String name) {
            Group group = memory.group(name);
            return new Group() {
                @Override
                public CompletionStage<Void> declare() {
                    return asked(group::declare);
                }

                @Override
                public CompletionStage<Void> drop() {
                    return asked(group::drop);
                }

                @Override
                public CompletionStage<GroupStats> stats() {
                    return asked(group::stats);
                }

                @Override
                public DeadLetters deadLetters() {
                    return group.deadLetters();
                }
            };
        }

        @Override
        public CompletionStage<List<String>> groups() {
            return asked(memory::groups);
        }

        @Override
        public Status status() {
            return broker == Broker.ANSWERS ? memory.status() : Status.down("not connected");
        }

        @Override
        public Capabilities capabilities() {
            return memory.capabilities();
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
