package dev.slackline.app;

import dev.slackline.app.process.Json;
import dev.slackline.app.process.Table;
import dev.slackline.app.process.Terminal;
import dev.slackline.queue.DeadLetter;
import dev.slackline.queue.DeadLetters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "Lists the dead letters of a group.",
        description = "Lists the dead letters of a group, in order of death, without their payloads.",
        footer = {"", "Example:", "  slackline dead list --group bots"})
final class DeadListCommand implements Callable<Integer> {

    private static final int PAGE = 500;

    private final Context context;

    @Mixin
    private DeadOptions options = new DeadOptions();

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    DeadListCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Terminal terminal = context.terminal();
        return options.with(context, dead -> {
            if (json) {
                pages(dead, page -> page.forEach(letter -> terminal.result(Json.text(object(letter)))));
            } else {
                long[] count = {0};
                pages(dead, page -> {
                    table(page, count[0] == 0).forEach(terminal::result);
                    count[0] += page.size();
                });
                terminal.say(count[0] + (count[0] == 1 ? " dead letter" : " dead letters") + " in the group '"
                        + options.group() + "'");
            }
            return 0;
        });
    }

    private static void pages(DeadLetters dead, Consumer<List<DeadLetter>> use) {
        String after = null;
        List<DeadLetter> page;
        do {
            page = page(dead, after);
            if (!page.isEmpty()) {
                use.accept(page);
                after = page.get(page.size() - 1).message().id();
            }
        } while (page.size() == PAGE);
    }

    private static List<DeadLetter> page(DeadLetters dead, @Nullable String after) {
        return dead.list(after, PAGE).toCompletableFuture().join();
    }

    private static List<String> table(List<DeadLetter> page, boolean titles) {
        Table table = new Table("ID", "KEY", "DIED", "ATTEMPTS", "REASON");
        for (DeadLetter letter : page) {
            table.row(
                    letter.message().id(),
                    letter.message().key(),
                    letter.last().at(),
                    letter.last().attempts(),
                    letter.last().reason());
        }
        List<String> lines = table.lines();
        return titles ? lines : lines.subList(1, lines.size());
    }

    private static Map<String, Object> object(DeadLetter letter) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("id", letter.message().id());
        object.put("key", letter.message().key());
        object.put("group", letter.group());
        object.put("publishedAt", letter.message().publishedAt().toString());
        object.put("diedAt", letter.last().at().toString());
        object.put("attempts", letter.last().attempts());
        object.put("deaths", letter.deaths().size());
        object.put("reason", letter.last().reason());
        return object;
    }
}
