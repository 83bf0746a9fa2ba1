package dev.slackline.app;

import dev.slackline.app.process.ReaderGoneException;
import dev.slackline.app.wiring.Configuration;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import dev.slackline.queue.Queue;
import dev.slackline.queue.QueueListener;
import dev.slackline.queue.SerializationException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        header = "Publishes one JSON object, or each line of stdin.",
        description = {
            "Publishes one JSON object, or each line of stdin, and prints the id of each message once it is durable.",
            "A line that cannot be published is reported with its number and the rest goes on; the exit code is then 1."
        },
        footer = {
            "",
            "Examples:",
            "  slackline publish event.app_mention '{\"text\":\"hello\"}'",
            "  jq -c '.[]' events.json | slackline publish event.message --ordering-key T1/C1"
        })
final class PublishCommand implements Callable<Integer> {

    private final Context context;

    @Parameters(index = "0", paramLabel = "KEY", description = "The routing key, such as event.app_mention.")
    private String key = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "JSON",
            description = "The payload, a JSON object. Without it each line of stdin is one.")
    private @Nullable String json;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "The message id; a second message of one id is a duplicate and is not stored again.")
    private @Nullable String id;

    @Option(names = "--ordering-key", paramLabel = "KEY", description = "Messages that share one are handled in order.")
    private @Nullable String orderingKey;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME=VALUE",
            description = "A header; may be given several times.")
    private Map<String, String> headers = new LinkedHashMap<>();

    PublishCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String payload = json;
        if (payload == null && id != null) {
            throw new UsageException("--id names one message; give its JSON as well, rather than lines of stdin");
        }
        message(Payload.of(Map.of())); // wrong names are found before anything is opened
        Payload only = payload == null ? null : parsed(payload);
        Configuration configuration = Configuration.load(context.env().get());
        try (Queue queue = configuration.openWithGroups(new QueueListener() {})) {
            if (only != null) {
                context.terminal().result(queue.publish(message(only)).join().id());
                return 0;
            }
            if (context.terminal().asksPeople()) {
                context.terminal().say("Type one JSON object a line; end with Ctrl-D.");
            }
            return publishLines(queue) ? 0 : 1;
        }
    }

    private boolean publishLines(Queue queue) {
        try {
            return new PublishedLines(queue, this::message, context.terminal())
                    .publish(context.terminal().in());
        } catch (IOException e) {
            throw new FailedException("stdin cannot be read (" + e.getMessage() + ")", e);
        } catch (CompletionException e) {
            if (e.getCause() instanceof ReaderGoneException gone) {
                throw new FailedException("stdout was closed; not every line was published", gone);
            }
            throw e;
        }
    }

    private Payload parsed(String text) {
        try {
            return Payload.parse(text);
        } catch (SerializationException e) {
            throw new UsageException(e.getMessage() + "; write it like '{\"text\":\"hello\"}'");
        }
    }

    private Message message(Payload payload) {
        try {
            Message message =
                    Message.of(key, payload).withOrderingKey(orderingKey).withHeaders(headers);
            return id == null ? message : message.withId(id);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }
}
