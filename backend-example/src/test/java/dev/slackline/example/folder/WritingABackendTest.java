package dev.slackline.example.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The page that explains this backend shows its real code: after {@code <!-- Entry.java entry -->} comes what lies between
 * {@code // [entry]} and {@code // [/entry]} in that file. {@code -Dslackline.docs.write=true} puts it there.
 */
class WritingABackendTest {

    private static final Path PAGE = Path.of("..", "docs", "writing-a-backend.md");
    private static final Path PACKAGE = Path.of("java", "dev", "slackline", "example", "folder");
    private static final Pattern EXCERPT =
            Pattern.compile("<!-- (\\w+\\.java) (\\w+) -->\\n```java\\n.*?```\\n", Pattern.DOTALL);

    @Test
    void everyExcerptOnThePageIsTheRealCode() throws IOException {
        String page = Files.readString(PAGE);
        String real = EXCERPT.matcher(page).replaceAll(found -> Matcher.quoteReplacement(excerpt(found)));
        if (Boolean.getBoolean("slackline.docs.write")) {
            Files.writeString(PAGE, real);
            return;
        }

        assertThat(EXCERPT.matcher(page).results()).hasSizeGreaterThan(5);
        assertThat(page).isEqualTo(real);
    }

    private static String excerpt(MatchResult found) {
        String file = found.group(1);
        String name = found.group(2);
        try {
            List<String> lines = Files.readAllLines(source(file));
            List<String> marks = lines.stream().map(String::strip).toList();
            int begin = marks.indexOf("// [" + name + "]");
            int end = marks.indexOf("// [/" + name + "]");
            assertThat(begin).as(file + " has the excerpt " + name).isBetween(0, end);
            String code = String.join("\n", lines.subList(begin + 1, end)).stripIndent();
            return "<!-- " + file + " " + name + " -->\n```java\n" + code + "\n```\n";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Path source(String file) {
        return Stream.of("main", "test")
                .map(kind -> Path.of("src", kind).resolve(PACKAGE).resolve(file))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the page shows " + file + ", which is not there"));
    }
}
