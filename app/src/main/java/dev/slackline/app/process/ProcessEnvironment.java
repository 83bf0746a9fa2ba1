package dev.slackline.app.process;

import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The environment of this process and, behind it, the file {@code .env} of the working folder. */
public final class ProcessEnvironment {

    private ProcessEnvironment() {}

    /**
     * Reads both.
     *
     * @throws ConfigurationException if {@code .env} is there and cannot be read
     */
    public static Env read() {
        return read(System.getenv(), Path.of(".env"));
    }

    static Env read(Map<String, String> environment, Path file) {
        Env given = Env.of(environment);
        return Files.exists(file) ? given.orElse(".env", file(file)) : given;
    }

    /**
     * The values of a file in the form of {@code .env}.
     *
     * @throws ConfigurationException if it cannot be read
     */
    public static Map<String, String> file(Path file) {
        try {
            return DotEnv.parse(file.toString(), Files.readAllLines(file));
        } catch (IOException e) {
            throw new ConfigurationException(
                    file + " cannot be read (" + e.getClass().getSimpleName() + ")");
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()));
        }
    }
}
