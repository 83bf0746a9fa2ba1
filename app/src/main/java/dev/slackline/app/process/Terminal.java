package dev.slackline.app.process;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The standard streams: results go to stdout, everything else to stderr, both in UTF-8. Writing results is thread-safe,
 * and tells when nobody reads any more, which {@link System#out} keeps to itself.
 */
public final class Terminal {

    private static final byte[] NEWLINE = {'\n'};

    private final InputStream in;
    private final OutputStream out;
    private final PrintWriter err;
    private final String terminals;
    private final boolean colour;

    /**
     * Takes the streams of a process.
     *
     * @param terminals which of the file descriptors 0, 1 and 2 are terminals, as a string of their digits
     * @param colour whether colours are welcome on those
     */
    public Terminal(InputStream in, OutputStream out, OutputStream err, String terminals, boolean colour) {
        this.in = in;
        this.out = out;
        this.err = new PrintWriter(err, true, StandardCharsets.UTF_8);
        this.terminals = terminals;
        this.colour = colour;
    }

    /** The streams of this process; the launcher says which are terminals. */
    public static Terminal ofProcess() {
        return new Terminal(
                System.in,
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                System.getProperty("slackline.terminals", ""),
                System.getenv().getOrDefault("NO_COLOR", "").isEmpty());
    }

    /** Writes one line of results and flushes it. Fails when stdout was closed. */
    public synchronized void write(byte[] line) throws IOException {
        byte[] whole = new byte[line.length + NEWLINE.length];
        System.arraycopy(line, 0, whole, 0, line.length);
        whole[line.length] = NEWLINE[0];
        out.write(whole);
        out.flush();
    }

    /**
     * Writes one line of results.
     *
     * @throws ReaderGoneException when nobody reads any more
     * @throws UncheckedIOException when stdout cannot be written for another reason, such as a full disk
     */
    public void result(String line) {
        try {
            write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw ReaderGoneException.isReason(e)
                    ? new ReaderGoneException(e)
                    : new UncheckedIOException("stdout cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /** Says something to people, on stderr. */
    public void say(String line) {
        err.println(line);
    }

    /** Where help goes that was asked for. */
    public PrintWriter out() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    /** Where people are told things. */
    public PrintWriter err() {
        return err;
    }

    /** What is piped in or typed. */
    public InputStream in() {
        return in;
    }

    /** Whether stdin is a terminal. */
    public boolean asksPeople() {
        return terminals.contains("0");
    }

    /** Whether results may be coloured. */
    public boolean colouredResults() {
        return colour && terminals.contains("1");
    }

    /** Whether messages may be coloured. */
    public boolean colouredMessages() {
        return colour && terminals.contains("2");
    }

    /** Asks a yes-or-no question; anything but yes is no. */
    public boolean confirmed(String question) {
        err.print(question + " [y/N] ");
        err.flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        } catch (IOException e) {
            throw new UncheckedIOException("stdin cannot be read", e);
        }
    }
}
