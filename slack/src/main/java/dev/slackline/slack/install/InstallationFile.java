package dev.slackline.slack.install;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Installations in one JSON file that its owner alone may read (mode 600). It is replaced as a whole, so that a crash leaves
 * the old one or the new one; a lock beside it keeps processes apart. The tokens in it are not encrypted. Thread-safe.
 */
public final class InstallationFile implements Installations {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** A file lock belongs to the whole process, so its threads need one of their own. */
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final Path file;
    private volatile Content known = new Content(FileTime.fromMillis(0), -1, Map.of());

    /** Takes the file, which is made when something is kept. */
    public InstallationFile(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    /** What was read, and by what one tells whether that is still so. */
    private record Content(FileTime changed, long size, Map<String, Installation> workspaces) {}

    /** What stands in the file. */
    private record Stored(int version, Map<String, Installation> workspaces) {}

    @Override
    public Optional<Installation> find(String team) {
        return Optional.ofNullable(read().get(team));
    }

    @Override
    public Set<String> teams() {
        return Set.copyOf(read().keySet());
    }

    @Override
    public void save(Installation installation) {
        change(installation.team(), old -> Optional.of(installation));
    }

    @Override
    public void change(String team, UnaryOperator<Optional<Installation>> change) {
        locked("", () -> {
            Map<String, Installation> all = new TreeMap<>(read());
            Optional<Installation> old = Optional.ofNullable(all.get(team));
            Optional<Installation> changed = change.apply(old);
            if (!changed.equals(old)) {
                changed.ifPresentOrElse(now -> all.put(team, now), () -> all.remove(team));
                write(all);
            }
            return changed;
        });
    }

    @Override
    public <T> T alone(String team, Supplier<T> work) {
        return locked("." + Integer.toHexString(team.hashCode()), work);
    }

    private Map<String, Installation> read() {
        try {
            FileTime changed = Files.getLastModifiedTime(file);
            long size = Files.size(file);
            Content last = known;
            if (!changed.equals(last.changed()) || size != last.size()) {
                last = new Content(changed, size, Map.copyOf(parse(Files.readAllBytes(file))));
                known = last;
            }
            return last.workspaces();
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException e) {
            throw new UncheckedIOException("the tokens cannot be read from " + file, e);
        }
    }

    private Map<String, Installation> parse(byte[] json) {
        try {
            return JSON.readValue(json, Stored.class).workspaces();
        } catch (JacksonException e) { // its text would show what stands there
            throw new IllegalStateException(file + " is no file of installations");
        }
    }

    private void write(Map<String, Installation> workspaces) {
        try {
            Path fresh = Files.createTempFile(folder(), "tokens-", ".tmp", ownersOnly());
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer json = ByteBuffer.wrap(JSON.writeValueAsBytes(new Stored(1, workspaces)));
                while (json.hasRemaining()) {
                    channel.write(json);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            known = new Content(FileTime.fromMillis(0), -1, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException("the tokens cannot be written to " + file, e);
        }
    }

    private <T> T locked(String suffix, Supplier<T> work) {
        Path lockFile = file.resolveSibling(file.getFileName() + suffix + ".lock");
        ReentrantLock threads = LOCKS.computeIfAbsent(lockFile, path -> new ReentrantLock());
        threads.lock();
        try {
            folder();
            try (FileChannel channel = FileChannel.open(
                    lockFile, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownersOnly())) {
                channel.lock(); // until it is closed
                return work.get();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the tokens beside " + lockFile + " cannot be locked", e);
        } finally {
            threads.unlock();
        }
    }

    private Path folder() throws IOException {
        Path folder = file.resolveSibling("");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        return folder;
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
