package dev.slackline.mcp.slack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The names of a workspace in a file that its owner alone may read; replaced as a whole. Blocks. */
final class NamesFile {

    private static final Logger log = LoggerFactory.getLogger(NamesFile.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int VERSION = 1;

    private final Path file;

    NamesFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** What stands in the file. */
    record Content(
            int version,
            String team,
            Listing.Position channelsAt,
            Listing.Position peopleAt,
            List<Names.Channel> channels,
            List<Names.Person> people) {

        static Content of(String team, Listing.Position channelsAt, Listing.Position peopleAt, Names names) {
            return new Content(
                    VERSION, team, channelsAt, peopleAt, List.copyOf(names.channels()), List.copyOf(names.people()));
        }
    }

    /** What was kept of a workspace; empty if nothing that can be used. */
    Optional<Content> read(String team) {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            Content content = JSON.readValue(Files.readAllBytes(file), Content.class);
            return Optional.of(content)
                    .filter(kept -> kept.version() == VERSION && kept.team().equals(team));
        } catch (IOException | JacksonException e) {
            log.warn("The names that were kept cannot be used, and are read anew file={} error={}", file, kind(e));
            return Optional.empty();
        }
    }

    void write(Content content) {
        try {
            Path folder = file.resolveSibling("");
            Files.createDirectories(folder);
            Path fresh = Files.createTempFile(folder, "names-", ".tmp", ownersOnly());
            Files.write(fresh, JSON.writeValueAsBytes(content));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            log.warn("The names cannot be kept, and will be read again file={} error={}", file, kind(e));
        }
    }

    private static String kind(Exception e) {
        return e.getClass().getSimpleName();
    }

    private FileAttribute<?>[] ownersOnly() {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
