package dev.slackline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a folder of its own, where nothing is built and the programs it finds are these tests'. */
class LauncherIT {

    /** What the launcher may use of a system, beside the programs it is there to find. */
    private static final List<String> PROGRAMS = List.of(
            "sed", "find", "mkdir", "rm", "mv", "cat", "dirname", "readlink", "realpath", "grep", "sleep", "touch");

    private record Result(int exitCode, String output) {}

    @TempDir
    private Path folder = Path.of("");

    @Test
    void anOlderJdkIsRefusedWithItsVersion() throws Exception {
        Path jdk = jdk("11.0.2");

        Result result = launch(Map.of("JAVA_HOME", jdk.toString()), launcher(), "--help");

        assertThat(result.exitCode).isEqualTo(1);
        assertThat(result.output)
                .contains("11.0.2", "JDK 17 or later", "JAVA_HOME")
                .hasLineCount(1);
    }

    @Test
    void aJavaHomeWithoutJavaIsSaid() throws Exception {
        Result result = launch(Map.of("JAVA_HOME", folder.toString()), launcher(), "--help");

        assertThat(result.exitCode).isEqualTo(1);
        assertThat(result.output).contains("JAVA_HOME is " + folder);
    }

    @Test
    void aMissingMavenIsSaidWhenItIsNeeded() throws Exception {
        Result result = launch(Map.of("JAVA_HOME", jdk("17.0.1").toString()), launcher(), "--help");

        assertThat(result.exitCode).isEqualTo(1);
        assertThat(result.output).contains("Maven", "mvn");
    }

    @Test
    void aFailedBuildShowsItsOutput() throws Exception {
        script(folder.resolve("bin/mvn"), "echo 'the compiler is unhappy'; exit 1");

        Result result = launch(Map.of("JAVA_HOME", jdk("17.0.1").toString()), launcher(), "--help");

        assertThat(result.exitCode).isEqualTo(1);
        assertThat(result.output).contains("building…", "the compiler is unhappy", "the build failed");
    }

    /** It would say it on stdout, among the results. */
    @Test
    void theJvmHasNothingToSayAboutItsOptions() throws Exception {
        Path launcher = launcher();
        script(
                folder.resolve("bin/mvn"),
                "mkdir -p " + folder + "/app/target/lib; touch " + folder + "/app/target/slackline-app.jar");
        String said = launch(Map.of("JAVA_HOME", jdk("17.0.1").toString()), launcher, "groups").output;
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        said.substring(said.lastIndexOf("\n", said.length() - 2) + 1)
                .lines()
                .flatMap(line -> Stream.of(line.split(" ")))
                .filter(option -> option.startsWith("-X"))
                .forEach(command::add);
        command.add("--version");
        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(command).hasSizeGreaterThan(4);
        assertThat(java.waitFor()).isZero();
        assertThat(output).isNotBlank().doesNotContain("warning");
    }

    @Test
    void buildsOnceAndAgainWhenASourceIsNewerAndRunsThroughALink() throws Exception {
        Path launcher = launcher();
        script(
                folder.resolve("bin/mvn"),
                "mkdir -p " + folder + "/app/target/lib; touch " + folder + "/app/target/slackline-app.jar " + folder
                        + "/app/target/lib/b.jar; echo built >> " + folder + "/builds");
        Path link = Files.createSymbolicLink(folder.resolve("bin/link"), launcher);
        Map<String, String> environment =
                Map.of("JAVA_HOME", jdk("17.0.1").toString(), "SLACKLINE_CLASSPATH", "/opt/mine.jar");

        Result first = launch(environment, link, "groups", "--json", "a b");
        Result second = launch(environment, link, "groups");
        Path source = folder.resolve("queue/src/main/New.java");
        Files.createDirectories(source.getParent());
        Files.setLastModifiedTime(
                Files.writeString(source, "class New {}"),
                FileTime.from(Instant.now().plusSeconds(5)));
        Result third = launch(environment, link, "groups");

        assertThat(first.exitCode).isZero();
        assertThat(first.output)
                .contains("building…")
                .endsWith("-cp " + folder.toRealPath() + "/app/target/slackline-app.jar:" + folder.toRealPath()
                        + "/app/target/lib/b.jar:/opt/mine.jar dev.slackline.app.Main groups --json a b\n");
        assertThat(second.output).doesNotContain("building…");
        assertThat(third.output).contains("building…");
        assertThat(Files.readAllLines(folder.resolve("builds"))).hasSize(2);
    }

    private Path launcher() throws IOException {
        Path copy = folder.resolve("slackline");
        Files.copy(Path.of("..", "slackline"), copy);
        Files.writeString(folder.resolve("pom.xml"), "<project/>");
        Files.createDirectories(folder.resolve("bin"));
        return copy;
    }

    /** A JDK that only tells what it was asked to run. */
    private Path jdk(String version) throws IOException {
        Path jdk = folder.resolve("jdk-" + version);
        script(jdk.resolve("bin/java"), "echo \"$@\"");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    private static void script(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs it from another folder, with the programs of a bare system and those in {@code bin}. */
    private Result launch(Map<String, String> environment, Path launcher, String... args) throws Exception {
        Path system = Files.createDirectories(folder.resolve("system"));
        for (String program : PROGRAMS) {
            script(system.resolve(program), "exec " + real(program) + " \"$@\"");
        }
        String[] command = new String[args.length + 2];
        command[0] = real("bash").toString();
        command[1] = launcher.toString();
        System.arraycopy(args, 0, command, 2, args.length);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Files.createDirectories(folder.resolve("elsewhere")).toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", folder.resolve("bin") + ":" + system);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    private static Path real(String program) {
        Path usual = Path.of("/usr/bin", program);
        return Files.exists(usual) ? usual : Path.of("/bin", program);
    }
}
