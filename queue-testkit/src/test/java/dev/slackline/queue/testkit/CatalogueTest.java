package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CatalogueTest {

    @Test
    void everyIdOfTheContractIsInTheCatalogueOnce() {
        assertThat(Catalogue.all())
                .extracting(Catalogue.Entry::id)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 79).boxed().toList());
    }

    @Test
    void everyCaseIsTriedByATest() {
        Set<Integer> tried = tests().flatMapToInt(
                        test -> Arrays.stream(test.getAnnotation(Case.class).value()))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(tried)
                .containsExactlyElementsOf(
                        Catalogue.all().stream().map(Catalogue.Entry::id).toList());
    }

    @Test
    void theCasesThatNeedABrokerAreTheFaults() {
        assertThat(Catalogue.all().stream().filter(Catalogue.Entry::broker).map(Catalogue.Entry::id))
                .containsExactly(7, 13, 65, 66, 67, 68, 69, 72, 75);
    }

    @Test
    void everyTestOfTheKitTakesATrialAndCanBeInherited() {
        assertThat(tests()).isNotEmpty().allSatisfy(test -> {
            assertThat(test.getParameterTypes()).contains(Trial.class);
            assertThat(Modifier.isPrivate(test.getModifiers())).isFalse();
        });
    }

    @Test
    void theDocumentationListsEveryCase() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..", "docs", "compliance.md"));
        assertThat(lines)
                .containsSubsequence(Catalogue.all().stream()
                        .map(entry -> "| " + entry.id() + " | " + entry.title() + " | " + (entry.broker() ? "yes" : "")
                                + " |")
                        .toList());
    }

    private static Stream<Method> tests() {
        return Arrays.stream(QueueBackendCompliance.class.getDeclaredClasses())
                .filter(section -> section.isAnnotationPresent(Nested.class))
                .flatMap(section -> Arrays.stream(section.getSuperclass().getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Case.class));
    }
}
