package dev.slackline.app;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "drop",
        mixinStandardHelpOptions = true,
        header = "Forgets dead letters for good.",
        description = "Forgets dead letters for good; prints how many. Asks first.",
        footer = {"", "Example:", "  slackline dead drop Ev08ABC --group bots --yes"})
final class DeadDropCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private DeadOptions options = new DeadOptions();

    @Mixin
    private DeadOptions.Selection selection = new DeadOptions.Selection();

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    DeadDropCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        selection.check();
        String which = selection.all() ? "every dead letter" : selection.ids().size() + " dead letters";
        if (!Consent.given(context.terminal(), yes, "Dropping " + which + " of the group '" + options.group() + "'")) {
            context.terminal().say("Nothing was dropped.");
            return 1;
        }
        return options.with(context, dead -> {
            List<String> strangers = selection.strangers(dead);
            int dropped = (selection.all() ? dead.dropAll() : dead.drop(selection.ids()))
                    .toCompletableFuture()
                    .join();
            return selection.report(context.terminal(), options.group(), dropped, strangers);
        });
    }
}
