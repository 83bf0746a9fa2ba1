package dev.slackline.mcp.stdio;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads lines of bounded length. What is longer is thrown away up to its end. */
final class Lines {

    private static final int BUFFER = 64 * 1024;
    /** Stands for a line beyond the bound: as little JSON as that. */
    private static final byte[] TOO_LONG = {'?'};

    private final InputStream in;
    private final int bound;

    Lines(InputStream in, int bound) {
        this.in = new BufferedInputStream(in, BUFFER);
        this.bound = bound;
    }

    /** The next line without its end; null at the end of the stream. A line beyond the bound comes as one that is no JSON. */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        int read = in.read();
        if (read < 0) {
            return null;
        }
        while (read >= 0 && read != '\n') {
            if (line.size() >= bound) {
                tooLong = true;
                line.reset();
            }
            if (!tooLong) {
                line.write(read);
            }
            read = in.read();
        }
        return tooLong ? TOO_LONG : line.toByteArray();
    }
}
