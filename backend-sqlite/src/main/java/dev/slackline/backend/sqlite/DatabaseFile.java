package dev.slackline.backend.sqlite;

import dev.slackline.queue.config.ConfigurationException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** The file itself: made where it is missing, refused where it is not ours, and opened. */
final class DatabaseFile {

    private static final Logger log = LoggerFactory.getLogger(DatabaseFile.class);

    private static final String FOLDER_MODE = "rwx------";
    private static final String FILE_MODE = "rw-------";
    private static final List<String> COMPANIONS = List.of("", "-journal", "-wal", "-shm");
    private static final Duration CREATION = Duration.ofSeconds(5);
    private static final long RETRY_NANOS = Duration.ofMillis(10).toNanos();

    private final Path path;
    private final Failures failures;

    private DatabaseFile(Path path, Failures failures) {
        this.path = path;
        this.failures = failures;
    }

    /** Makes sure that there is a database of ours at the path, and changes nothing that is not. */
    static DatabaseFile prepare(Path path, Failures failures) {
        DatabaseFile file = new DatabaseFile(path, failures);
        try {
            file.prepare();
            return file;
        } catch (IOException e) {
            throw file.notCreated(e);
        } catch (SQLException e) {
            throw failures.connection(
                    "the database cannot be opened: " + failures.describe(e), Failures.retryable(e), e);
        }
    }

    /** Opens a connection, which never creates the file. */
    Database open() throws SQLException {
        Database database = connect(path, "?mode=rw");
        try {
            database.execute(
                    "PRAGMA busy_timeout = " + CREATION.toMillis()); // another process may be opening or closing
            database.execute("PRAGMA synchronous = FULL");
            database.execute("PRAGMA cache_size = -16000"); // 16 MB: with 2 a large file is read again and again
            database.execute("PRAGMA temp_store = MEMORY");
            database.execute("PRAGMA trusted_schema = OFF");
            return database;
        } catch (SQLException e) {
            database.close();
            throw e;
        }
    }

    private void prepare() throws IOException, SQLException {
        Path folder = path.getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(folder, mode(folder.getRoot(), FOLDER_MODE));
        }
        if (Files.isDirectory(path)) {
            throw wrongPath("it is a folder", null);
        }
        if (!Files.exists(path)) {
            create();
        }
        if (isEmpty()) {
            initialise(path);
        }
        if (!Files.isWritable(path)) {
            throw failures.refused("the database file is not writable for this user", null);
        }
    }

    private RuntimeException notCreated(IOException cause) {
        if (cause instanceof AccessDeniedException denied) {
            return wrongPath("this user may not write to " + denied.getFile(), cause);
        }
        if (cause instanceof FileAlreadyExistsException file) {
            return wrongPath(file.getFile() + " is a file, not a folder", cause);
        }
        String why = cause instanceof FileSystemException known && known.getReason() != null
                ? known.getReason() + ": " + known.getFile()
                : String.valueOf(cause.getMessage());
        return failures.refused("the database file or its folder cannot be created: " + why, cause);
    }

    private ConfigurationException wrongPath(String why, @Nullable Throwable cause) {
        ConfigurationException wrong = new ConfigurationException(SqliteSettings.PATH.name() + ": '" + path
                + "' cannot be the database file: " + why + "; name a file that this user may create");
        wrong.initCause(cause);
        return wrong;
    }

    /**
     * Makes the database under another name and links it into place, so that no other process ever sees half of it.
     */
    private void create() throws IOException, SQLException {
        Path made = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID() + ".new");
        try {
            Files.createFile(made, mode(made, FILE_MODE));
            initialise(made);
            Files.createLink(path, made);
            syncFolder();
            log.info("created the database path={}", path);
        } catch (FileAlreadyExistsException e) {
            log.debug("another process created the database first path={}", path);
        } catch (UnsupportedOperationException e) { // a file system without links: made in place, under its lock
            Files.createFile(path, mode(path, FILE_MODE));
        } finally {
            for (String companion : COMPANIONS) {
                Files.deleteIfExists(made.resolveSibling(made.getFileName() + companion));
            }
        }
    }

    private void syncFolder() {
        Path folder = path.getParent();
        if (folder == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            log.debug("the folder cannot be synced on this system path={}", folder, e);
        }
    }

    /**
     * Whether the file is a database that holds nothing yet; throws unless it is that or ours. Reads without a lock, a
     * journal or a trace, and through SQLite: closing a file handle of our own would drop the locks of every connection
     * that this process has to the file.
     */
    private boolean isEmpty() throws SQLException {
        long deadline = System.nanoTime() + CREATION.toNanos();
        while (true) {
            try (Database database = connect(path, "?mode=ro&immutable=1")) {
                return isEmpty(database);
            } catch (SQLException e) {
                if (isWithinCheckpoint(e)) {
                    return isEmptyWithLog();
                }
                boolean beingMade = Files.exists(path.resolveSibling(path.getFileName() + "-journal"));
                if (!beingMade || System.nanoTime() > deadline) {
                    throw failures.refused(
                            "the file is no SQLite database and was left untouched; move it away or set "
                                    + SqliteSettings.PATH.name(),
                            e);
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /**
     * A checkpoint is under way, or was when its process died: the first page may tell of pages that only the
     * write-ahead log has yet, so the file alone looks damaged. The log makes it whole (case 12).
     */
    private boolean isWithinCheckpoint(SQLException e) {
        return Failures.corrupt(e) && Files.exists(path.resolveSibling(path.getFileName() + "-wal"));
    }

    private boolean isEmptyWithLog() throws SQLException {
        try (Database database = connect(path, "?mode=rw")) {
            database.execute("PRAGMA busy_timeout = " + CREATION.toMillis());
            return isEmpty(database);
        }
    }

    private boolean isEmpty(Database database) throws SQLException {
        long application = database.count("PRAGMA application_id");
        long version = database.count("PRAGMA user_version");
        if (application == 0 && version == 0 && database.count("SELECT count(*) FROM sqlite_schema") == 0) {
            return true;
        }
        if (application != Schema.APPLICATION_ID) {
            throw failures.refused(
                    "the file is the database of another program and was left untouched; set "
                            + SqliteSettings.PATH.name(),
                    null);
        }
        if (version > Schema.VERSION) {
            throw failures.refused(
                    "the file has format " + version + " of a newer Slackline, this one knows " + Schema.VERSION
                            + "; it was left untouched: upgrade Slackline, or set " + SqliteSettings.PATH.name(),
                    null);
        }
        return false;
    }

    /** Writes the schema unless another process has; then switches to the write-ahead log, which stays. */
    private void initialise(Path file) throws SQLException {
        try (Database database = connect(file, "?mode=rw")) {
            database.execute("PRAGMA page_size = 8192"); // measured: fewer, larger writes for messages of about 1 kB
            database.execute("PRAGMA busy_timeout = " + CREATION.toMillis());
            database.execute("PRAGMA synchronous = FULL");
            database.execute("BEGIN EXCLUSIVE");
            if (isEmpty(database)) {
                database.execute("PRAGMA application_id = " + Schema.APPLICATION_ID);
                database.execute("PRAGMA user_version = " + Schema.VERSION);
                for (String statement : Schema.STATEMENTS) {
                    database.execute(statement);
                }
            }
            database.execute("COMMIT");
            switchToLog(database);
        }
    }

    /** Others may be doing the same; SQLite does not wait for them here, whatever its busy timeout. */
    private static void switchToLog(Database database) throws SQLException {
        long deadline = System.nanoTime() + CREATION.toNanos();
        while (true) {
            try {
                database.execute("PRAGMA journal_mode = WAL");
                return;
            } catch (SQLException e) {
                if (!Failures.busy(e) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private static Database connect(Path file, String parameters) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setOpenMode(SQLiteOpenMode.NOMUTEX); // one thread at a time uses it, and the driver locks besides
        Properties properties = config.toProperties();
        properties.setProperty("busy_timeout", "0");
        properties.setProperty("jdbc.get_generated_keys", "false"); // costs a query for each insert
        return new Database(JDBC.createConnection("jdbc:sqlite:" + file.toUri() + parameters, properties));
    }

    /** The permissions to create with, where the file system has such. */
    private static FileAttribute<?>[] mode(Path where, String mode) {
        return where.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }
}
