package dev.slackline.example.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folders of a topic: {@code groups/<name>/waiting}, {@code dead} and {@code history}, and {@code tmp} for what is
 * not complete. Whatever has a name outside {@code tmp} is complete, because it got that name by a rename or a link.
 *
 * @param root the topic
 */
record Folders(Path root) {

    static Folders make(Path root) throws IOException {
        Files.createDirectories(root.resolve("tmp"));
        Files.createDirectories(root.resolve("groups"));
        return new Folders(root);
    }

    /** A path in {@code tmp} that nothing has yet. */
    Path temporary() {
        return root.resolve("tmp").resolve(UUID.randomUUID().toString());
    }

    Path group(String name) {
        return root.resolve("groups").resolve(name);
    }

    List<String> groups() throws IOException {
        return names(root.resolve("groups"));
    }

    void declare(String group) throws IOException {
        Path made = temporary();
        for (String part : List.of("waiting", "dead", "history")) {
            Files.createDirectories(made.resolve(part));
        }
        if (Files.exists(group(group)) || !rename(made, group(group))) {
            delete(made);
        }
    }

    void drop(String group) throws IOException {
        Path dropped = temporary();
        if (rename(group(group), dropped)) {
            delete(dropped);
        }
    }

    /** Renames in one step; false if the source is not there any more, or a folder is there already. */
    static boolean rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException e) {
            if (Files.isDirectory(to)) {
                return false;
            }
            throw e;
        }
    }

    /** Gives a complete file a further name; false if the folder is not there any more. */
    static boolean link(Path file, Path name) throws IOException {
        try {
            Files.createLink(name, file);
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (FileAlreadyExistsException e) {
            return true;
        }
    }

    /** The names in a folder, sorted. */
    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
