package dev.slackline.app;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A headless Chromium with one page, in which a test does what a person would. Skips the test where there is none. */
final class Browser implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("DevTools listening on ws://127\\.0\\.0\\.1:(\\d+)/");
    private static final long PATIENCE_SECONDS = 60;

    private final JsonMapper mapper = JsonMapper.shared();
    private final Process process;
    private final WebSocket socket;
    private final LinkedBlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    private int number;

    private Browser(Process process, String debugger) {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(debugger), new Answers())
                .join();
    }

    static Browser open(Path folder, String url) throws IOException {
        Path chromium = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "chromium"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(chromium != null, "there is no chromium on the PATH");
        Path err = folder.resolve("browser.txt");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        String.valueOf(chromium),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + folder.resolve("profile"),
                        url))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile());
        builder.environment().put("TMPDIR", folder.toString());
        Process process = builder.start();
        try {
            return new Browser(process, debugger(err, url));
        } catch (RuntimeException | Error e) {
            kill(process);
            throw e;
        }
    }

    /** What an expression of JavaScript gives in the page, as text. */
    String evaluate(String expression) throws InterruptedException {
        number++;
        var command = mapper.createObjectNode().put("id", number).put("method", "Runtime.evaluate");
        command.putObject("params").put("expression", "String(" + expression + ")");
        socket.sendText(mapper.writeValueAsString(command), true).join();
        while (true) {
            JsonNode answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                throw new AssertionError("the browser does not answer");
            }
            if (answer.path("id").asInt(0) == number) {
                return answer.at("/result/result/value").asString("");
            }
        }
    }

    /** Waits until an expression is true in the page. */
    void await(String expression) {
        SlacklineProcess.await(expression, () -> {
            try {
                return evaluate(expression).equals("true");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        });
    }

    @Override
    public void close() {
        socket.abort();
        kill(process);
    }

    private static String debugger(Path err, String url) {
        SlacklineProcess.await("the browser is there", () -> port(err) > 0);
        URI pages = URI.create("http://127.0.0.1:" + port(err) + "/json/list");
        AtomicReference<String> found = new AtomicReference<>("");
        SlacklineProcess.await("the browser has opened " + url, () -> {
            String list = HttpClient.newHttpClient()
                    .sendAsync(HttpRequest.newBuilder(pages).build(), HttpResponse.BodyHandlers.ofString())
                    .join()
                    .body();
            for (JsonNode page : JsonMapper.shared().readTree(list)) {
                if (page.path("url").asString("").equals(url)) {
                    found.set(page.path("webSocketDebuggerUrl").asString(""));
                }
            }
            return !found.get().isEmpty();
        });
        return found.get();
    }

    private static int port(Path err) {
        try {
            Matcher found = PORT.matcher(Files.readString(err, StandardCharsets.UTF_8));
            return found.find() ? Integer.parseInt(found.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private final class Answers implements WebSocket.Listener {

        private final StringBuilder part = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                answers.add(mapper.readTree(part.toString()));
                part.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
