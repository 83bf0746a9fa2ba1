package dev.slackline.app;

import dev.slackline.app.process.Shutdown;
import dev.slackline.app.process.Terminal;
import dev.slackline.queue.config.Env;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands as a process does, inside this one, on a SQLite file of its own. */
final class InProcess {

    private final Map<String, String> environment = new HashMap<>();

    InProcess(Path folder) {
        environment.put("SQLITE_PATH", folder.resolve("queue.db").toString());
        environment.put("QUEUE_RETRY_BACKOFF", "10ms");
    }

    /** What a command left behind. */
    record Result(int exitCode, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    InProcess with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Result run(String... args) {
        return runOn("", args);
    }

    Result runOn(String stdin, String... args) {
        return runAt("", stdin, args);
    }

    /** As one whose stdin is a terminal. */
    Result runByAPerson(String typed, String... args) {
        return runAt("0", typed, args);
    }

    private Result runAt(String terminals, String stdin, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayInputStream in = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
        Terminal terminal = new Terminal(in, out, err, terminals, true);
        Env env = Env.of(environment);
        int exitCode = Main.commandLine(new Context(() -> env, terminal, new Shutdown()))
                .execute(args);
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
