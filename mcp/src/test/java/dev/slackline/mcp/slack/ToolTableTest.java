package dev.slackline.mcp.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.access.Policy;
import dev.slackline.slack.simulator.SlackSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documentation names every tool. */
class ToolTableTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "mcp-tools.md");
    private static final String START = "<!-- tools -->\n";
    private static final String END = "<!-- /tools -->";

    @Test
    void theDocumentationIsTheTools(@TempDir Path folder) throws IOException {
        String written = Files.readString(DOCUMENT);
        String table;
        try (SlackSimulator slack = SlackSimulator.start();
                Agent agent = new Agent(slack, folder, Policy.EVERYTHING)) {
            table = ToolTable.of(agent.catalog().tools());
        }
        String made = written.substring(0, written.indexOf(START) + START.length())
                + table
                + written.substring(written.indexOf(END));
        if (Boolean.getBoolean("slackline.docs.write")) {
            Files.writeString(DOCUMENT, made);
        }

        assertThat(Files.readString(DOCUMENT))
                .as("made by: mvn -pl mcp -am test -Dtest=ToolTableTest -Dsurefire.failIfNoSpecifiedTests=false"
                        + " -Dslackline.docs.write=true")
                .isEqualTo(made);
    }
}
