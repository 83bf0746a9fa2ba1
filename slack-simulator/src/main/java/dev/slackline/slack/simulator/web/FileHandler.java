package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Grant;
import dev.slackline.slack.simulator.state.SharedFile;
import dev.slackline.slack.simulator.state.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** Where the content of files goes and comes from: {@code /upload/…} and {@code /files/…}. */
public final class FileHandler extends Handler.Abstract {

    private static final String UPLOAD = "/upload/";
    private static final String FILES = "/files/";
    private static final String BEARER = "Bearer ";

    private final World world;

    /** Over the files of a world. */
    public FileHandler(World world) {
        this.world = world;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        String path = Request.getPathInContext(request);
        if (path.startsWith(UPLOAD)) {
            byte[] body = BufferUtil.toArray(Content.Source.asByteBuffer(request));
            String type = String.valueOf(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
            byte[] content = Multipart.onlyPart(type, body);
            boolean taken = world.files()
                    .bySecret(path.substring(UPLOAD.length()))
                    .map(file -> file.upload(content))
                    .orElse(false);
            byte[] answer = (taken ? "OK - " + content.length : "error").getBytes(StandardCharsets.UTF_8);
            write(response, callback, taken ? 200 : 400, answer);
            return true;
        }
        if (path.startsWith(FILES)) {
            Optional<SharedFile> file = permitted(request, path.substring(FILES.length()));
            write(
                    response,
                    callback,
                    file.isPresent() ? 200 : 403,
                    file.map(SharedFile::content).orElse(new byte[0]));
            return true;
        }
        return false;
    }

    private Optional<SharedFile> permitted(Request request, String id) {
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        Grant grant = header == null || !header.startsWith(BEARER)
                ? null
                : world.grants().find(header.substring(BEARER.length()));
        return grant == null ? Optional.empty() : world.files().find(grant.workspace(), id);
    }

    private static void write(Response response, Callback callback, int status, byte[] body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/octet-stream");
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
