package dev.slackline.app;

import dev.slackline.app.process.Json;
import dev.slackline.app.process.Table;
import dev.slackline.app.process.Terminal;
import dev.slackline.app.wiring.Catalog;
import dev.slackline.app.wiring.ConfigReport;
import dev.slackline.app.wiring.ConfigReport.Line;
import dev.slackline.app.wiring.SettingsDocument;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        header = "Shows every setting, its value and where that came from.",
        description = {
            "Shows every setting, its value and where that came from; secrets are hidden.",
            "Settings come from the environment, or from a file .env in the working folder; NAME_FILE=path reads the"
                    + " value of NAME from a file. Exit code 2 if a value that counts is wrong."
        },
        footer = {"", "Example:", "  QUEUE_LEASE=2m slackline config"})
final class ConfigCommand implements Callable<Integer> {

    private final Context context;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Option(names = "--markdown", description = "The documentation of all settings instead of their values.")
    private boolean markdown;

    ConfigCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Terminal terminal = context.terminal();
        if (markdown) {
            SettingsDocument.lines(Catalog.sections()).forEach(terminal::result);
            return 0;
        }
        ConfigReport report = ConfigReport.of(context.env().get());
        if (json) {
            report.lines().forEach(line -> terminal.result(Json.text(object(line))));
        } else {
            Table table = new Table("SETTING", "VALUE", "FROM", "MEANS");
            report.lines().forEach(line -> table.row(line.name(), line.value(), line.source(), line.description()));
            table.lines().forEach(terminal::result);
        }
        report.warnings().forEach(warning -> terminal.say("Note: " + warning));
        report.problems().forEach(problem -> terminal.say("slackline: " + problem));
        return report.problems().isEmpty() ? 0 : 2;
    }

    private static Map<String, Object> object(Line line) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", line.name());
        object.put("value", line.value());
        object.put("source", line.source());
        object.put("description", line.description());
        return object;
    }
}
