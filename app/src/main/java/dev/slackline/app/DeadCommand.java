package dev.slackline.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "dead",
        mixinStandardHelpOptions = true,
        header = "Lists, shows, replays and drops dead letters.",
        synopsisSubcommandLabel = "list|show|replay|drop",
        description =
                "Dead letters: messages that a group failed at for good. They stay until you replay or drop them.",
        footer = {
            "",
            "Examples:",
            "  slackline dead list --group bots",
            "  slackline dead show Ev08ABC --group bots",
            "  slackline dead replay --all --group bots"
        })
final class DeadCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        CommandLine commandLine = spec.commandLine();
        throw new ParameterException(commandLine, "Which of list, show, replay and drop?");
    }
}
