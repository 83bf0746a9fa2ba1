package dev.slackline.mcp.slack;

import dev.slackline.mcp.access.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** What is uploaded: a text that the agent gives, or a file from the one folder for that. */
final class Uploads {

    private static final String NO_SUCH_FILE = "There is no such file in the folder for uploads.";

    private Uploads() {}

    static CompletableFuture<byte[]> content(Given given, SlackToolsSettings settings) {
        if (given.has("content") == given.has("path")) {
            throw new RefusedException("Give either content or path.");
        }
        if (given.has("content")) {
            byte[] bytes = given.text("content").getBytes(StandardCharsets.UTF_8);
            requireSize(bytes.length, settings.maxFileSize());
            return CompletableFuture.completedFuture(bytes);
        }
        Path folder = settings.uploadFolder().orElseThrow(() -> new RefusedException(NO_SUCH_FILE));
        return CompletableFuture.supplyAsync(() -> read(folder, given.text("path"), settings.maxFileSize()));
    }

    /** Nothing outside of the folder, wherever links lead; and nothing about what is there. */
    private static byte[] read(Path folder, String path, long max) {
        try {
            Path home = folder.toRealPath();
            Path file = home.resolve(path).toRealPath();
            if (!file.startsWith(home) || !Files.isRegularFile(file)) {
                throw new RefusedException(NO_SUCH_FILE);
            }
            requireSize(Files.size(file), max);
            return Files.readAllBytes(file);
        } catch (IOException | InvalidPathException e) {
            throw new RefusedException(NO_SUCH_FILE);
        }
    }

    private static void requireSize(long size, long max) {
        if (size < 1 || size > max) {
            throw new RefusedException("A file must be of 1 to " + max + " bytes here.");
        }
    }
}
