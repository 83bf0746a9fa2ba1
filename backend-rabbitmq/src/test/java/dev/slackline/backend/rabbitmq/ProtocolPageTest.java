package dev.slackline.backend.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.QueueSettings;
import dev.slackline.queue.config.Setting;
import dev.slackline.queue.testkit.Catalogue;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/queue-backend-protocol.md} names is there: types, members, tests, cases and variables. */
class ProtocolPageTest {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern JAVA = Pattern.compile("([A-Z]\\w*[a-z]\\w*(?:\\.\\w+)*)(?:\\(.*\\))?");
    private static final Pattern CASES = Pattern.compile("\\bcases? (\\d+(?:(?:, | and )\\d+)*)");
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern VARIABLE = Pattern.compile("\\b(?:MQ|QUEUE)_[A-Z_]+\\b");
    private static final Pattern TEST = Pattern.compile("\\w+(?:Test|IT)");

    private static final List<String> PACKAGES = List.of(
            "dev.slackline.queue",
            "dev.slackline.queue.config",
            "dev.slackline.queue.spi",
            "dev.slackline.queue.testkit",
            "dev.slackline.backend.rabbitmq",
            "java.lang",
            "java.util",
            "java.util.concurrent",
            "org.jspecify.annotations");

    private final String page = read();

    @Test
    void everyTypeAndMemberItNamesIsOnTheClassPath() {
        Set<String> named = names().filter(name -> !isTest(name)).collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).contains("QueueBackend.publish", "Queue.fromEnv", "Flow.Publisher");
        assertThat(named).allSatisfy(name -> assertThat(exists(name)).as(name).isTrue());
    }

    @Test
    void everyTestItNamesIsInTheSources() throws IOException {
        Map<String, String> sources = testSources();
        Set<String> named = names().filter(ProtocolPageTest::isTest).collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).contains("ProtocolTest.aGroupHasTheQueueThatTheProtocolNames");
        assertThat(named).allSatisfy(name -> {
            String[] parts = name.split("\\.", -1);
            assertThat(sources).containsKey(parts[0]);
            if (parts.length > 1) {
                assertThat(sources.get(parts[0])).as(name).containsPattern("void " + parts[1] + "\\(");
            }
        });
    }

    @Test
    void everyCaseItNamesIsInTheCatalogue() {
        Set<Integer> named = CASES.matcher(page)
                .results()
                .flatMap(list -> NUMBER.matcher(list.group(1)).results())
                .map(number -> Integer.valueOf(number.group()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).hasSizeGreaterThan(20);
        assertThat(Catalogue.all()).extracting(Catalogue.Entry::id).containsAll(named);
    }

    @Test
    void everyVariableItNamesIsDeclaredAndThoseOfTheProtocolAreThere() {
        Set<String> declared = Stream.concat(QueueSettings.ALL.stream(), RabbitMqSettings.ALL.stream())
                .map(Setting::name)
                .collect(Collectors.toSet());
        Set<String> named = VARIABLE.matcher(page)
                .results()
                .map(variable -> variable.group().replaceFirst("_FILE$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named)
                .contains("MQ_HOST", "MQ_PORT", "MQ_USERNAME", "MQ_PASSWORD", "MQ_VHOST", "MQ_EXCHANGE")
                .isSubsetOf(declared);
    }

    /** What stands in code spans and begins like a type; what the document calls its own stands in quotes there. */
    private Stream<String> names() {
        return CODE.matcher(page)
                .results()
                .map(span -> JAVA.matcher(span.group(1)))
                .filter(Matcher::matches)
                .map(java -> java.group(1));
    }

    private static boolean isTest(String name) {
        return TEST.matcher(name.split("\\.", -1)[0]).matches();
    }

    private static boolean exists(String name) {
        String[] parts = name.split("\\.", -1);
        Optional<Class<?>> type = PACKAGES.stream()
                .flatMap(home -> load(home + "." + parts[0]).stream())
                .findFirst();
        for (int i = 1; i < parts.length; i++) {
            if (type.isEmpty()) {
                return false;
            }
            Class<?> owner = type.get();
            String part = parts[i];
            type = load(owner.getName() + "$" + part);
            if (type.isEmpty()) {
                return i == parts.length - 1 && hasMember(owner, part);
            }
        }
        return type.isPresent();
    }

    private static Optional<Class<?>> load(String name) {
        try {
            return Optional.of(Class.forName(name, false, ProtocolPageTest.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    private static boolean hasMember(Class<?> owner, String name) {
        Stream<String> methods = Stream.of(owner.getMethods(), owner.getDeclaredMethods())
                .flatMap(Arrays::stream)
                .map(Method::getName);
        Stream<String> fields = Arrays.stream(owner.getDeclaredFields()).map(Field::getName);
        return Stream.concat(methods, fields).anyMatch(name::equals);
    }

    private static Map<String, String> testSources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> TEST.matcher(simpleName(file)).matches())
                    .collect(Collectors.toMap(ProtocolPageTest::simpleName, ProtocolPageTest::read, String::concat));
        }
    }

    private static String simpleName(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static String read() {
        return read(Path.of("..", "docs", "queue-backend-protocol.md"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
