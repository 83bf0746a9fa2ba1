package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documentation names every tool. */
class ToolTableTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "mcp-tools.md");
    private static final String START = "<!-- made by: ./slackline mcp --tools-markdown -->\n";
    private static final String END = "<!-- /tools -->";

    @Test
    void theDocumentationOfTheToolsIsTheTools(@TempDir Path folder) throws IOException {
        InProcess.Result result = new InProcess(folder).run("mcp", "--tools-markdown");
        String written = Files.readString(DOCUMENT);

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("| `slack_upload_file` | adds |", "| `events_claim` |");
        assertThat(written.substring(written.indexOf(START) + START.length(), written.indexOf(END)))
                .as("what stands between the marks is made by: ./slackline mcp --tools-markdown")
                .isEqualTo(result.out());
    }
}
