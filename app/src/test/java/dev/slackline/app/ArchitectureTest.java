package dev.slackline.app;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The arrows between the modules, and what no file may do or be. */
class ArchitectureTest {

    private static final int MAX_LINES_OF_CODE = 400;
    private static final String SIMULATOR = "dev.slackline.slack.simulator..";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.slackline");

    @Test
    void everyModuleIsLookedAt() {
        assertThat(List.of(
                        "queue",
                        "slack",
                        "slack.simulator",
                        "mcp",
                        "backend.sqlite",
                        "backend.rabbitmq",
                        "backend.postgres",
                        "backend.redis",
                        "backend.nats",
                        "backend.kafka",
                        "app"))
                .allSatisfy(module -> assertThat(CLASSES.containPackage("dev.slackline." + module))
                        .isTrue());
    }

    @Test
    void theQueueKnowsNobody() {
        noClasses()
                .that()
                .resideInAPackage("dev.slackline.queue..")
                .should()
                .dependOnClassesThat(oursOutside("dev.slackline.queue.."))
                .check(CLASSES);
    }

    @Test
    void aBackendKnowsTheQueueAlone() {
        slices().matching("dev.slackline.backend.(*)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.slackline.backend..")
                .should()
                .dependOnClassesThat(oursOutside("dev.slackline.queue..", "dev.slackline.backend.."))
                .check(CLASSES);
    }

    @Test
    void slackKnowsTheQueueAndNoBackend() {
        noClasses()
                .that()
                .resideInAPackage("dev.slackline.slack..")
                .and()
                .resideOutsideOfPackage(SIMULATOR)
                .should()
                .dependOnClassesThat(oursOutside("dev.slackline.slack..", "dev.slackline.queue.."))
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage(SIMULATOR)
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("dev.slackline.queue.memory..")
                .check(CLASSES);
    }

    @Test
    void mcpKnowsSlackAndTheQueueAlone() {
        noClasses()
                .that()
                .resideInAPackage("dev.slackline.mcp..")
                .should()
                .dependOnClassesThat(
                        oursOutside("dev.slackline.mcp..", "dev.slackline.slack..", "dev.slackline.queue.."))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(SIMULATOR, "dev.slackline.queue.memory..")
                .check(CLASSES);
    }

    @Test
    void theSimulatorKnowsNobody() {
        noClasses()
                .that()
                .resideInAPackage(SIMULATOR)
                .should()
                .dependOnClassesThat(oursOutside(SIMULATOR))
                .check(CLASSES);
    }

    @Test
    void theAppNamesNoBackend() {
        noClasses()
                .that()
                .resideInAPackage("dev.slackline.app..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.slackline.backend..", "dev.slackline.queue.memory..")
                .check(CLASSES);
    }

    @Test
    void onlyTheProcessPackageTouchesTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.slackline.app.process..")
                .should(ACCESS_STANDARD_STREAMS)
                .orShould()
                .callMethodWhere(target(owner(resideInAPackage("java.lang")))
                        .and(target(owner(name("java.lang.System"))))
                        .and(target(name("getenv"))))
                .orShould()
                .callMethodWhere(target(owner(name("java.lang.System"))).and(target(name("exit"))))
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.slackline.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        List<String> unmarked = CLASSES.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(javaPackage -> !javaPackage.isAnnotatedWith(NullMarked.class))
                .map(javaPackage -> javaPackage.getName())
                .toList();

        assertThat(unmarked).isEmpty();
    }

    @Test
    void noFileHidesASecondIdea() throws IOException {
        List<String> tooLong = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                long lines = linesOfCode(Files.readAllLines(file));
                if (lines > MAX_LINES_OF_CODE) {
                    tooLong.add(file + " has " + lines);
                }
            }
        }

        assertThat(tooLong)
                .as("files of more than " + MAX_LINES_OF_CODE + " lines of code")
                .isEmpty();
    }

    private static long linesOfCode(List<String> lines) {
        return lines.stream()
                .map(String::strip)
                .filter(line ->
                        !line.isEmpty() && !line.startsWith("//") && !line.startsWith("*") && !line.startsWith("/*"))
                .count();
    }

    private static DescribedPredicate<JavaClass> oursOutside(String... allowed) {
        DescribedPredicate<JavaClass> outside = resideInAPackage("dev.slackline..");
        for (String each : allowed) {
            outside = outside.and(DescribedPredicate.not(resideInAPackage(each)));
        }
        return outside.as("classes of ours outside " + String.join(", ", allowed));
    }
}
