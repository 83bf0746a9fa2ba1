package dev.slackline.app;

import dev.slackline.app.process.Json;
import dev.slackline.app.process.Table;
import dev.slackline.app.process.Terminal;
import dev.slackline.queue.Backends;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackendProvider;
import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "backends",
        mixinStandardHelpOptions = true,
        header = "Shows the installed queues and what each can do.",
        description = "Shows which queues are installed, which one QUEUE_BACKEND chooses, and what each can do.",
        footer = {"", "Example:", "  QUEUE_BACKEND=memory slackline backends"})
final class BackendsCommand implements Callable<Integer> {

    private final Context context;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    BackendsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Terminal terminal = context.terminal();
        List<QueueBackendProvider> installed = Backends.installed();
        String chosen = Settings.parse(context.env().get(), List.of(QueueSettings.BACKEND))
                .get(QueueSettings.BACKEND);
        if (json) {
            installed.forEach(backend -> terminal.result(Json.text(object(backend, chosen))));
        } else {
            table(installed, chosen).lines().forEach(terminal::result);
            terminal.result("");
            Table durability = new Table("", "A CONFIRMED MESSAGE IS");
            installed.forEach(backend ->
                    durability.row(backend.name(), backend.capabilities().durability()));
            durability.lines().forEach(terminal::result);
        }
        Backends.named(chosen); // says so when it is not installed
        return 0;
    }

    private static Table table(List<QueueBackendProvider> installed, String chosen) {
        List<String> titles = new ArrayList<>(List.of("CAN"));
        installed.forEach(backend -> titles.add(backend.name() + (backend.name().equals(chosen) ? " (chosen)" : "")));
        Table table = new Table(titles.toArray(String[]::new));
        for (Feature feature : Feature.values()) {
            List<Object> cells = new ArrayList<>(List.of(feature.meaning()));
            installed.forEach(backend -> cells.add(backend.capabilities().has(feature) ? "yes" : "no"));
            table.row(cells.toArray());
        }
        return table;
    }

    private static Map<String, Object> object(QueueBackendProvider backend, String chosen) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("backend", backend.name());
        object.put("chosen", backend.name().equals(chosen));
        object.put("durability", backend.capabilities().durability());
        object.put(
                "features",
                Arrays.stream(Feature.values())
                        .filter(backend.capabilities()::has)
                        .map(feature -> feature.name().toLowerCase(Locale.ROOT))
                        .toList());
        return object;
    }
}
