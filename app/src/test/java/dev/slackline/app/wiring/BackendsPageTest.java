package dev.slackline.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.Backends;
import dev.slackline.queue.Feature;
import dev.slackline.queue.QueueBackendProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What {@code docs/backends.md} says of a backend is what the backend says of itself. */
class BackendsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "backends.md");

    @Test
    void theTableOfFeaturesIsThatOfTheBackends() throws IOException {
        List<List<String>> table = Files.readAllLines(PAGE).stream()
                .dropWhile(Predicate.not("<!-- features: begin -->"::equals))
                .takeWhile(Predicate.not("<!-- features: end -->"::equals))
                .filter(line -> line.startsWith("|"))
                .map(BackendsPageTest::cells)
                .toList();
        assertThat(table.stream().skip(2).map(row -> row.get(0)))
                .containsExactlyElementsOf(
                        Arrays.stream(Feature.values()).map(Feature::meaning).toList());
        for (QueueBackendProvider backend : Backends.installed()) {
            if (backend.getClass().getName().contains(".app.")) {
                continue; // one of these tests
            }
            int column = table.get(0).indexOf("`" + backend.name() + "`");
            assertThat(column).as("column of " + backend.name()).isPositive();
            assertThat(table.stream().skip(2).map(row -> row.get(column)))
                    .as(backend.name())
                    .containsExactlyElementsOf(Arrays.stream(Feature.values())
                            .map(feature -> backend.capabilities().has(feature) ? "yes" : "–")
                            .toList());
        }
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1).split("\\|", -1))
                .map(String::strip)
                .toList();
    }
}
