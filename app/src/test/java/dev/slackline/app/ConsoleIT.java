package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console as a browser sees it; skipped where there is no Chromium. */
class ConsoleIT {

    private static final List<String> OPTIONS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--dump-dom");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aBrowserShowsTheGroupsAndWhatToDoAboutThem() throws Exception {
        InProcess here = new InProcess(folder).with("QUEUE_MAX_ATTEMPTS", "1");
        here.run("publish", "k", "{}");
        here.run("consume", "--exec", "exit 1", "--max", "1");
        try (SlacklineProcess serve = SlacklineProcess.serve(folder, Map.of("QUEUE_GROUPS", "default,bots"))) {
            String seen = browse("http://127.0.0.1:" + serve.port() + "/");

            assertThat(seen)
                    .contains("<strong class=\"UP\">UP</strong>")
                    .containsPattern("<tbody>.*\\s*<tr><td>bots</td><td class=\"n\">0</td>")
                    .contains("<td class=\"n dead\">1</td>", "slackline dead list --group default");
        }
    }

    private String browse(String url) throws Exception {
        Path chromium = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "chromium"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(chromium != null, "there is no chromium on the PATH");
        List<String> command = Stream.of(
                        Stream.of(chromium + ""),
                        OPTIONS.stream(),
                        Stream.of("--user-data-dir=" + folder.resolve("profile"), url))
                .flatMap(part -> part)
                .toList();
        Path out = folder.resolve("dom.html");
        Process browser = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(browser.waitFor(60, TimeUnit.SECONDS))
                    .as("the browser ends")
                    .isTrue();
        } finally {
            browser.descendants().forEach(ProcessHandle::destroyForcibly);
            browser.destroyForcibly();
        }
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
