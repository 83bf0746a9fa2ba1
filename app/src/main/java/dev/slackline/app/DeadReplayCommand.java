package dev.slackline.app;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        header = "Puts dead letters back into their group.",
        description = "Puts dead letters back for their group alone, with a fresh attempt budget; prints how many.",
        footer = {"", "Examples:", "  slackline dead replay Ev08ABC --group bots", "  slackline dead replay --all"})
final class DeadReplayCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private DeadOptions options = new DeadOptions();

    @Mixin
    private DeadOptions.Selection selection = new DeadOptions.Selection();

    DeadReplayCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        selection.check();
        return options.with(context, dead -> {
            List<String> strangers = selection.strangers(dead);
            int replayed = (selection.all() ? dead.replayAll() : dead.replay(selection.ids()))
                    .toCompletableFuture()
                    .join();
            return selection.report(context.terminal(), options.group(), replayed, strangers);
        });
    }
}
