package dev.slackline.queue.testkit.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who runs a server that refuses to be run by root: the account that its package made, where the tests are root, else
 * whoever runs them.
 *
 * @param name the account; empty for the one that we are
 */
record Account(String name) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The account of this name where we are root. */
    static Account unlessRoot(String name) {
        return new Account("root".equals(System.getProperty("user.name")) ? name : "");
    }

    /** The command by which that account runs this one, in the same process. */
    List<String> running(List<String> command) {
        List<String> all = new ArrayList<>();
        if (!name.isEmpty()) {
            all.addAll(List.of("setpriv", "--reuid=" + name, "--regid=" + name, "--init-groups", "--"));
        }
        all.addAll(command);
        return all;
    }

    /** Runs it to its end. */
    String run(Path program, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        List<String> all = running(command);
        return new Program(Program.find(all.get(0), "").map(Program::path).orElse(Path.of(all.get(0))))
                .run(Map.of(), PATIENCE, all.subList(1, all.size()));
    }

    /** Gives it a folder with all that is in it, and the way there. */
    void own(Path folder) {
        if (name.isEmpty()) {
            return;
        }
        new Program(Path.of("/bin/chown")).run(Map.of(), PATIENCE, List.of("-R", name, folder.toString()));
        Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        for (Path above = folder.toAbsolutePath().getParent();
                above != null && above.startsWith(temporary) && !above.equals(temporary);
                above = above.getParent()) {
            letThrough(above);
        }
    }

    private static void letThrough(Path folder) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
            if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
                Files.setPosixFilePermissions(folder, permissions);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("nobody else can be let through " + folder, e);
        }
    }
}
