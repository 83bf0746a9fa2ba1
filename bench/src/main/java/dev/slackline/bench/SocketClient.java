package dev.slackline.bench;

import com.slack.api.Slack;
import com.slack.api.SlackConfig;
import com.slack.api.meta.SlackApiClientLibraryVersion;
import com.slack.api.socket_mode.SocketModeClient;
import dev.slackline.slack.simulator.SlackSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client of Socket Mode as its documentation starts it. */
interface SocketClient {

    /** Its name and version. */
    String name();

    /** How many connections it keeps. */
    int connections();

    /** Starts it against a simulated Slack. */
    AutoCloseable start(SlackSimulator slack) throws Exception;

    /** All that are compared, Slackline first. */
    static List<SocketClient> all() {
        return List.of(new Slackline(), new NodeSdk(), new JavaSdk());
    }

    /** {@code ./slackline serve}, on SQLite. */
    record Slackline() implements SocketClient {

        @Override
        public String name() {
            return "Slackline";
        }

        @Override
        public int connections() {
            return SocketBench.SOCKETS;
        }

        @Override
        public AutoCloseable start(SlackSimulator slack) throws IOException {
            TemporaryFolder folder = new TemporaryFolder();
            ServerProcess serve =
                    SocketBench.serve(folder.file("socket.db"), slack.apiUrl().toString(), slack.appToken());
            return () -> {
                serve.close();
                folder.close();
            };
        }
    }

    /** {@code @slack/socket-mode}, in the version that the tests of the simulator run. */
    record NodeSdk() implements SocketClient {

        private static final Pattern VERSION = Pattern.compile("\"version\": *\"([^\"]+)\"");

        private static Path programs() {
            return Machine.home().resolve(Path.of("slack-simulator", "src", "test", "node"));
        }

        @Override
        public String name() {
            Path manifest = programs().resolve(Path.of("node_modules", "@slack", "socket-mode", "package.json"));
            try {
                Matcher version = VERSION.matcher(Files.readString(manifest));
                return "@slack/socket-mode " + (version.find() ? version.group(1) : "");
            } catch (IOException e) {
                return "@slack/socket-mode";
            }
        }

        @Override
        public int connections() {
            return 1;
        }

        @Override
        public AutoCloseable start(SlackSimulator slack) throws IOException, InterruptedException {
            if (!Files.isDirectory(programs().resolve("node_modules"))) {
                install();
            }
            ProcessBuilder builder = program("node", "socket-mode.js");
            builder.environment().put("SLACK_API_URL", slack.apiUrl().toString());
            builder.environment().put("SLACK_BOT_TOKEN", slack.botToken());
            builder.environment().put("SLACK_APP_TOKEN", slack.appToken());
            builder.environment().put("SLACK_SIGNING_SECRET", slack.signingSecret());
            Process process = builder.start();
            return () -> {
                process.destroyForcibly().waitFor();
            };
        }

        private static void install() throws IOException, InterruptedException {
            Process npm = program("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                    .start();
            if (!npm.waitFor(2, TimeUnit.MINUTES) || npm.exitValue() != 0) {
                npm.destroyForcibly();
                throw new IOException("npm could not install Slack's SDKs");
            }
        }

        private static ProcessBuilder program(String... command) {
            return new ProcessBuilder(command)
                    .directory(programs().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        }
    }

    /** Slack's SDK for Java, on Tyrus. */
    record JavaSdk() implements SocketClient {

        @Override
        public String name() {
            return "Java SDK " + SlackApiClientLibraryVersion.get();
        }

        @Override
        public int connections() {
            return 1;
        }

        @Override
        public AutoCloseable start(SlackSimulator slack) throws IOException {
            SlackConfig config = new SlackConfig();
            config.setMethodsEndpointUrlPrefix(slack.apiUrl().toString());
            SocketModeClient client =
                    Slack.getInstance(config).socketMode(slack.appToken(), SocketModeClient.Backend.Tyrus);
            client.connect();
            return client;
        }
    }
}
