package dev.slackline.app;

import dev.slackline.app.process.Json;
import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.Message;
import dev.slackline.queue.Payload;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        header = "Shows one dead letter with its payload.",
        description =
                "Shows one dead letter as a line of JSON: the message as it was published, and each of its deaths.",
        footer = {"", "Example:", "  slackline dead show Ev08ABC --group bots | jq ."})
final class DeadShowCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private DeadOptions options = new DeadOptions();

    @Parameters(paramLabel = "ID", description = "The message id.")
    private String id = "";

    DeadShowCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        return options.with(context, dead -> {
            DeadLetter letter = dead.show(id)
                    .toCompletableFuture()
                    .join()
                    .orElseThrow(() -> new FailedException(
                            "the group '" + options.group() + "' has no dead letter '" + id + "'", null));
            context.terminal().result(Json.text(object(letter)));
            return 0;
        });
    }

    private static Map<String, Object> object(DeadLetter letter) {
        Message message = letter.message();
        List<Map<String, Object>> deaths = letter.deaths().stream()
                .<Map<String, Object>>map(death ->
                        Map.of("at", death.at().toString(), "attempts", death.attempts(), "reason", death.reason()))
                .toList();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("id", message.id());
        object.put("key", message.key());
        object.put("orderingKey", message.orderingKey());
        object.put("publishedAt", message.publishedAt().toString());
        object.put("headers", new TreeMap<>(message.headers()));
        object.put("group", letter.group());
        object.put("deaths", deaths);
        Payload payload = message.payload();
        if (payload.problem().isEmpty()) {
            object.put("payload", Json.verbatim(payload));
        } else {
            object.put("payloadBase64", Base64.getEncoder().encodeToString(payload.bytes()));
        }
        return object;
    }
}
