package dev.slackline.backend.redis;

import dev.slackline.queue.QueueConnectionException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One connection, as long as it lives. Commands are pipelined; what is not answered when it ends fails, and is not sent
 * again. Answers come on a thread of the client library, which must not be held up. Thread-safe.
 */
final class Line {

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final Map<Long, CompletableFuture<Answer>> open = new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();
    private volatile @Nullable QueueConnectionException over;

    Line(StatefulRedisConnection<byte[], byte[]> connection) {
        this.connection = connection;
    }

    /** Asks for something; text and numbers and bytes are arguments. */
    CompletableFuture<Answer> ask(ProtocolKeyword command, Object... arguments) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        for (Object argument : arguments) {
            if (argument instanceof byte[] bytes) {
                args.addValue(bytes);
            } else {
                args.add(argument.toString());
            }
        }
        return send(command, args);
    }

    /**
     * Tells the server every script before any of them runs: a command that has to be sent again in full would come behind
     * others that were sent after it. One that does not let us is told each when it is needed.
     */
    CompletableFuture<?> teach() {
        CompletableFuture<?>[] told = Stream.of(Script.values())
                .map(script -> ask(CommandType.SCRIPT, "LOAD", script.source()))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(told).exceptionally(refused -> null);
    }

    /** Runs a script, which the server is told in full if it does not know it. */
    CompletableFuture<Answer> run(Script script, List<byte[]> keys, List<byte[]> arguments) {
        return evaluate(CommandType.EVALSHA, script.digest(), keys, arguments)
                .handle((answer, error) -> error != null && Failures.isUnknownScript(error)
                        ? evaluate(CommandType.EVAL, script.source(), keys, arguments)
                        : error == null
                                ? CompletableFuture.completedFuture(answer)
                                : CompletableFuture.<Answer>failedFuture(error))
                .thenCompose(answer -> answer);
    }

    private CompletableFuture<Answer> evaluate(
            CommandType command, String script, List<byte[]> keys, List<byte[]> arguments) {
        return send(
                command,
                new CommandArgs<>(ByteArrayCodec.INSTANCE)
                        .add(script)
                        .add(keys.size())
                        .addKeys(keys)
                        .addValues(arguments));
    }

    private CompletableFuture<Answer> send(ProtocolKeyword type, CommandArgs<byte[], byte[]> args) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        long number = asked.incrementAndGet();
        open.put(number, answer);
        QueueConnectionException ended = over;
        if (ended != null) {
            open.remove(number);
            answer.completeExceptionally(ended);
            return answer;
        }
        AsyncCommand<byte[], byte[], List<Object>> command =
                new AsyncCommand<>(new Command<>(type, new NestedMultiOutput<>(ByteArrayCodec.INSTANCE), args));
        command.whenComplete((parts, error) -> {
            open.remove(number);
            if (error == null) {
                answer.complete(Answer.of(parts));
            } else {
                answer.completeExceptionally(error);
            }
        });
        connection.dispatch(command);
        return answer;
    }

    boolean isOpen() {
        return over == null && connection.isOpen();
    }

    /** Ends it. Idempotent. */
    void end(QueueConnectionException why) {
        synchronized (this) {
            if (over != null) {
                return;
            }
            over = why;
        }
        open.values().forEach(answer -> answer.completeExceptionally(why));
        open.clear();
        connection.closeAsync();
    }
}
